"""A quick look: `python -m tests.bench.client.lines [aio|sync] [rounds]` prints what a line costs both."""

from __future__ import annotations

import sys

from tests.bench.client.rounds import SHAPES, compare, cost_of
from tests.bench.ollama import serving


def main(twin: str = "aio", rounds: str = "5") -> None:
    shapes = SHAPES if twin == "aio" else SHAPES[:2]
    with serving("tests.bench.client.server") as (base_url, _):
        for shape in shapes:
            both = compare(base_url, twin, shape, int(rounds))
            bare = both.line_us([cost_of(base_url, "bare", twin, shape)])
            ours, published = both.line_us(both.ours), both.line_us(both.published)
            print(
                f"{twin} {shape.label}: {both.ratio:.2f} x"
                f" (ours {ours:.1f} us a line, published {published:.1f}, bare socket {bare:.1f};"
                f" seconds by the clock {both.ours[-1].wall_s:.2f}, {both.published[-1].wall_s:.2f})",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
