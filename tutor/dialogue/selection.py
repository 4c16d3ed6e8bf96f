"""How far a talk has come in its scenario, and what may be said next.

Everything is worked out from the words of the talk, each time anew: nothing is remembered elsewhere. What code hears,
code answers; only where nothing decides does a model choose, among the next questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tutor.dialogue.intents import Intent, Kind, intent_of
from tutor.dialogue.message_signals import base
from tutor.dialogue.scenario import Move, Scenario, ScenarioLines
from tutor.dialogue.shared_lines import SharedLines, shared_lines
from tutor.dialogue.topics import Topics, says_more_than, topics_in
from tutor.dialogue.types import TalkContext

STUCK: Final = frozenset({"stuck", "own_language"})
_TELLING: Final = frozenset({"answer", "question", "thanks", "rude", "goodbye"})
_ASKED_IN_ANY_LANGUAGE: Final = frozenset({"price", "total", "ask.name", "ask.age", "ask.from", "ask.live", "ask.how"})
_TELL_NOTHING: Final = ("yes", "no", "hello")
_ASKED_OF_THE_TUTOR: Final = frozenset({"ask.have", "ask.like", "ask.job", "ask.do"})
_OF_ONESELF: Final = ("pet", "family", "job", "hobby")
_CHOICE_OF: Final = 3
_SAD: Final = ("loss", "bad")  # heard before all else: "my dog died" is not about dogs


@dataclass(frozen=True)
class Choice:
    """What the next message may be: the reaction, if there is one, then one of the questions, if there are any."""

    reaction: str
    questions: tuple[str, ...] = ()

    def replies(self) -> tuple[str, ...]:
        """Every whole message that this allows."""
        if not self.questions:
            return (self.reaction,)
        return tuple(f"{self.reaction} {question}".strip() for question in self.questions)

    def completing(self, sofar: str) -> tuple[str, ...]:
        """Those that begin with the words already shown."""
        return tuple(text for text in self.replies() if text.startswith(sofar))


@dataclass(frozen=True)
class ScenarioProgress:
    """A talk read against its scenario."""

    scenario: Scenario
    lines: ScenarioLines
    talk: TalkContext

    @cached_property
    def told(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.talk.utterances if one.speaker == "tutor" and one.text)

    @cached_property
    def shared(self) -> SharedLines:
        return shared_lines(self.lines.language)

    @cached_property
    def messages(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.talk.utterances if one.speaker == "learner")

    @property
    def latest(self) -> str:
        return self.messages[-1] if self.messages else ""

    @cached_property
    def intent(self) -> Intent:
        return intent_of(self.latest, self.lines.language, self.talk.own_language)

    @property
    def kind(self) -> Kind:
        """The kind of what answers the tutor in the latest message: a question about the language may stand beside."""
        return "answer" if self.intent.answer else self.intent.kind

    @cached_property
    def asked(self) -> tuple[Move, ...]:
        """The moves made so far, each once, in the order of their last coming."""
        made: dict[str, Move] = {}
        for message in self.told:
            for move in self.lines.moves:
                if any(text in message for text in move.texts()):
                    made.pop(move.id, None)
                    made[move.id] = move
        return tuple(made.values())

    @property
    def current(self) -> Move | None:
        """The question that the learner is answering."""
        return self.asked[-1] if self.asked else None

    def is_stuck_again(self) -> bool:
        """Whether help with this question was asked for just before, too."""
        before = self.messages[-2:-1]
        return any(self._kind(message) in STUCK for message in before)

    @property
    def is_question(self) -> bool:
        """Whether the learner asks within the talk; a price may be asked in the own language too."""
        asked = any(one == "price" or one.startswith("ask.") for one in self.heard_now.affirmed)
        return self.kind == "question" or (self.kind == "own_language" and asked)

    @cached_property
    def heard_now(self) -> Topics:
        """What the latest message is about. That somebody asks is heard only in a question."""
        found = self._topics_of(self.latest, self.current)
        if self.kind in {"question", "own_language"}:
            return found
        return Topics(frozenset(one for one in found.affirmed if not one.startswith("ask.")), found.denied)

    @cached_property
    def heard(self) -> Topics:
        """All that the learner has told, with each answer read against its question."""
        return self._heard_until[-1] if self._heard_until else Topics()

    @cached_property
    def _heard_until(self) -> tuple[Topics, ...]:
        """The same after each of the learner's messages."""
        all_of_it, asked = [Topics()], None
        for one in self.talk.utterances:
            if one.speaker == "tutor":
                asked = self._move_in(one.text) or asked
            else:
                all_of_it.append(all_of_it[-1] | self._topics_of(one.text, asked))
        return tuple(all_of_it[1:])

    def goals_met(self) -> tuple[str, ...]:
        met = self.goals_met_by()
        return tuple(goal.id for goal in self.scenario.goals if goal.id in met)

    def goals_met_by(self) -> dict[str, int]:
        """The goals met so far, each with the number of the learner's message that met it. What is met stays met."""
        met: dict[str, int] = {}
        for number, heard in enumerate(self._heard_until):
            for goal in self.scenario.goals:
                if any(map(heard.meet, goal.met_by)):
                    met.setdefault(goal.id, number)
        return met

    def ended(self) -> bool:
        return any(text in message for text in self.lines.endings + self.shared.goodbye for message in self.told)

    def choice(self) -> Choice:
        """The next message to an answer or a question within the talk. Never empty."""
        if self.ended() or self.kind == "goodbye":
            return Choice(self._unsaid(self.shared.goodbye) or self.shared.goodbye[-1])
        reaction, questions = self._reaction(), self._questions()
        if not questions or self._is_over():
            ending = self._unsaid(self.lines.endings) or self.lines.endings[-1]
            return Choice(f"{reaction} {ending}".strip())
        return Choice(reaction, tuple(move.at(self.talk.level) for move in questions))

    def standing_question(self) -> Move | None:
        """The question that waits for an answer: the current one; another for who is stuck on it a second time."""
        if self.intent.kind == "stuck" and self.is_stuck_again():
            return next(iter(self._questions()), None) or self.current
        return self.current

    def _is_over(self) -> bool:
        enough = len(self.messages) >= self.scenario.least_turns
        return enough and not self.is_question and len(self.goals_met()) == len(self.scenario.goals)

    def _questions(self) -> tuple[Move, ...]:
        """The one that goes on with what was just said; else those that come next."""
        made = {move.id for move in self.asked}
        left = [move for move in self.lines.moves if move.id not in made and not self._is_told(move)]
        following = [move for move in left if self._follows(move)]
        if following and "loss" not in self.heard_now.affirmed:
            return tuple(following[:1])
        return tuple(move for move in left if not move.only_then)[: 1 if self.scenario.in_order else _CHOICE_OF]

    def _follows(self, move: Move) -> bool:
        """Whether it goes on with what was just said. "Do you have a dog?" tells nothing of the learner's own."""
        met = [condition for condition in move.on if self.heard_now.meet(condition)]
        of_the_tutor = self.heard_now.affirmed & _ASKED_OF_THE_TUTOR and not self._asks_back()
        return any(not (of_the_tutor and condition.startswith(_OF_ONESELF)) for condition in met)

    def _is_told(self, move: Move) -> bool:
        return any(topic in self.heard.affirmed for topic in move.asks) or any(map(self.heard.meet, move.unless))

    def _reaction(self) -> str:
        """What answers the learner: bad news first, then the most particular line, and none twice."""
        if self.kind == "thanks":
            return self._unsaid(self.shared.thanks)
        asked = self._answer() if self.is_question or self._asks_back() else ""
        return asked or self._on_topic() or self._plain()

    def _on_topic(self) -> str:
        fitting = [
            (condition in _SAD, condition.count("+"), condition.count("."), reaction.say)
            for reaction in self.lines.reactions
            for condition in reaction.on
            if self.heard_now.meet(condition)
        ]
        fitting.sort(key=lambda one: one[:3], reverse=True)
        return next((text for *_, say in fitting if (text := self._unsaid(say))), "")

    def _answer(self) -> str:
        """The answer to a question within the talk: about the tutor, or an honest "I don't know"."""
        found = self._on_topic()
        if found:
            return found
        about = [move for move in self.lines.moves if move.me and set(move.asks) & self.heard_now.affirmed]
        if self._asks_back() and self.current is not None and self.current.me:
            about.append(self.current)
        mine = next((move.me for move in about if not self._was_said(move.me)), "")
        return mine or ("" if self._asks_back() else self._unsaid(self.shared.unknown))

    def _asks_back(self) -> bool:
        return "ask.back" in self.heard_now.affirmed

    def _plain(self) -> str:
        return self._unsaid(self.shared.neutral)

    def _topics_of(self, message: str, asked: Move | None) -> Topics:
        """What a message tells. One about the language, or without an answer in it, tells nothing."""
        intent = intent_of(message, self.lines.language, self.talk.own_language)
        kind: Kind = "answer" if intent.answer else intent.kind
        message = intent.answer or message
        if kind == "own_language":
            return self._asked_in_own_language(message)
        if kind not in _TELLING:
            return Topics()
        topics = topics_in(message, self.lines.language, asked.yes if asked is not None else "")
        if kind == "question":
            topics = topics | self._asked_in_own_language(message)
        if asked is None:
            return topics
        tells = kind == "answer" and says_more_than(_TELL_NOTHING, message, self.lines.language)
        return topics | _by_question(topics, asked, tells=tells)

    def _asked_in_own_language(self, message: str) -> Topics:
        """A beginner at the market who asks "How much is it?" has asked the price."""
        found = topics_in(message, base(self.talk.own_language)).affirmed
        return Topics(found & _ASKED_IN_ANY_LANGUAGE)

    def _kind(self, message: str) -> Kind:
        return intent_of(message, self.lines.language, self.talk.own_language).kind

    def _move_in(self, message: str) -> Move | None:
        return next((move for move in self.lines.moves if any(text in message for text in move.texts())), None)

    def _unsaid(self, texts: Sequence[str]) -> str:
        """One of these that was not said yet, by the talk's own seed; "" when all were."""
        left = self._left(texts)
        return left[self.talk.seed % len(left)] if left else ""

    def _left(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for text in texts if not self._was_said(text))

    def _was_said(self, text: str) -> bool:
        return any(_has(text, message) for message in self.told)


def _by_question(topics: Topics, asked: Move, *, tells: bool) -> Topics:
    """What an answer says by answering: "yes" affirms what was asked about (the first of it: nothing is both fun and
    boring), "no" and "no, all is well" deny it. Whatever `tells` something answers "What is your name?"; neither "yes",
    "no" nor "I don't want to say" do."""
    if asked.any_answer:
        return Topics(frozenset(asked.asks[:1])) if tells else Topics()
    if "yes" in topics.affirmed and "no" not in topics.affirmed:
        return Topics(frozenset(asked.asks[:1]))
    if "no" in topics.affirmed | topics.denied or "yes" in topics.denied:
        return Topics(frozenset(), frozenset(asked.asks))
    return Topics()


def _has(text: str, message: str) -> bool:
    return f" {text} " in f" {message} "
