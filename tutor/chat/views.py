"""The pages of the talk. Each view translates and calls once; who may see what is asked of ``policy``."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tutor import policy
from tutor.accounts.services import signed_in
from tutor.chat import page
from tutor.chat.beginning import begin
from tutor.chat.commands import SignedOutError, carry_out
from tutor.chat.forms import BeginForm, TitleForm
from tutor.chat.messages import sentence
from tutor.chat.parsing import NotUnderstoodError, parse_command
from tutor.chat.protocol import Frame, Refused
from tutor.chat.scenario_cards import scenario_card, scenario_cards
from tutor.classrooms.selectors import find_study, student_memberships, studies_of
from tutor.conversations import erasing, services, store
from tutor.conversations.goals import goal_rows
from tutor.dialogue import UnknownScenario
from tutor.live.supervisor import go_on_soon, stop_soon, supervisor
from tutor.llm.selection import answers_elsewhere, current_model, leaves_house, stays_in_house
from tutor.searches import MARK, keep_search, kept_search


@login_required
@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """Choose a language and a way of talking; the rail lists what there is."""
    person = signed_in(request.user)
    studies = list(studies_of(person))
    wanted = request.GET.get("study", "")
    study = next((one for one in studies if str(one.public_id) == wanted), studies[0] if studies else None)
    answer = current_model()
    cards = scenario_cards(study, guided_only=answer.guided) if study else []
    places, private = page.places(person)
    context = page.rail(person) | {
        "studies": [(one, page.language_words(one.language)) for one in studies],
        "study": study,
        "language": page.language_words(study.language) if study else None,
        "scenarios": cards,
        "can_begin": any(not card.obstacle for card in cards),
        "answer": answer,
        "elsewhere": answers_elsewhere(answer),
        "stays_in_house": study is None and stays_in_house(),
        "places": places,
        "private": private,
        "client_id": uuid4(),
        **_just_deleted(request),
    }
    return render(request, "chat/talk.html", context)


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Show the conversations whose titles have these words. Titles are the learner's: they stay out of addresses."""
    return redirect(f"{reverse('conversations')}?{MARK}=1" if keep_search(request, "talk") else "conversations")


@login_required
@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    """All of them, or those with what was searched for in their titles."""
    person = signed_in(request.user)
    context = page.rail(person) | page.conversations(person, kept_search(request, "talk"), request)
    return render(request, "chat/conversations.html", context)


def _just_deleted(request: HttpRequest) -> dict[str, object]:
    """The conversation whose deletion can still be undone, and for how many seconds."""
    try:
        wanted = UUID(request.GET.get("deleted", ""))
    except ValueError:
        return {}
    found = policy.own_deleted(signed_in(request.user)).filter(public_id=wanted).first()
    undo_s = erasing.undo_seconds(found) if found else 0
    return {"deleted": found, "undo_s": undo_s} if undo_s > 0 else {}


@login_required
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin a conversation. The same form sent twice begins one."""
    person = signed_in(request.user)
    form = BeginForm(request.POST)
    study = find_study(person, form.cleaned_data["study"]) if form.is_valid() else None
    if study is None:
        messages.error(request, _("That could not be begun. Please choose again."))
        return redirect("talk")
    membership = student_memberships(person).filter(public_id=form.cleaned_data["place"]).first()
    if membership is None and not page.places(person)[1]:
        membership = student_memberships(person).first()
    try:
        begun = begin(
            person,
            client_id=form.cleaned_data["client_id"],
            study=study,
            style=form.cleaned_data["style"],
            membership=membership,
        )
    except UnknownScenario:
        messages.error(request, _("Another model answers now, with other ways of talking. Please choose again."))
        return redirect("talk")
    return redirect("conversation", begun.public_id)


@login_required
@require_safe
def conversation(request: HttpRequest, conversation: UUID) -> HttpResponse:
    person = signed_in(request.user)
    own = policy.own(person).select_related("host", "membership__classroom", "study")
    found = get_object_or_404(own, public_id=conversation)
    progress = store.progress_of(found)
    shown, more = page.turns(person, found, _before(request))
    context = page.rail(person, current=found.public_id) | {
        "conversation": found,
        "turns": shown,
        "more": more,
        "language": page.language_words(found.language),
        "scenario": scenario_card(found.style),
        "corrections": page.corrections_in(found),
        "goals": goal_rows(found, progress.met),
        "end": page.end_of(progress),
        "again": page.again(found),
        "client_id": uuid4(),
        "where": page.where_it_runs(found),
        "elsewhere": leaves_house(found.host, found.model),
        "readers": page.readers_in(found.membership),
        **page.readings(found),
        "time_scale": settings.TIME_SCALE,
        "undo_s": settings.UNDO_S,
        "draft_secret": page.draft_secret(person),
    }
    return render(request, "chat/conversation.html", context)


@login_required
@require_safe
def earlier(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """The turns before an ordinal, as a piece of the page."""
    person = signed_in(request.user)
    found = get_object_or_404(policy.own(person), public_id=conversation)
    shown, more = page.turns(person, found, _before(request))
    return render(request, "chat/turns.html", {"conversation": found, "turns": shown, "more": more})


def _before(request: HttpRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 10 else None


@login_required
@require_POST
def rename(request: HttpRequest, conversation: UUID) -> HttpResponse:
    found = get_object_or_404(policy.own(signed_in(request.user)), public_id=conversation)
    form = TitleForm(request.POST)
    if form.is_valid():
        services.rename(found, form.cleaned_data["title"])
    else:
        messages.error(request, _("A title has between 1 and 120 characters."))
    return redirect("conversation", conversation)


@login_required
@require_POST
def delete(request: HttpRequest, conversation: UUID) -> HttpResponse:
    erasing.delete(get_object_or_404(policy.own(signed_in(request.user)), public_id=conversation))
    stop_soon(conversation)
    return redirect(f"{reverse('talk')}?deleted={conversation}")


@login_required
@require_POST
def undo(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Take a deletion back. After the time for undoing nothing is left to take back: not found."""
    if not erasing.undo_delete(policy.own_deleted(signed_in(request.user)).filter(public_id=conversation)):
        raise Http404
    go_on_soon(conversation)
    return redirect("conversation", conversation)


@login_required
@require_POST
def report(request: HttpRequest, reply: UUID) -> HttpResponse:
    """Refused where nobody would see it: what is promised of a report has to happen."""
    found = get_object_or_404(policy.own_replies(signed_in(request.user)), public_id=reply)
    if not policy.is_looked_at(found):
        nobody = _("Nobody would see this report. If something worries you, please show it to somebody you trust.")
        return JsonResponse({"message": nobody}, status=409)
    services.report(found)
    return JsonResponse({"message": _("Reported. Thank you.")})


@require_POST
async def commands(request: HttpRequest) -> HttpResponse:
    """The second door: the same commands as the socket's, for where no socket gets through."""
    try:
        frames = await _answered(request)
    except SignedOutError:
        return JsonResponse({"frames": []}, status=401)
    return JsonResponse({"frames": [frame.model_dump(mode="json") for frame in frames]})


async def _answered(request: HttpRequest) -> list[Frame]:
    try:
        command = parse_command(request.body.decode("utf-8", "replace"))
    except NotUnderstoodError as fault:
        return [Refused(code=fault.code, message=sentence(fault.code), client_id=fault.client_id)]
    return await carry_out(request.session.session_key or "", command, supervisor())
