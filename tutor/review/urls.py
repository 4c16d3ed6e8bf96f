from django.urls import path

from tutor.review import views
from tutor.review.other_model import other_model

urlpatterns = [
    path("", views.queue, name="review"),
    path("search/", views.search, name="review-search"),
    path("<uuid:conversation>/", views.conversation, name="review-conversation"),
    path("<uuid:conversation>/model/", other_model, name="review-model"),
    path("reports/<uuid:report>/seen/", views.seen, name="report-seen"),
]
