"""The report of a talk: code has made it before this begins; a bigger model may add what it finds well done."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from tutor.conversations import store, talk_reports
from tutor.conversations.models import TalkReport
from tutor.conversations.provenance import Provenance
from tutor.conversations.store import Ending
from tutor.conversations.talk_reports import ReportInput
from tutor.database import in_database
from tutor.dialogue import ModelRequest
from tutor.dialogue.reports import REPORT_VERSION, praise_request, with_praise
from tutor.live.budget import options_for
from tutor.live.calls import ModelCall, Question
from tutor.live.outcomes import DONE, Outcome
from tutor.live.queue import Rank
from tutor.llm.selection import CurrentModel, for_conversation
from tutor.ollama import ChatResponse

LONGEST_ANSWER = 8_000  # characters


def report_key(conversation: UUID) -> tuple[str, UUID]:
    """By what a talk's report runs: one at a time."""
    return "report", conversation


class ReportWork(Question):
    """One report. Whatever becomes of the model, what code has made stands."""

    rank = Rank.REPORT
    has_content = True

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.call: ModelCall | None = None
        self.content = ""

    async def load(self) -> None:
        self.input: ReportInput = await in_database(talk_reports.report_input, self.pk)
        self.learner, self.keep_alive = self.input.learner_pk, self.input.keep_alive

    async def give_up(self) -> None:
        await in_database(store.give_up, TalkReport, self.pk)

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        if self.choose().available:
            self.call = call()
            await self.call.ask(self)
        return DONE

    async def close(self, outcome: Outcome) -> None:
        counts = self.call.counts if self.call else None
        body = with_praise(self.input.body, self.content, self.input.record) if outcome == DONE else self.input.body
        content = {"body": body.model_dump(mode="json")}
        await in_database(
            store.close,
            TalkReport,
            self.pk,
            Ending(outcome.state, self.input.epoch, outcome.code, counts, content, outcome.detail),
        )

    def choose(self) -> CurrentModel:
        return for_conversation(self.input.host_pk, self.input.model, guided=self.input.guided)

    def request_for(self, model: CurrentModel) -> ModelRequest:
        self.content = ""
        return praise_request(self.input.record, options_for(model, self.input.options), REPORT_VERSION)

    async def begin(self, provenance: Provenance) -> None:
        preset = replace(provenance, preset_version_pk=self.input.preset_pk)
        await in_database(store.begin, TalkReport, self.pk, preset)

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        self.content += "".join(chunk.message.content or "" for chunk in chunks)
        return len(self.content) > LONGEST_ANSWER
