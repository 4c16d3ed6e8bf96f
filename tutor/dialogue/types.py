"""What one turn of tutoring takes and gives: plain values, no web, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from tutor.dialogue.help_cards import HelpCard

Speaker = Literal["learner", "tutor"]
Message = Mapping[str, str]
Flaw = Literal["", "length", "repetition", "wrong_language"]


class UnknownScenario(LookupError):
    """No such scenario, or none that can be held in this language and way."""


class Unreadable(ValueError):
    """What the model sent holds nothing that a learner could be shown."""


class MessageTooLong(ValueError):
    """The learner's newest message does not fit into the model's context, and nothing of it is left out unasked."""


@dataclass(frozen=True)
class Utterance:
    """One thing said so far. A tutor's opener has no learner line before it."""

    speaker: Speaker
    text: str


@dataclass(frozen=True)
class Budget:
    """How much fits, in tokens. `characters_per_token` comes from `window.calibrated`."""

    num_ctx: int
    num_predict: int
    characters_per_token: float = 3.0


@dataclass(frozen=True)
class TalkContext:
    """Everything one turn depends on; `utterances` are oldest first.

    `language` and `own_language` are BCP-47 codes (studied, own), `level` is A1 to C2. `seed` stays
    the same for a whole conversation, so that opener and ending are chosen the same way every time.
    """

    language: str
    own_language: str
    level: str
    style: str
    style_version: int
    seed: int
    utterances: Sequence[Utterance]
    goal: str = ""
    # What this house says to who is in distress, in the own language; "": what is shipped.
    distress: str = ""


@dataclass(frozen=True)
class ModelRequest:
    """What goes to the model, beside its name, keep_alive and stream."""

    messages: Sequence[Message]
    format: Mapping[str, Any] | None
    options: Mapping[str, Any]
    prompt_version: str
    # How many likeliest tokens are told with each one; 0: none, and no probabilities.
    top_logprobs: int = 0


@dataclass(frozen=True)
class AuthoredReply:
    """A reply, or the rest of one, for which no model is asked; `prompt_version` names what it was taken from."""

    text: str
    prompt_version: str


@dataclass(frozen=True)
class Output:
    """What a piece of a model's content adds to the reply.

    With `restart` all that this run has shown is void, and `text` is all there is. With a `flaw` the reply is over, as
    it then stands: it reached its limit, the model went round in circles, or it speaks another language.
    """

    text: str = ""
    thinking: str = ""
    restart: bool = False
    flaw: Flaw = ""


class Reader(Protocol):
    """Turns the model's content, chunk by chunk, into the text that is stored and shown."""

    @property
    def settled(self) -> bool:
        """Whether what `feed` has returned is the whole reply: the stream, and with it the model, can be let go."""
        ...

    def feed(self, content: str) -> Output:
        """What the next piece adds, possibly nothing. What all of it comes to is kept, also after a cut."""
        ...

    def finish(self, done_reason: str = "") -> Output:
        """What is left at the end, for the reason that the engine gave. Raises Unreadable if what came is no reply."""
        ...


class Dialogue(Protocol):
    """One way of tutoring, behind which a big model talks freely or a small one chooses lines."""

    @property
    def guided(self) -> bool: ...

    def opener(self, talk: TalkContext) -> str:
        """The tutor's first message, authored: no model is asked."""
        ...

    def request(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """Ask for the reply to the newest learner message."""
        ...

    def continuation(self, talk: TalkContext, sofar: str, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """Ask for the rest of a reply of which `sofar` is shown; `talk` ends with the learner's message."""
        ...

    def authored_reply(self, talk: TalkContext, sofar: str = "") -> AuthoredReply | None:
        """The reply, or what is missing of it after `sofar`, where only one is possible. None: ask a model."""
        ...

    def warm(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """A request of one token that makes the engine read what the next request begins with."""
        ...

    def insistent(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """Ask once more, after a reply in the wrong language."""
        ...

    def fits(self, talk: TalkContext, text: str, budget: Budget) -> bool:
        """Whether a learner's message can be sent to the model whole."""
        ...

    def reader(self, talk: TalkContext, sofar: str = "", *, last_try: bool = False) -> Reader:
        """A fresh reader for the answer to `request`, or to `continuation` with this `sofar`: gives what is new.

        On the `last_try` a reply in the wrong language is read to its end, and marked there.
        """
        ...

    def ended(self, talk: TalkContext) -> bool:
        """Whether the tutor has taken leave (guided scenarios only)."""
        ...

    def help(self, talk: TalkContext) -> HelpCard | None:
        """What stands under the learner's newest message, where that asks for help."""
        ...

    def answers(self, talk: TalkContext) -> tuple[str, ...]:
        """Three answers to what the tutor asked last, the last one with a gap; () where nobody has written any."""
        ...
