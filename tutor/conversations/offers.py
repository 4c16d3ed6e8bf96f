"""What a learner may begin (styles by language, each with a title and a sentence)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tutor.dialogue import UnknownStyle, scenario, styles

_Words = tuple[str | Promise, str | Promise]

_GUIDED: dict[str, _Words] = {
    "acquaintance": (_("Getting to know each other"), _("Say who you are, what you like and what you do.")),
    "weekend": (_("My weekend"), _("Tell what you did, and what you are planning.")),
    "market": (_("At the market"), _("Choose what you need, ask the price, and pay.")),
}
_FREE: dict[str, _Words] = {
    "patient": (_("Patient language tutor"), _("Talk about anything. The tutor waits, helps and goes on asking.")),
    "children": (_("Friendly tutor for children"), _("Short sentences, easy words, and plenty of encouragement.")),
    "market": (_("At the market"), _("A role-play: you buy, the tutor sells.")),
    "restaurant": (_("In a restaurant"), _("A role-play: choose, order, and pay the bill.")),
    "town": (_("Asking the way"), _("A role-play: find your way through a town you do not know.")),
    "free": (pgettext_lazy("style of talk", "Free talk"), _("No plan: begin with whatever is on your mind.")),
}


@dataclass(frozen=True)
class Offer:
    """A way of talking. ``own_title`` is the title in the language that is learned, where somebody wrote one."""

    key: str
    title: str
    sentence: str
    guided: bool
    own_title: str = ""


class Studied(Protocol):
    """What is asked of a study here."""

    language: str


def offers_for(study: Studied, *, guided: bool) -> list[Offer]:
    """The styles of a study, in the order they are shown."""
    return [offer(style.key, study.language, guided=guided) for style in styles(guided=guided, language=study.language)]


def offer(key: str, language: str, *, guided: bool) -> Offer:
    """One style as it is shown. A style that is not on offer any more keeps its key as a title."""
    title, sentence = (_GUIDED if guided else _FREE).get(key, (key, ""))
    return Offer(key, str(title), str(sentence), guided, _own_title(key, language) if guided else "")


def begun_title(key: str, language: str, *, guided: bool) -> str:
    """What a new conversation is called: in the language that is learned, if the style has a title there."""
    found = offer(key, language, guided=guided)
    return found.own_title or found.title or gettext("Conversation")


def _own_title(key: str, language: str) -> str:
    try:
        return scenario(key, language).title
    except UnknownStyle:
        return ""
