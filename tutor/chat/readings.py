"""How a reply is read aloud, word by word, for whoever taps for it: furigana and Latin letters."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tutor import policy
from tutor.accounts.services import signed_in
from tutor.dialogue import spoken_lines


@login_required
@require_safe
def readings(request: HttpRequest, reply: UUID) -> HttpResponse:
    """A piece of the page. Where nobody wrote readings, it says so."""
    own = policy.own_replies(signed_in(request.user)).select_related("turn__conversation")
    found = get_object_or_404(own, public_id=reply)
    language = found.turn.conversation.language
    return render(request, "chat/readings.html", {"lines": spoken_lines(found.text, language), "language": language})
