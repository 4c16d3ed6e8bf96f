"""The scripted server as a process: prints its address and serves until it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

from tutor.ollama.testing.faults import ALL_FAULTS
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.recordings import recording_names
from tutor.ollama.testing.server import ScriptedOllama


def arguments_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line, read."""
    parser = argparse.ArgumentParser(prog="python -m tutor.ollama.testing", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--model", action="append", help="a model to claim; may be repeated")
    parser.add_argument("--tokens-per-second", type=float)
    parser.add_argument("--token", help="the bearer token to insist on")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--say", nargs="+", metavar="PIECE", help="answer every chat with these pieces")
    what.add_argument("--fault", choices=sorted(ALL_FAULTS), help="answer every chat with this fault")
    what.add_argument("--replay", choices=recording_names(), metavar="RECORDING")
    return parser.parse_args(argv)


async def serve(arguments: argparse.Namespace) -> None:
    """Print the address and serve until a signal says to end."""
    models = [Model(name) for name in arguments.model] if arguments.model else None
    server = ScriptedOllama(
        models=models,
        tokens_per_second=arguments.tokens_per_second,
        token=arguments.token,
        port=arguments.port,
    )
    if arguments.say:
        server.say(arguments.say)
    if arguments.fault:
        server.fault(arguments.fault)
    if arguments.replay:
        server.replay(arguments.replay, in_real_time=True)
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    async with server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        await end.wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments_of(None)))
