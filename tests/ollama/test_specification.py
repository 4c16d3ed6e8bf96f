"""Every example of the specification runs as it stands, and the published client does the same with it.

The examples are the documents' own text but for the import line, a user's message in place of `messages=[...]` and the
picture's path, which is replaced here. Each is a program of its own.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.ollama.certificates import Authority, authority
from tests.ollama.expectations import EXPECTED
from tests.ollama.expectations.expected import Expected
from tests.ollama.picture import PICTURE
from tests.ollama.running import OURS, PUBLISHED, Ran, finished, staged, started, written_for

EXAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "examples").glob("*.py"))}
PICTURE_PATH = "/path/to/image.jpg"


@pytest.fixture(scope="module")
def trusted_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), ["ollama.com", "example.com"])


def test_each_example_has_its_expectation() -> None:
    assert set(EXAMPLES) == set(EXPECTED)
    assert len(EXAMPLES) == 22


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name: str, trusted_authority: Authority, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    clients = [OURS] if expected.beyond_published else [OURS, PUBLISHED]
    for client, ran in zip(clients, run(name, clients, trusted_authority, tmp_path), strict=True):
        meant = expected if client == OURS else expected.of_published()
        assert (client, ran.code, ran.complaints) == (client, 0, "")
        assert (client, ran.printed) == (client, meant.printed)
        assert (client, ran.seen) == (client, meant.seen)


def run(name: str, clients: list[str], trusted: Authority, folder: Path) -> list[Ran]:
    """The example under each of the clients, at the same time."""
    expected = EXPECTED[name]
    program = text_of(name, expected, folder)
    with ExitStack() as stack:
        running = []
        for client in clients:
            stage = stack.enter_context(staged(trusted))
            expected.set_up(stage)
            file = folder / f"{client}.program.py"
            running.append((stack.enter_context(started(written_for(client, program), stage, file)), stage, file))
        return [finished(process, stage, file, expected.cues) for process, stage, file in running]


def text_of(name: str, expected: Expected, folder: Path) -> str:
    example = EXAMPLES[name].read_text(encoding="utf-8")
    if PICTURE_PATH in example:
        (folder / "image.jpg").write_bytes(PICTURE)
        example = example.replace(PICTURE_PATH, str(folder / "image.jpg"))
    return f"{expected.before}{example}\n{expected.after}\n"
