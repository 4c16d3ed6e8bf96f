"""Another model for a student's talk, by a teacher or parent who reads it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tutor.accounts.services import signed_in
from tutor.conversations.services import use_model
from tutor.llm.selection import able_model, able_models
from tutor.review import selectors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def other_model(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """The models to choose from, or the one that was chosen; it reads the talk with the student's next message."""
    found = selectors.find_steered(signed_in(request.user), conversation)
    if found is None:
        raise Http404
    if request.method != "POST":
        return render(request, "review/model.html", {"conversation": found, "able": able_models(guided=found.guided)})
    chosen = able_model(request.POST.get("model", ""), request.POST.get("host", ""), guided=found.guided)
    if chosen is None:
        messages.error(request, _("This model is not there any more. Please choose again."))
        return redirect("review-model", conversation)
    use_model(found, chosen.host_pk, chosen.model)
    messages.success(request, _("From the next message on, %(model)s answers.") % {"model": chosen.model})
    return redirect(f"{reverse('review-conversation', args=[conversation])}?seen=1")
