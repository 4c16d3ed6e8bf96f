from django.apps import AppConfig


class LlmConfig(AppConfig):
    name = "tutor.llm"
    # The name of the tables: it stands in every database, and nobody sees it.
    label = "catalogue"

    def ready(self) -> None:
        import tutor.llm.weights_job  # noqa: F401 - makes this kind of job known
