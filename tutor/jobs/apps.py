from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "tutor.jobs"
    label = "jobs"
