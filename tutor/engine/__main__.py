"""The engine's process: `python -m tutor.engine --model FILE --name NAME`, with `{"token": …}` as stdin's first line.

It writes one line to stdout, `{"ready": true, "port": …}` or `{"ready": false, "reason": …}`, and then serves until
its stdin is closed. stderr is closed to the native library, whose messages may hold what people wrote.
"""

from __future__ import annotations

import os

os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # read once, when the library is loaded

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import NoReturn

from tutor.engine.gguf_header import NotAModel
from tutor.engine.launch import BadLaunch, read_launch
from tutor.engine.lifetime import end_when_closed, end_with_parent
from tutor.engine.llama import CannotLoad
from tutor.engine.model_store import BadName
from tutor.engine.service import begin

REASONS: Mapping[type[BaseException], str] = {
    BadLaunch: "bad_launch",
    BadName: "bad_name",
    NotAModel: "model_unreadable",
    CannotLoad: "model_unreadable",
    ImportError: "engine_missing",
    FileNotFoundError: "model_missing",
    OSError: "model_unreadable",
}


def main() -> NoReturn:
    """Serve until the parent ends."""
    _quiet_the_library()
    try:
        asyncio.run(_serve())
    except tuple(REASONS) as trouble:
        reason = next(reason for kind, reason in REASONS.items() if isinstance(trouble, kind))
        _say({"ready": False, "reason": reason})
    finally:
        os._exit(1)  # the interpreter's own way out would wait for threads that never end


async def _serve() -> None:
    launch = read_launch(sys.argv[1:], sys.stdin.buffer)
    end_when_closed(sys.stdin.buffer)
    end_with_parent(asyncio.get_running_loop())
    service = await begin(launch)
    _say({"ready": True, "port": service.port, "pid": os.getpid()})
    await service.server.serve_forever()


def _say(told: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _quiet_the_library() -> None:
    """Python keeps stderr for its own tracebacks; file descriptor 2, to which the library writes, leads nowhere."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


if __name__ == "__main__":
    main()
