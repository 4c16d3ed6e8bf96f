"""The only place where the concrete parts meet."""

from django.conf import settings

from tutor.catalogue.builtin import BuiltIn
from tutor.catalogue.engines import Engines
from tutor.live import pace
from tutor.live.desk import Desk
from tutor.ollama import Timeouts


def make_desk() -> Desk:
    """The desk of this process, with its engines, as the environment asks for them."""
    builtin = BuiltIn(settings.WEIGHTS_DIR, settings.ENGINE_MODEL) if settings.ENGINE == "auto" else None
    timeouts = Timeouts(
        connect_s=pace.CONNECT_S,
        first_s=pace.scaled(pace.FIRST_CHUNK_S),
        whole_s=pace.scaled(pace.FIRST_CHUNK_S),
        between_s=pace.scaled(pace.BETWEEN_CHUNKS_S),
        total_s=pace.scaled(pace.WHOLE_REPLY_S),
    )
    engines = Engines(builtin, every_s=settings.PROBE_EVERY_S, timeouts=timeouts, line_bytes=pace.LINE_BYTES)
    return Desk(engines)
