from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tutor.audit"
    label = "audit"
