"""The frames of the talk: one tagged union per direction. Only this module and ``card_parts`` say what they look like.

``seq`` counts the pieces of a reply from 1 within an ``epoch``. A ``delta`` brings the pieces ``after + 1 .. seq`` in
one text, so that a browser applies it only if it stands exactly at ``after``, ignores it if it is already past
``seq``, and otherwise asks again with ``subscribe``.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tutor.chat.card_parts import Change, Finding

MESSAGE_CHARACTERS = 8_000
FRAME_BYTES = 64 * 1024
LARGEST = 2**31 - 1

State = Literal["queued", "loading", "running", "done", "stopped", "interrupted", "failed"]


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


# From the browser ------------------------------------------------------------------------------------------------


class Subscribe(_Frame):
    """Follow a conversation: the turn ``after`` as it stands now, all that follow it, and then what is new."""

    type: Literal["subscribe"]
    conversation: UUID
    after: int = Field(-1, ge=-1, le=LARGEST)


class Send(_Frame):
    """The learner's next message. The same ``client_id`` again is the same message again, harmless."""

    type: Literal["send"]
    conversation: UUID
    client_id: UUID
    # Something must be said; NUL, which not every database stores, is nothing that anybody types.
    text: str = Field(min_length=1, max_length=MESSAGE_CHARACTERS, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")


class Stop(_Frame):
    type: Literal["stop"]
    reply: UUID


class Retry(_Frame):
    """A new attempt at the same turn."""

    type: Literal["retry"]
    reply: UUID


class Resume(_Frame):
    """Go on with the same reply where its text ends ("Continue")."""

    type: Literal["resume"]
    reply: UUID


class Ack(_Frame):
    """How many bytes of frames the browser has taken in since the socket opened."""

    type: Literal["ack"]
    received: int = Field(ge=0)


class Ping(_Frame):
    type: Literal["ping"]


class Climb(_Frame):
    """Show the next hint of one finding of a correction."""

    type: Literal["climb"]
    card: UUID
    index: int = Field(ge=0, le=LARGEST)


class Dispute(_Frame):
    """One finding of a correction is not right, the learner says; the same again takes it back."""

    type: Literal["dispute"]
    card: UUID
    index: int = Field(ge=0, le=LARGEST)


class Check(_Frame):
    """Look at this message of one's own, whose learner is told of mistakes only when they ask."""

    type: Literal["check"]
    turn: UUID


class Reveal(_Frame):
    """Show now what was to be shown at the end of the talk."""

    type: Literal["reveal"]
    conversation: UUID


class Suggest(_Frame):
    """Suggest three answers to this reply: the learner is stuck, and has asked."""

    type: Literal["suggest"]
    reply: UUID


Command = Subscribe | Send | Stop | Retry | Resume | Climb | Dispute | Check | Reveal | Suggest | Ack | Ping
command_adapter: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])


# To the browser --------------------------------------------------------------------------------------------------


class ReplyView(_Frame):
    """A reply as it stands. ``html`` is given once it grows no more; until then the browser renders ``text``."""

    type: Literal["reply"] = "reply"
    reply: UUID
    turn: UUID
    attempt: int
    epoch: int
    seq: int
    state: State
    text: str
    html: str | None = None
    error: str = ""
    # What may be done about it now, in the order the buttons stand; "reported" says that this was done.
    can: tuple[Literal["stop", "retry", "resume", "report", "reported", "copy", "readings"], ...] = ()
    # Only while queued: the position (1 is next) and the seconds it will take, if there is any experience of that.
    position: int | None = None
    seconds: int | None = None


class Correction(_Frame):
    """What is found in the learner's message; nothing where it is right."""

    kind: Literal["correction"] = "correction"
    findings: tuple[Finding, ...] = ()
    # The learner asked for it, and is told so where nothing is found.
    asked: bool = False


class Help(_Frame):
    """The answer to who asks about the language or is stuck, in the own language; ``word`` and ``example`` are in the
    language studied."""

    kind: Literal["help"] = "help"
    # From a word list, from rules of correction, written by people, or made by a model and marked as such.
    source: Literal["dictionary", "correction", "authored", "model"]
    word: str = ""
    # Article and gender.
    mark: str = ""
    meaning: str = ""
    senses: tuple[str, ...] = ()
    example: str = ""
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


class Answers(_Frame):
    """Three answers to what the tutor asked, from easy to hard, the last with a gap: ``___``."""

    kind: Literal["answers"] = "answers"
    answers: tuple[str, ...] = ()
    source: Literal["authored", "model"] = "authored"


# What a card says, by its kind. A further kind is one more of these.
CardBody = Annotated[Correction | Help | Answers, Field(discriminator="kind")]


class CardView(_Frame):
    """Something that a model made beside a reply, as it stands: at the margin of its turn, one of a kind."""

    type: Literal["card"] = "card"
    card: UUID
    turn: UUID
    kind: Literal["correction", "help", "answers"]
    epoch: int
    state: State
    error: str = ""
    # None until it is done, and while it waits for the end of the talk.
    body: CardBody | None = None

    @property
    def template(self) -> str:
        """What shows a card of this kind on a page."""
        return f"chat/cards/{self.kind}.html"


class TurnView(_Frame):
    type: Literal["turn"] = "turn"
    conversation: UUID
    turn: UUID
    ordinal: int
    client_id: UUID | None
    text: str
    reply: ReplyView
    cards: tuple[CardView, ...] = ()


class Delta(_Frame):
    type: Literal["delta"] = "delta"
    reply: UUID
    epoch: int
    after: int
    seq: int
    text: str


class Progress(_Frame):
    """A reply's state changed before or between its words: queued, being loaded, evaluating the prompt, writing."""

    type: Literal["progress"] = "progress"
    reply: UUID
    epoch: int
    state: State
    # Running without a word yet: the model takes in the prompt. Pages say "Reading…".
    prompt_evaluation: bool = False
    position: int | None = None
    seconds: int | None = None
    # "not_saved" while what has come cannot be stored; it is tried again until it can.
    error: str = ""


class Goals(_Frame):
    """How far the talk has come: the goals met, by their ids; ``over`` once the tutor has said its last line."""

    type: Literal["goals"] = "goals"
    conversation: UUID
    met: tuple[str, ...] = ()
    stage: Literal["open", "reached", "over"] = "open"
    # The learner has just asked how it went.
    asked: bool = False


class Subscribed(_Frame):
    """All that was missing has been sent; what comes now is new."""

    type: Literal["subscribed"] = "subscribed"
    conversation: UUID
    model: str
    guided: bool
    busy: bool
    # Set once, when the model of this conversation is gone and another one answers.
    switched_from: str = ""


class Accepted(_Frame):
    """The message is stored: now, and only now, may the composer let go of it."""

    type: Literal["accepted"] = "accepted"
    client_id: UUID
    turn: UUID


class Refused(_Frame):
    """``message`` is a plain sentence in the person's language; nothing typed is lost."""

    type: Literal["refused"] = "refused"
    code: str
    message: str
    client_id: UUID | None = None


class Pong(_Frame):
    type: Literal["pong"] = "pong"


class Bye(_Frame):
    """The last frame before the server closes the socket with ``code``."""

    type: Literal["bye"] = "bye"
    code: int
    message: str


Frame = ReplyView | TurnView | CardView | Delta | Progress | Goals | Subscribed | Accepted | Refused | Pong | Bye

# Codes a socket is closed with. Daphne lets an application send 1000 and 3000-4999 only.
CLOSE_RESTART = 4012
CLOSE_FULL = 4013
CLOSE_BAD_FRAMES = 4400
CLOSE_SIGNED_OUT = 4401
CLOSE_TOO_SLOW = 4408
CLOSE_TOO_MANY = 4429
