from django.apps import AppConfig


class LlmConfig(AppConfig):
    name = "tutor.llm"
    # The name of the tables: it stands in every database, and nobody sees it.
    label = "catalogue"
