from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tutor.console"
    label = "console"
