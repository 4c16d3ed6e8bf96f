"""Another model for a talk, by whoever learns in it: one of those that can hold such a talk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tutor import policy
from tutor.accounts.services import signed_in
from tutor.conversations import services
from tutor.llm.selection import able_model, able_models


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def other_model(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """The models to choose from, or the one that was chosen; it reads the talk with the next message."""
    found = get_object_or_404(policy.own(signed_in(request.user)), public_id=conversation)
    if request.method != "POST":
        able = able_models(guided=found.guided)
        return render(request, "chat/model.html", {"conversation": found, "able": able})
    chosen = able_model(request.POST.get("model", ""), request.POST.get("host", ""), guided=found.guided)
    if chosen is None:
        messages.error(request, _("This model is not there any more. Please choose again."))
        return redirect("conversation-model", conversation)
    services.use_model(found, chosen.host_pk, chosen.model)
    return redirect("conversation", conversation)
