"""What README and docs/ promise is there: links lead somewhere, settings, limits and codes are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from polyglott.env import Environment
from polyglott.open_files import SOCKETS
from tutor.chat import protocol
from tutor.chat.consumer import SOCKETS_A_PERSON
from tutor.chat.rate_limit import BAD_FRAMES, FRAMES_A_SECOND, HASTY_FRAMES
from tutor.conversations.services import MESSAGES_AN_HOUR, OPEN_REPLIES_A_LEARNER, RUNS_A_REPLY
from tutor.live import timing

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()


def test_links_and_pictures_lead_somewhere() -> None:
    links = [(path, link) for path in DOCUMENTS for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())]
    inside = [(path, link) for path, link in links if "://" not in link]
    assert len(inside) > 20
    assert [f"{path.relative_to(ROOT)}: {link}" for path, link in inside if not (path.parent / link).exists()] == []


# The engine stands alone: where weights come from it reads by itself, and only from the environment.
OF_THE_ENGINE = {"POLYGLOTT_WEIGHTS_DIR", "HF_ENDPOINT"}


def test_every_setting_is_in_the_readme() -> None:
    fields = Environment.model_fields.items()
    names = OF_THE_ENGINE | {str(field.validation_alias or f"POLYGLOTT_{name.upper()}") for name, field in fields}
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)) == names


def row(name: str) -> str:
    return next(line for line in ARCHITECTURE.splitlines() if line.startswith(f"| {name}"))


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("a learner's message", [protocol.MESSAGE_CHARACTERS]),
        ("a frame from a browser", [protocol.FRAME_BYTES // 1024]),
        ("frames of a socket", [FRAMES_A_SECOND, HASTY_FRAMES, BAD_FRAMES]),
        ("messages of a learner", [MESSAGES_AN_HOUR, RUNS_A_REPLY]),
        ("open replies of a learner", [OPEN_REPLIES_A_LEARNER]),
        ("sockets of a person", [SOCKETS_A_PERSON, SOCKETS]),
        ("a reply |", [timing.REPLY_CHARACTERS]),
        (
            "waiting for a model",
            [timing.CONNECT_S, timing.FIRST_CHUNK_S, timing.BETWEEN_CHUNKS_S, timing.WHOLE_REPLY_S],
        ),
        ("a full engine", [timing.BUSY_PATIENCE_S]),
    ],
)
def test_the_table_of_limits_is_that_of_the_code(name: str, numbers: list[float]) -> None:
    written = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", row(name).replace(", ", " "))]
    assert [number for number in numbers if number not in written] == []


def test_every_close_code_is_explained() -> None:
    codes = [value for name, value in vars(protocol).items() if name.startswith("CLOSE_")]
    assert [code for code in codes if f"| {code} |" not in ARCHITECTURE] == []
