"""The permission matrix: every route and every command of the socket, and what each of the cast gets there.

A person is answered in one of five ways:

- ``OPEN``: they may; the page is shown or the form is taken (2xx, a redirect inside the house, 400 for an empty form)
- ``SIGN_IN``: sent to the sign-in page
- ``ABSENT``: 404; whoever has no right learns nothing, not even that something is there
- ``FORBIDDEN``: 403
- ``METHOD``: 405; the route doesn't take this method from anybody

Parameters of addresses are filled by name from :mod:`tests.house.scene`; everything there is
 Ana's, or of Clara's class.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.cast import Cast

OPEN, SIGN_IN, ABSENT, FORBIDDEN, METHOD = "open", "sign in", "absent", "forbidden", "method"
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


ROUTES: dict[str, dict[str, Answers]] = {
    "healthz": {"GET": everybody()},
    "words": {"GET": everybody()},
}

# The answer to a command of the socket that names something of Ana's. An anonymous socket is closed before any command.
COMMANDS: dict[str, Answers] = {
    "subscribe": only("ana", anonymous=FORBIDDEN),
    "send": only("ana", anonymous=FORBIDDEN),
    "stop": only("ana", anonymous=FORBIDDEN),
    "retry": only("ana", anonymous=FORBIDDEN),
    "resume": only("ana", anonymous=FORBIDDEN),
    "ack": Answers(OPEN, FORBIDDEN, {}),
    "ping": Answers(OPEN, FORBIDDEN, {}),
}
