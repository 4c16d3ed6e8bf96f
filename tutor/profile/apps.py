from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "tutor.profile"
    label = "profile"
