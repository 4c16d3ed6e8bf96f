from django.apps import AppConfig


class CheckersConfig(AppConfig):
    name = "tutor.checkers"
    label = "checkers"

    def ready(self) -> None:
        import tutor.checkers.languagetool_job  # noqa: F401 - makes this kind of job known
