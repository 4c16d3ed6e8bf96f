from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tutor.catalogue"
    label = "catalogue"
