"""One scale for every wait, so that tests can inject minutes of silence in seconds."""

from django.conf import settings

FIRST_CHUNK_S = 180.0
BETWEEN_CHUNKS_S = 30.0
WHOLE_REPLY_S = 600.0
CONNECT_S = 5.0
BUSY_PATIENCE_S = 120.0
CHECKPOINT_EVERY_S = 1.0
SESSIONS_LOOK_EVERY_S = 60.0
STORE_AGAIN_S = 2.0
REPLY_CHARACTERS = 32_000
# Of what comes beside them: thinking, and the marks and escapes of JSON around the words.
CHUNK_CHARACTERS = 8 * REPLY_CHARACTERS
LINE_BYTES = 1_000_000


def scaled(seconds: float) -> float:
    """``seconds`` in this process's time (``POLYGLOTT_TIME_SCALE``)."""
    return seconds * float(settings.TIME_SCALE)
