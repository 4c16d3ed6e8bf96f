"""The fetch of the built-in engine's weights, as a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, cast

from django.conf import settings
from django.utils.translation import gettext as _

from tutor.engine import weights
from tutor.engine.weights import Code, Fetch, Model, Source, discard, model_named
from tutor.jobs.job import Cancelled, Job, JobFault, Progress, register
from tutor.jobs.messages import size_text
from tutor.jobs.store import last_done
from tutor.llm.engine_status import engine_status
from tutor.llm.weights_messages import PHASES, fault_words


@register
class WeightsJob(Job):
    kind: ClassVar[str] = "weights"
    keeps: ClassVar[bool] = True
    phases: ClassVar[Mapping[str, object]] = PHASES

    def __init__(
        self,
        name: str,
        model: Model | None = None,
        *,
        into: Path | None = None,
        sources: Sequence[Source] | None = None,
    ) -> None:
        """``name`` is one of the catalogue's, unless another ``model`` is given."""
        super().__init__(name)
        wanted = model or model_named(name)
        if wanted is None:
            raise LookupError(name)
        self._fetch = Fetch(wanted, into or settings.WEIGHTS_DIR, sources, self._seen)

    def work(self) -> None:
        end = self._fetch.run()
        if end.state == "cancelled":
            raise Cancelled
        if end.error is not None:
            raise JobFault(end.error, str(end.bytes_missing) if end.error == "no_space" else "")

    def _seen(self, seen: weights.Progress) -> None:
        self.show(
            state="paused" if seen.state == "paused" else "running",
            phase=seen.state if seen.state in PHASES else "",
            done=seen.bytes_done,
            total=seen.bytes_total,
            per_s=seen.bytes_per_s,
            seconds_left=seen.seconds_left,
        )

    def pause(self) -> None:
        self._fetch.pause()

    def resume(self) -> None:
        self._fetch.resume()

    def cancel(self) -> None:
        self._fetch.cancel(keep_part=True)

    @classmethod
    def title(cls, name: str) -> str:
        model = model_named(name)
        return f"{model.title} ({name})" if model is not None else name

    @classmethod
    def fault_text(cls, progress: Progress) -> str:
        return fault_words(cast("Code", progress.error), int(progress.detail or 0)) if progress.error else ""

    @classmethod
    def done_text(cls) -> str:
        return _("Whole and checked.")

    @classmethod
    def amount_text(cls, amount: float) -> str:
        return size_text(amount)

    @classmethod
    def discard(cls, name: str) -> None:
        if (model := model_named(name)) is not None:
            discard(model, settings.WEIGHTS_DIR)


def engine_starts() -> bool:
    """Whether the built-in engine is on its way: it starts, or weights have come since it was last looked at."""
    picture = engine_status()
    problem = next((engine.problem for engine in picture.engines if engine.kind == "builtin"), "")
    if problem not in {"", "no_weights"} or any(engine.answers for engine in picture.engines):
        return problem == "starting"
    came = last_done(WeightsJob.kind)
    return came is not None and (picture.asked is None or came > picture.asked)
