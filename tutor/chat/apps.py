from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "tutor.chat"
    label = "chat"
