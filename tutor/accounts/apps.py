from django.apps import AppConfig

from tutor.database import teach_capitals


class AccountsConfig(AppConfig):
    name = "tutor.accounts"
    label = "accounts"

    def ready(self) -> None:
        teach_capitals()
