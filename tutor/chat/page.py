"""What the pages of the talk show, gathered with few questions to the database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tutor import policy
from tutor.accounts.models import User
from tutor.chat.presenters import turn_view
from tutor.chat.protocol import CardView, TurnView
from tutor.classrooms.models import CorrectionTiming, Membership
from tutor.classrooms.selectors import student_memberships
from tutor.conversations import selectors
from tutor.conversations.models import Conversation
from tutor.conversations.rendering import render
from tutor.dialogue import TalkProgress
from tutor.dialogue.corrections import correction_language
from tutor.languages import autonym, language_name
from tutor.paging import page_of

TURNS_A_PAGE = 40
CONVERSATIONS_A_PAGE = 50
RAIL_LISTED = 50
READINGS_SHOWN = 20


@dataclass(frozen=True)
class Shelf:
    """Conversations of one language and level, newest first."""

    language: str
    own_name: str
    level: str
    conversations: list[Conversation]


@dataclass(frozen=True)
class TurnCard:
    """One turn as a template needs it."""

    view: TurnView
    html: SafeString

    @property
    def help(self) -> list[CardView]:
        """What stands under the learner's message."""
        return [card for card in self.view.cards if card.kind == "help"]

    @property
    def is_checked(self) -> bool:
        """Whether its corrections stand there, or come."""
        return any(card.kind == "correction" for card in self.view.cards)

    @property
    def beside(self) -> list[CardView]:
        """What stands in the margin."""
        return [card for card in self.view.cards if card.kind != "help"]


@dataclass(frozen=True)
class Readers:
    """Who can read, now, what is written in a conversation: nobody else, or the grown-ups of a class or family."""

    private: bool
    place: str = ""
    names: str = ""
    left: bool = False  # it was opened there, and the learner is there no more
    back: bool = False  # or again, by another membership
    closed: bool = False  # and so nothing more can be said in it


def draft_secret(person: User) -> str:
    """The key with which this person's browser seals what they have not sent.

    Only their own pages hold it, so that on a device that others use a draft may outlive the session it was written in.
    """
    return salted_hmac("tutor.chat.drafts", str(person.public_id), algorithm="sha256").hexdigest()


def corrections_in(conversation: Conversation) -> dict[str, str]:
    """When the learner is told of mistakes in this talk, as a code and in words; nothing where nobody looks."""
    if settings.CORRECTIONS == "off" or correction_language(conversation.language) is None:
        return {"timing": "off", "words": ""}
    timing = CorrectionTiming(conversation.study.corrections if conversation.study else CorrectionTiming.LIVE)
    return {"timing": timing.value, "words": str(timing.label)}


def rail(person: User, current: UUID | None = None) -> dict[str, object]:
    """The newest conversations, and whether there are older ones, which stand on pages of their own."""
    newest = list(selectors.conversations_of(person)[: RAIL_LISTED + 1])
    return {
        "shelves": _shelves(newest[:RAIL_LISTED]),
        "older": len(newest) > RAIL_LISTED,
        "current": current,
        "latest_receipt": selectors.latest_receipt(person),
    }


def _shelves(conversations: Sequence[Conversation]) -> list[Shelf]:
    shelves: dict[tuple[str, str], Shelf] = {}
    for one in conversations:
        empty = Shelf(one.language, autonym(one.language), one.level, [])
        shelves.setdefault((one.language, one.level), empty).conversations.append(one)
    return list(shelves.values())


def conversations(person: User, search: str, request: HttpRequest) -> dict[str, object]:
    """A page of all of them, each with the name of its language; of those with the words in their title, if any."""
    page = page_of(selectors.conversations_of(person, search), request, CONVERSATIONS_A_PAGE)
    for one in page.object_list:
        one.own_name = autonym(one.language)
    return {"page": page, "search": search}


def turns(person: User, conversation: Conversation, before: int | None = None) -> tuple[list[TurnCard], bool]:
    """A page of turns, oldest first, and whether there are earlier ones."""
    rows, more = selectors.page(policy.readable_turns(person, conversation), before, TURNS_A_PAGE)
    newest = before is None
    views = [turn_view(turn, last=newest and turn is rows[-1]) for turn in rows]
    return [_turn_card(view) for view in views], more


def _turn_card(view: TurnView) -> TurnCard:
    return TurnCard(view, SafeString(view.reply.html or render(view.reply.text)))


def all_turns(person: User, conversation: Conversation) -> list[TurnCard]:
    """All of them, oldest first, for paper."""
    rows, _more = selectors.page(policy.readable_turns(person, conversation), limit=sys.maxsize - 1)
    return [_turn_card(turn_view(turn)) for turn in rows]


def end_of(progress: TalkProgress) -> str:
    """Why the page offers an end: the talk is over, the learner asked how it went, all goals are reached; else ""."""
    if progress.stage == "over":
        return "over"
    return "asked" if progress.asks_how_it_went else "reached" if progress.stage == "reached" else ""


def again(conversation: Conversation) -> dict[str, str]:
    """What a form says that begins the same talk once more; nothing where the study is gone."""
    if conversation.study is None:
        return {}
    place = str(conversation.membership.public_id) if conversation.membership else ""
    return {"study": str(conversation.study.public_id), "style": conversation.style, "place": place}


def where_it_runs(conversation: Conversation) -> str:
    """In words: on this computer, or the name of the one that it is."""
    host = conversation.host
    if host is None:
        return ""
    if host.kind == "builtin":
        return _("built in, on this computer")
    name = urlsplit(host.base_url).hostname or ""
    local = name in {"", "localhost", "::1"} or name.startswith("127.")
    return _("on the computer of this house") if local else _("on %(computer)s") % {"computer": name}


def readers_in(membership: Membership | None, readers: Iterable[User] | None = None) -> Readers:
    """In words; ``readers`` are those of the membership, where they are known already."""
    if membership is None:
        return Readers(private=True)
    names = ", ".join(reader.shown_name for reader in (policy.readers(membership) if readers is None else readers))
    return Readers(
        private=not names,
        place=membership.classroom.name,
        names=names,
        left=policy.has_left(membership),
        back=policy.has_come_back(membership),
        closed=policy.is_closed(membership),
    )


def readings(conversation: Conversation) -> dict[str, object]:
    """Who opened it last, and how many times somebody did before that."""
    rows = selectors.receipts_of(conversation)
    latest = list(rows[:READINGS_SHOWN])
    earlier = rows.count() - READINGS_SHOWN if len(latest) == READINGS_SHOWN else 0
    return {"readings": latest, "earlier_readings": earlier}


def places(person: User) -> tuple[list[tuple[Membership, Readers]], bool]:
    """Where ``person`` may open a conversation, with its readers; and whether also privately.

    What a child says in a family is open to its parents; everybody else may talk privately as well.
    """
    memberships = list(student_memberships(person))
    in_family = any(membership.classroom.kind == "family" for membership in memberships)
    readers = policy.readers_of_each(memberships)
    return [(one, readers_in(one, readers[one.pk])) for one in memberships], not in_family


def language_words(tag: str) -> dict[str, str]:
    return {"tag": tag, "name": language_name(tag), "own_name": autonym(tag)}
