"""A report in words, for whoever may read the talk. Stored are codes and quotes; each quote is looked for anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutor.conversations.goals import Goals, goal_rows
from tutor.conversations.models import Card, Conversation, TalkReport
from tutor.dialogue import talk_progress
from tutor.dialogue.corrections import explanation
from tutor.dialogue.reports import KeptWord, Praise, Quote, ReportBody, TalkRecord, ToWorkOn, resolved
from tutor.languages import language_name

_MERITS = {
    "repaired": gettext_lazy("Corrected before, and right this time: “%(about)s”."),
    "asked_word": gettext_lazy("You did not know a word, and you asked for it in %(language)s."),
    "reason": gettext_lazy("You gave a reason, with “%(about)s”."),
    "question": gettext_lazy("You asked a question of your own in %(language)s."),
    "first_words": gettext_lazy("You had not written this in any talk before: %(about)s."),
    "polite": gettext_lazy("You said it politely, with “%(about)s”."),
    "goal": gettext_lazy("With this you reached a goal: %(about)s."),
    "longest": gettext_lazy("Your longest sentence in this talk: %(about)s words."),
    "model": "%(about)s",
}


@dataclass(frozen=True)
class PraiseRow:
    """`by_model`: the reason is a model's own words, and pages say so."""

    quote: Quote
    words: str
    by_model: bool


@dataclass(frozen=True)
class WorkRow:
    """A correction in its sentence. `card` and `index` name it where the reader may say that it is not right."""

    before: str
    old: str
    new: str
    after: str
    certainty: str
    name: str
    why: str
    times: int
    card: UUID | None
    index: int


@dataclass(frozen=True)
class ReportPage:
    """`stage` and `goals` are as the talk stands; `is_growing`: a model may yet add something."""

    stage: str
    goals: Goals
    praise: list[PraiseRow]
    to_work_on: list[WorkRow]
    words: tuple[KeptWord, ...]
    messages: int
    minutes: int
    is_growing: bool

    @property
    def is_empty(self) -> bool:
        return self.messages == 0


def report_page(report: TalkReport, record: TalkRecord, *, own: bool) -> ReportPage:
    """The report as far as it holds in what of the talk may be read. ``own``: for the learner, who may dispute it."""
    body, conversation = resolved(ReportBody.model_validate(report.body), record), report.conversation
    progress = talk_progress(record.talk)
    goals = goal_rows(conversation, [one for one in body.met if one in progress.met])
    cards = _cards(conversation) if own else {}
    return ReportPage(
        stage=progress.stage,
        goals=goals,
        praise=[_praise(one, conversation, goals) for one in body.praise],
        to_work_on=[_work(one, conversation, record, cards) for one in body.to_work_on],
        words=body.words,
        messages=min(body.messages, len(record.messages)),
        minutes=min(body.minutes, record.minutes),
        is_growing=report.is_open,
    )


def _cards(conversation: Conversation) -> dict[int, UUID]:
    return dict(Card.objects.filter(conversation=conversation).values_list("turn__ordinal", "public_id"))


def _praise(one: Praise, conversation: Conversation, goals: Goals) -> PraiseRow:
    titles = {row.id: row.title for row in goals.rows}
    about = titles.get(one.about, one.about) if one.merit == "goal" else one.about
    words = str(_MERITS[one.merit]) % {"about": about, "language": language_name(conversation.language)}
    return PraiseRow(one.quote, words, by_model=one.merit == "model")


def _reason(one: ToWorkOn, record: TalkRecord) -> str:
    """What the rule that found it says beside its kind."""
    notes = (note for turn in record.turns if turn.ordinal == one.quote.turn for note in turn.notes)
    return next((note.finding.reason for note in notes if note.index == one.index), "")


def _work(one: ToWorkOn, conversation: Conversation, record: TalkRecord, cards: Mapping[int, UUID]) -> WorkRow:
    message, said = record.said["learner", one.quote.turn], explanation(one.kind, conversation.own_language)
    return WorkRow(
        before=message[one.quote.start : one.start],
        old=one.old,
        new=one.new,
        after=message[one.end : one.quote.end],
        certainty=one.certainty,
        name=said.name if said else _("correction"),
        why=said.about(_reason(one, record)) if said else "",
        times=one.times,
        card=cards.get(one.quote.turn),
        index=one.index,
    )
