"""What could not be stored when the process had to end: kept in a file of the house's folder until the next start.

Another program may hold the database longer than a server may take to end. The file is for the house's user alone, is
taken in once, and is overwritten before it goes: it holds words.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tutor.conversations import store
from tutor.conversations.store import Ending

log = logging.getLogger(__name__)
_rows: TypeAdapter[list[tuple[int, Ending]]] = TypeAdapter(list[tuple[int, Ending]])


def keep(folder: Path, owner: str, endings: Sequence[tuple[int, Ending]]) -> Path:
    """Write replies (by primary key) and how they ended into a file of this process's own; whole, or not at all."""
    file = folder / f"unsaved-{owner.rpartition(':')[2]}.json"
    half = file.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(_rows.dump_json(list(endings)))
        written.flush()
        os.fsync(written.fileno())
    half.replace(file)
    return file


def take_in(folder: Path) -> int:
    """Store what earlier processes left in ``folder`` and erase their files. Returns how many replies there were.

    Once is enough: a reply that has ended already stays as it is, so a crash between the two steps does no harm.
    """
    taken = 0
    for file in sorted(folder.glob("unsaved-*.json")):
        try:
            endings = _rows.validate_json(file.read_bytes())
        except (ValidationError, OSError) as fault:
            log.error("%s cannot be read and stays where it is (%s)", file.name, type(fault).__name__)  # noqa: TRY400
            continue
        store.close_replies(endings)
        taken += len(endings)
        _erase(file)
    for file in folder.glob("unsaved-*.half"):
        _erase(file)
    return taken


def _erase(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(bytes(file.stat().st_size))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
