"""The only place where the concrete parts meet."""

from django.conf import settings

from tutor.live import timing
from tutor.live.supervisor import Supervisor
from tutor.llm.builtin import BuiltIn
from tutor.llm.engines import Engines
from tutor.ollama import Timeouts


def make_supervisor() -> Supervisor:
    """The supervisor of this process, with its engines, as the environment asks for them."""
    builtin = BuiltIn(settings.WEIGHTS_DIR, settings.ENGINE_MODEL) if settings.ENGINE == "auto" else None
    timeouts = Timeouts(
        connect_s=timing.CONNECT_S,
        # How long the first chunk is waited for depends on what the engine does meanwhile: see live/calls.py.
        first_s=timing.scaled(timing.WHOLE_REPLY_S),
        whole_s=timing.scaled(timing.WHOLE_REPLY_S),
        between_s=timing.scaled(timing.BETWEEN_CHUNKS_S),
        total_s=timing.scaled(timing.WHOLE_REPLY_S),
    )
    engines = Engines(builtin, every_s=settings.PROBE_EVERY_S, timeouts=timeouts, line_bytes=timing.LINE_BYTES)
    return Supervisor(engines)
