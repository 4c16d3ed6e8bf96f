from django.urls import path

from tutor.chat import report, views
from tutor.chat.other_model import other_model
from tutor.chat.readings import readings

urlpatterns = [
    path("", views.talk, name="talk"),
    path("all/", views.conversations, name="conversations"),
    path("new", views.new, name="talk-new"),
    path("search", views.search, name="talk-search"),
    path("commands/", views.commands, name="commands"),
    path("<uuid:conversation>/", views.conversation, name="conversation"),
    path("<uuid:conversation>/earlier", views.earlier, name="conversation-earlier"),
    path("<uuid:conversation>/report/", report.report, name="conversation-report"),
    path("<uuid:conversation>/paper/", report.paper, name="conversation-paper"),
    path("<uuid:conversation>/rename", views.rename, name="conversation-rename"),
    path("<uuid:conversation>/model", other_model, name="conversation-model"),
    path("<uuid:conversation>/delete", views.delete, name="conversation-delete"),
    path("<uuid:conversation>/undo", views.undo, name="conversation-undo"),
    path("replies/<uuid:reply>/readings", readings, name="reply-readings"),
    path("replies/<uuid:reply>/report", views.report, name="reply-report"),
]
