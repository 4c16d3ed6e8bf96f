"""A process that uploads a sparse file with one client; prints what that cost it as JSON.

python -m tests.bench.client.uploading ours sync 5000000000 http://127.0.0.1:1234
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.client.meter import Cost, Meter
from tests.bench.client.names import client_class

_WARM_UP_BYTES = 1_000_000


async def _upload_aio(client: Any, small: Path, large: Path) -> Cost:
    await client.create_blob(small)
    meter = Meter()
    await client.create_blob(large)
    return meter.cost()


def _upload_sync(client: Any, small: Path, large: Path) -> Cost:
    client.create_blob(small)
    meter = Meter()
    client.create_blob(large)
    return meter.cost()


def _sparse(path: Path, length: int) -> Path:
    """A file of zeros that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(length)
    return path


def main(library: str, twin: str, length: str, base_url: str) -> None:
    client = client_class(library, twin)(base_url)
    with tempfile.TemporaryDirectory(prefix="polyglott-blob-") as folder:
        small = _sparse(Path(folder) / "small", _WARM_UP_BYTES)
        large = _sparse(Path(folder) / "large", int(length))
        cost = asyncio.run(_upload_aio(client, small, large)) if twin == "aio" else _upload_sync(client, small, large)
    print(json.dumps(asdict(cost)))


if __name__ == "__main__":
    main(*sys.argv[1:])
