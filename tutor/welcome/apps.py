from django.apps import AppConfig


class WelcomeConfig(AppConfig):
    name = "tutor.welcome"
    label = "welcome"
