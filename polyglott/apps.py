from django.apps import AppConfig


class PolyglottConfig(AppConfig):
    name = "polyglott"
