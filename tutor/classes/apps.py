from django.apps import AppConfig


class ClassesConfig(AppConfig):
    name = "tutor.classes"
    label = "classes"
