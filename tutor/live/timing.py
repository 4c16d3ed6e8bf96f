"""One scale for every wait, so that tests can inject minutes of silence in seconds."""

from django.conf import settings

FIRST_CHUNK_S = 180.0
# What a slow computer takes to read one token of a prompt.
READING_S_A_TOKEN = 0.1
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
# How long words are gathered before they travel: one frame for many of them, and no delay that anybody sees. The more
# replies grow at once, the more a frame carries, for a frame costs more than a word. Then they end together, at the
# beats of one clock: a crowd of replies is read, and sent, by a few turns of the loop.
GATHER_S = 0.04
GATHER_MORE_S = 0.0007
GATHER_MOST_S = 0.1
FEW = 10
BEAT_S = 0.01


def scaled(seconds: float) -> float:
    """``seconds`` in this process's time (``POLYGLOTT_TIME_SCALE``)."""
    return seconds * float(settings.TIME_SCALE)


def gather_s(growing: int, now: float) -> float:
    """How long words are gathered from ``now`` on while so many answers come in."""
    if growing <= FEW:
        return GATHER_S
    longest_s = min(GATHER_MOST_S, GATHER_S + GATHER_MORE_S * (growing - FEW))
    return (now + longest_s) // BEAT_S * BEAT_S - now
