from django.urls import path

from tutor.review import views

urlpatterns = [
    path("", views.queue, name="review"),
    path("search/", views.search, name="review-search"),
    path("<uuid:conversation>/", views.conversation, name="review-conversation"),
    path("reports/<uuid:report>/seen/", views.seen, name="report-seen"),
]
