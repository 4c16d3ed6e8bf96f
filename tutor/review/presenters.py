"""Turns and replies as the transcript shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tutor import policy
from tutor.accounts.models import User
from tutor.classrooms.models import Membership
from tutor.conversations.goals import Goals, goal_rows
from tutor.conversations.models import Card, Conversation, Reply, Report, Turn
from tutor.conversations.report_page import ReportPage, report_page
from tutor.conversations.selectors import page as turns_page
from tutor.conversations.store import talk_of
from tutor.conversations.talk_reports import talk_record
from tutor.dialogue import scenario_title, talk_progress
from tutor.languages import language_name
from tutor.paging import page_of
from tutor.review import selectors
from tutor.review.filters import QueueFilter
from tutor.review.notes import Note, marked, notes_of

LISTED = 25
TURNS_A_PAGE = 40


@dataclass(frozen=True)
class ReplyCard:
    """A reply, whether it was reported, and what made it in words: each pair is a name and a figure."""

    row: Reply
    words: str
    cut: bool  # it was (also) written after the student had left; neither that nor its figures are shown
    report: Report | None
    short: str
    figures: Sequence[tuple[str, str]]

    @property
    def waits(self) -> bool:
        """Tell if it was reported, and nobody has seen that yet."""
        return self.report is not None and self.report.seen is None


@dataclass(frozen=True)
class TurnCard:
    turn: Turn
    reply: ReplyCard | None  # none that was asked for in time
    earlier: Sequence[ReplyCard]
    notes: Sequence[Note] = ()
    # The message in pieces, each with how sure the finding is that lies there, "" between them.
    message: Sequence[tuple[str, str]] = ()

    @property
    def earlier_waits(self) -> bool:
        return any(one.waits for one in self.earlier)


def title_of(conversation: Conversation) -> str:
    """Of who has left, the title that the talk began with: another may have been given since."""
    if not policy.has_left(conversation.membership):
        return conversation.title
    return scenario_title(conversation.style, conversation.language, get_language() or "en")


def queue_page(person: User, wanted: QueueFilter, request: HttpRequest) -> Page[Conversation]:
    """The page of the queue that the address asks for."""
    page: Page[Conversation] = page_of(selectors.queue(person, wanted), request, LISTED)
    return page


def choices(person: User) -> dict[str, object]:
    """The students and languages that the queue can be narrowed down to."""
    languages = [(tag, language_name(tag)) for tag in selectors.languages_to_review(person)]
    return {"students": selectors.students_to_review(person), "languages": languages}


def transcript(person: User, conversation: Conversation, before: int | None) -> tuple[list[TurnCard], bool]:
    """A page of turns, oldest first, and whether there are earlier ones that may be read."""
    turns, more = turns_page(policy.readable_turns(person, conversation), before, TURNS_A_PAGE)
    attempts, reports = selectors.attempts(person, turns), selectors.reports_in(person, turns)
    corrections = selectors.corrections_in(person, turns)
    return [
        _turn(turn, conversation.membership, attempts.get(turn.pk, []), reports, corrections.get(turn.pk))
        for turn in turns
    ], more


def report(person: User, conversation: Conversation) -> ReportPage | None:
    """The latest report of a talk that ``person`` may read, as far as it quotes what they may read."""
    found = policy.shared_talk_reports(person).filter(conversation=conversation).first()
    if found is None:
        return None
    found.conversation = conversation
    record = talk_record(
        conversation, policy.readable_turns(person, conversation), selectors.told(person, conversation)
    )
    return report_page(found, record, own=False)


def goals(person: User, conversation: Conversation) -> Goals:
    """The goals, as far as what ``person`` may read has met them."""
    said = selectors.utterances(person, conversation)
    return goal_rows(conversation, talk_progress(talk_of(conversation, said)).met)


def _turn(
    turn: Turn,
    membership: Membership | None,
    attempts: Sequence[Reply],
    reports: Mapping[int, Report],
    correction: Card | None,
) -> TurnCard:
    shown = [_reply(reply, policy.words_in_time(reply, membership), reports.get(reply.pk)) for reply in attempts]
    notes = notes_of(correction, turn, left=policy.has_left(membership)) if correction else []
    return TurnCard(turn, shown[-1] if shown else None, shown[:-1], notes, marked(turn.text, notes))


def _reply(reply: Reply, words: str | None, report: Report | None) -> ReplyCard:
    if words is None or words != reply.text:
        return ReplyCard(reply, words or "", cut=True, report=report, short="", figures=[])
    parts = [reply.model or _("no model"), _seconds(_whole_ms(reply)), _tokens(reply.reply_tokens)]
    short = " · ".join(part for part in parts if part)
    figures = [pair for pair in _figures(reply) if pair[1]]
    return ReplyCard(reply, words, cut=False, report=report, short=short, figures=figures)


def _figures(reply: Reply) -> list[tuple[str, str]]:
    preset = reply.preset_version
    return [
        (_("State"), str(reply.get_state_display())),
        (_("Reason"), reply.error_code),
        (_("Model"), reply.model),
        (_("Preset"), f"{preset.preset.name} · {preset.number}" if preset else ""),
        (_("Prompt"), reply.prompt_version),
        (_("Waited"), _seconds(reply.queued_ms)),
        (_("First word after"), _seconds(reply.first_token_ms)),
        (_("Reading took"), _seconds(reply.prompt_ms)),
        (_("Writing took"), _seconds(reply.writing_ms)),
        (_("Read"), _tokens(reply.prompt_tokens)),
        (_("Written"), _tokens(reply.reply_tokens)),
        (_("Continued"), _times(len(reply.earlier_texts))),
        *((name, str(value)) for name, value in sorted(reply.options.items())),
    ]


def _whole_ms(reply: Reply) -> int | None:
    if reply.first_token_ms is None:
        return None
    return reply.first_token_ms + (reply.writing_ms or 0)


def _seconds(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    return _("%(seconds)s s") % {"seconds": number_format(milliseconds / 1000, 1)}


def _tokens(count: int | None) -> str:
    return "" if count is None else ngettext("%(n)d token", "%(n)d tokens", count) % {"n": count}


def _times(count: int) -> str:
    return ngettext("once", "%(n)d times", count) % {"n": count} if count > 0 else ""
