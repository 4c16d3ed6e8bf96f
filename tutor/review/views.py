"""Reading along: the queue, one conversation, "seen" for what a student reported. Nothing writes into a talk."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tutor import policy
from tutor.accounts.services import signed_in
from tutor.languages import language_name
from tutor.review import presenters, selectors, services
from tutor.review.filters import QueueFilter, before
from tutor.searches import keep_search, kept_search


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    person, wanted = signed_in(request.user), QueueFilter.of(request.GET, kept_search(request, "review"))
    if not policy.teaches(person):
        raise Http404
    page = presenters.queue_page(person, wanted, request)
    context = {"page": page, "wanted": wanted, **presenters.choices(person)}
    return render(request, "review/queue.html", context)


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Narrow the queue down. The address says how, except for words of a title, which may be a learner's own."""
    if not policy.teaches(signed_in(request.user)):
        raise Http404
    wanted = QueueFilter.of(request.POST, keep_search(request, "review"))
    return redirect(f"{reverse('review')}?{wanted.query}" if wanted.anything else "review")


@login_required
@require_safe
def conversation(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Note that it is opened, then show it: the student sees who opened it, and when."""
    person, wanted = signed_in(request.user), QueueFilter.of(request.GET, kept_search(request, "review"))
    found = selectors.find(person, conversation)
    if found is None:
        raise Http404
    if request.method == "GET":
        services.note_opening(found, person, goes_on="before" in request.GET or "seen" in request.GET)
    turns, more = presenters.transcript(person, found, before(request.GET))
    messages, took = selectors.span(policy.readable_turns(person, found))
    context = {
        "conversation": found,
        "language": language_name(found.language),
        "steers": selectors.find_steered(person, conversation) is not None,
        "turns": turns,
        "goals": presenters.goals(person, found),
        "report": presenters.report(person, found),
        "more": more,
        "deeper": before(request.GET) is not None,
        "turns_a_page": presenters.TURNS_A_PAGE,
        "later": turns[-1].turn.ordinal + 1 + presenters.TURNS_A_PAGE if turns else 0,
        "messages_sent": messages,
        "minutes": round(took.total_seconds() / 60),
        "page": presenters.queue_page(person, wanted, request),
        "wanted": wanted,
    }
    return render(request, "review/conversation.html", context)


@login_required
@require_POST
def seen(request: HttpRequest, report: UUID) -> HttpResponse:
    person = signed_in(request.user)
    found = selectors.find_report(person, report)
    if found is None:
        raise Http404
    services.mark_seen(found, person)
    address = reverse("review-conversation", args=[found.conversation.public_id])
    return redirect(f"{address}?seen=1#turn-{found.reply.turn.ordinal}")
