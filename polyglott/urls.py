"""The doors and where they lead. Every route here has a row in the permission matrix."""

from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from polyglott.health import healthz

handler500 = "polyglott.faults.fault"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("jsi18n/", JavaScriptCatalog.as_view(domain="djangojs", packages=["polyglott"]), name="javascript-catalog"),
    path("", include("tutor.welcome.urls")),
    path("talk/", include("tutor.chat.urls")),
    path("you/", include("tutor.profile.urls")),
    path("review/", include("tutor.review.urls")),
    path("classes/", include("tutor.classes.urls")),
    path("console/", include("tutor.console.urls")),
]
