"""The report of a talk, as its learner reads and prints it; and the whole talk on paper."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tutor import policy
from tutor.accounts.models import User
from tutor.accounts.services import signed_in
from tutor.chat import page
from tutor.chat.scenario_cards import scenario_card
from tutor.conversations import talk_reports
from tutor.conversations.models import Conversation
from tutor.conversations.provenance import MadeState
from tutor.conversations.report_page import ReportPage, report_page
from tutor.live.supervisor import report_soon


@login_required
@require_safe
def report(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Where the talk has gone on since, code makes its report anew at once; a bigger model may add to it later."""
    person = signed_in(request.user)
    found = _own(person, conversation)
    context = page.rail(person, current=found.public_id) | {
        "conversation": found,
        "report": report_of(found),
        "language": page.language_words(found.language),
        "readers": page.readers_in(found.membership),
        "again": page.again(found),
        "client_id": uuid4(),
    }
    return render(request, "chat/report_page.html", context)


@login_required
@require_safe
def paper(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """The whole talk, however long, to be printed; with its corrections and its report if that is wished."""
    person = signed_in(request.user)
    found = _own(person, conversation)
    with_report = request.GET.get("report") == "1"
    context = {
        "conversation": found,
        "turns": page.all_turns(person, found),
        "language": page.language_words(found.language),
        "scenario": scenario_card(found.style),
        "report": report_of(found) if with_report else None,
        "with_report": with_report,
        "with_corrections": request.GET.get("corrections", "1") == "1",
    }
    return render(request, "chat/paper.html", context)


def report_of(conversation: Conversation) -> ReportPage:
    """The report as it stands now. Storing it, and what a model may add, is left to this process's supervisor."""
    report = talk_reports.shown(conversation)
    if not report.pk or report.state != MadeState.DONE:
        report_soon(conversation.public_id)
    return report_page(report, talk_reports.own_record(conversation), own=True)


def _own(person: User, conversation: UUID) -> Conversation:
    own = policy.own(person).select_related("study", "membership__classroom")
    return get_object_or_404(own, public_id=conversation)
