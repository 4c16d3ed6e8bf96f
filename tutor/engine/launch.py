"""What the parent says when it starts the engine: a command line that anybody may see, and a secret line on stdin."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tutor.engine.llama import Capacity

LONGEST_LINE_BYTES = 64 * 1024


class BadLaunch(Exception):
    """The line on stdin is missing or is not what it should be."""


@dataclass(frozen=True)
class Launch:
    """Everything the engine is told. `models` are names with their files, the first one is loaded at once."""

    models: Sequence[tuple[str, Path]]
    capacity: Capacity
    waiting: int
    port: int
    token: str


def read_launch(arguments: Sequence[str], stdin: BinaryIO) -> Launch:
    """Read both. Raises BadLaunch; a wrong command line ends the process, as argparse does."""
    parsed = _parser().parse_args(arguments)
    secret = _first_line(stdin)
    token = secret.get("token")
    if not isinstance(token, str) or not token or len(parsed.model) != len(parsed.name):
        raise BadLaunch("token")
    return Launch(
        models=list(zip(parsed.name, parsed.model, strict=True)),
        capacity=Capacity(slots=parsed.slots, context=parsed.ctx, threads=parsed.threads or _cores()),
        waiting=parsed.queue,
        port=parsed.port,
        token=token,
    )


def _cores() -> int:
    """The cores that this process may use: fewer than there are, in a container."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tutor.engine", description=__doc__)
    parser.add_argument("--model", type=Path, action="append", required=True, help="a GGUF file; may be repeated")
    parser.add_argument("--name", action="append", required=True, help="its name; once for every --model")
    parser.add_argument("--slots", type=int, default=2, help="replies at the same time")
    parser.add_argument("--queue", type=int, default=4, help="requests that may wait for a slot")
    parser.add_argument("--ctx", type=int, default=4096, help="tokens for each slot")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    return parser


def _first_line(stdin: BinaryIO) -> dict[str, object]:
    try:
        told = json.loads(stdin.readline(LONGEST_LINE_BYTES))
    except ValueError as trouble:
        raise BadLaunch("stdin") from trouble
    if not isinstance(told, dict):
        raise BadLaunch("stdin")
    return told
