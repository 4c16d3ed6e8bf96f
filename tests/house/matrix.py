"""The permission matrix: every route and every command of the socket, and what each of the cast gets there.

A person is answered in one of these ways:

- ``OPEN``: they may; the page is shown or the form is taken (2xx, a redirect inside the house, 400 for an empty form)
- ``SIGN_IN``: sent to the sign-in page
- ``ABSENT``: 404; whoever has no right learns nothing, not even that something is there
- ``FORBIDDEN``: 403
- ``METHOD``: 405; the route doesn't take this method from anybody
- ``ENDED``: 410; the one-time link opens nothing (any more), whoever holds it

Parameters of addresses are filled by name from :mod:`tests.house.scene`: everything there is Ana's, or of
Clara's class or family.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.cast import Cast

OPEN, SIGN_IN, ABSENT, FORBIDDEN, METHOD, ENDED = "open", "sign in", "absent", "forbidden", "method", "ended"
ACTORS = ["anonymous", *Cast.names()]


@dataclass(frozen=True)
class Answers:
    """Who gets what: ``others`` unless ``named``; a stranger gets ``anonymous``."""

    others: str
    anonymous: str
    named: dict[str, str]

    def to(self, actor: str) -> str:
        return self.anonymous if actor == "anonymous" else self.named.get(actor, self.others)


def only(*people: str, others: str = ABSENT, anonymous: str = SIGN_IN) -> Answers:
    """These people may; nobody else."""
    return Answers(others, anonymous, dict.fromkeys(people, OPEN))


def everybody(answer: str = OPEN) -> Answers:
    return Answers(answer, answer, {})


def signed_in() -> Answers:
    return Answers(OPEN, SIGN_IN, {})


def post_only(answers: Answers) -> dict[str, Answers]:
    return {"GET": Answers(METHOD, answers.anonymous, {}), "POST": answers}


def get_only(answers: Answers) -> dict[str, Answers]:
    return {"GET": answers, "POST": Answers(METHOD, answers.anonymous, {})}


def both(answers: Answers) -> dict[str, Answers]:
    return {"GET": answers, "POST": answers}


ENTRANCE = {
    "healthz": {"GET": everybody()},
    "javascript-catalog": {"GET": everybody()},
    "home": {"GET": signed_in(), "POST": everybody(METHOD)},
    "account_login": both(everybody()),
    # Signing out ends on the sign-in page, for whoever it was.
    "account_logout": {"GET": signed_in(), "POST": everybody(SIGN_IN)},
    "account_inactive": {"GET": everybody(FORBIDDEN), "POST": everybody(METHOD)},
    "set-up": both(everybody(ENDED)),
    "set-up-people": get_only(signed_in()),
    # The empty form asks for nothing that can be done: absent, even for her.
    "set-up-model": {"GET": only("ada"), "POST": Answers(ABSENT, SIGN_IN, {})},
    "code": both(everybody()),
    "new-password": both(everybody()),
    "join": both(everybody()),
    "device": both(everybody()),
    # On a device that is not a family's, a child's name is no door.
    "switch": {"GET": everybody(SIGN_IN), "POST": everybody(METHOD)},
    "enter": {"GET": everybody(METHOD), "POST": everybody(ABSENT)},
}
ONESELF = {
    "profile": both(signed_in()),
    "account_change_password": both(signed_in()),
    "sign-out-everywhere": post_only(signed_in()),
    "readers": get_only(signed_in()),
    "study-add": both(signed_in()),
    "study": both(only("ana")),
    "study-remove": both(only("ana")),
}
TALK = {
    "talk": get_only(signed_in()),
    "talk-new": post_only(signed_in()),
    "conversations": get_only(signed_in()),
    "talk-search": post_only(signed_in()),
    # Sockets and this door share one dispatcher; COMMANDS says what it does. Empty commands are refused in its words.
    "commands": {"GET": everybody(METHOD), "POST": everybody()},
    "conversation": get_only(only("ana")),
    "conversation-earlier": get_only(only("ana")),
    "conversation-report": get_only(only("ana")),
    "conversation-paper": get_only(only("ana")),
    "conversation-rename": post_only(only("ana")),
    "conversation-model": both(only("ana")),
    "conversation-delete": post_only(only("ana")),
    "conversation-undo": post_only(only("ana")),
    "reply-readings": get_only(only("ana")),
    "reply-report": post_only(only("ana")),
}
CLASSES = {
    "classes": get_only(only("clara", "dora", "ada")),
    "class-new": both(only("ada")),
    "class-new-password": post_only(only("clara", "ada")),
    "class": get_only(only("clara", "ada")),
    "class-rename": post_only(only("clara", "ada")),
    "class-invite": post_only(only("clara", "ada")),
    "class-invitation-end": post_only(only("clara", "ada")),
    "class-member-end": both(only("clara", "ada")),
    "class-member-back": post_only(only("clara", "ada")),
    # A family's devices and children are its parents' alone.
    "class-children": post_only(only("clara")),
    "class-device": post_only(only("clara")),
    "class-device-link": post_only(only("clara")),
    "class-devices-out": post_only(only("clara")),
}
REVIEW = {
    "review": get_only(only("clara", "dora")),
    "review-search": post_only(only("clara", "dora")),
    "review-conversation": get_only(only("clara")),
    "review-model": both(only("clara")),
    "report-seen": post_only(only("clara")),
}
CONSOLE = {
    "console": get_only(only("ada")),
    "console-look-again": post_only(only("ada")),
    "console-test": post_only(only("ada")),
    "console-talks": post_only(only("ada")),
    "console-weights": post_only(only("ada")),
    "jobs": get_only(only("ada")),
    "job": post_only(only("ada")),
    "console-presets": both(only("ada")),
    "console-preset-try": post_only(only("ada")),
    "console-preset-again": post_only(only("ada")),
    "console-hosts": both(only("ada")),
    "console-host": both(only("ada")),
    "console-host-ask": post_only(only("ada")),
    "console-faults": get_only(only("ada")),
    "console-distress": both(only("ada")),
    "console-people": get_only(only("ada")),
    "console-people-search": post_only(only("ada")),
    "console-person-new": both(only("ada")),
    "console-log": get_only(only("ada")),
    "console-person-active": post_only(only("ada")),
    "console-person-administrator": post_only(only("ada")),
    "console-person-code": post_only(only("ada")),
}
ROUTES: dict[str, dict[str, Answers]] = {**ENTRANCE, **ONESELF, **TALK, **CLASSES, **REVIEW, **CONSOLE}

# What a form has to say so that it is about rights and not about an empty field.
FORMS: dict[str, dict[str, str]] = {"class-invite": {"role": "student"}}

# What the dispatcher behind both doors answers to a command that names something of Ana's. SIGN_IN: the socket is
# closed with 4401, the POST gets a 401.
COMMANDS: dict[str, Answers] = {
    "subscribe": only("ana"),
    "send": only("ana"),
    "stop": only("ana"),
    "retry": only("ana"),
    "resume": only("ana"),
    "climb": only("ana"),
    "dispute": only("ana"),
    "check": only("ana"),
    "reveal": only("ana"),
    "suggest": only("ana"),
    # Even these end an open socket whose session is over.
    "ack": signed_in(),
    "ping": signed_in(),
}
