"""Opening a long conversation: time, questions, bytes."""

from __future__ import annotations

from tests.bench.house import crowded
from tests.bench.pages import Browser, opening_ms, subscribing_ms, weight_bytes
from tests.bench.queries import statements_of_a_turn
from tests.bench.seed import LONG_TURNS, SHORT_TURNS
from tests.bench.table import Figure, median_of, ms


def opening() -> list[Figure]:
    """The relay knows no pages: beside stands the same of a short conversation."""
    with crowded(1) as crowd:
        with Browser(crowd, "ana") as browser:
            opening_ms(browser, crowd.short)
            short = median_of(lambda: opening_ms(browser, crowd.short))
            long = median_of(lambda: opening_ms(browser, crowd.long))
            weights = weight_bytes(browser, crowd.long)
        shorter = median_of(lambda: subscribing_ms(crowd, "ana", crowd.short))
        longer = median_of(lambda: subscribing_ms(crowd, "ana", crowd.long))
        first, after_many = statements_of_a_turn(crowd)
    load = f"conversation of {2 * LONG_TURNS:,} messages; beside it one of {2 * SHORT_TURNS}"
    page_bytes = next(iter(weights.values()))
    return [
        Figure("opening the page, whole answer", load, "≤ 300 ms", ms(long), ms(short), f"{long / short:.1f} ×"),
        Figure("catching up over the socket", load, "≤ 300 ms", ms(longer), ms(shorter), f"{longer / shorter:.1f} ×"),
        Figure("statements a turn", load, "the same", str(after_many), str(first), f"{after_many / first:.1f} ×"),
        Figure(
            "bytes of a first visit, compressed",
            f"{len(weights)} files",
            "≤ 200 KB",
            f"{sum(weights.values()) / 1000:.0f} KB, the page itself {page_bytes / 1000:.0f} KB",
        ),
    ]
