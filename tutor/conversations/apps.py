from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "tutor.conversations"
    label = "conversations"
