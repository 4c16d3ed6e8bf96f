"""What the tutor says to somebody in distress: the house's own words, by language."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tutor.console.forms import DistressForm
from tutor.console.guards import administrator, administrators_only
from tutor.conversations.distress import distress_texts, save_distress_texts


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def distress(request: HttpRequest) -> HttpResponse:
    """All of them on one page, as they are now."""
    form = DistressForm(request.POST if request.method == "POST" else None, texts=distress_texts())
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/distress.html", {"form": form})
    save_distress_texts(form.texts(), administrator(request))
    messages.success(request, _("Saved."))
    return redirect("console-distress")
