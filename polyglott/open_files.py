"""How many files this process may open, and who gets how many of them: a socket is a file."""

import contextlib
import resource

# The database and its log on each thread, static files, the engine's connections, the log.
KEPT_FREE = 256
SOCKETS = 1_000
WAITING = 2_000


def raise_limit() -> None:
    """Take as many as the system allows at most; the ordinary limit is often 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def most_sockets() -> int:
    """Open websockets: 1,000, or half of what there is."""
    return min(SOCKETS, (_limit() - KEPT_FREE) // 2)


def most_waiting() -> int:
    """Connections that have not sent a whole request: 2,000, or a quarter of what there is."""
    return min(WAITING, (_limit() - KEPT_FREE) // 4)


def _limit() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else max(soft, 2 * KEPT_FREE)
