"""Builds a wheel that carries bytes, and whose code says so loudly if it is ever run."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

from tutor.engine.weights import Wheel

_LOUD = "raise SystemExit('this package must never be imported')\n"


def build_wheel(folder: Path, number: int, body: bytes) -> Wheel:
    """`tiny_weights_partN-1.0` in `folder`, with its pin."""
    name = f"tiny_weights_part{number}"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    member = f"{name}/data/part{number:02d}.bin"
    files = {
        f"{name}/__init__.py": _LOUD.encode(),
        member: body,
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{name}-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{inner},sha256={_digest(content)},{len(content)}\n" for inner, content in files.items())
    files[f"{name}-1.0.dist-info/RECORD"] = f"{record}{name}-1.0.dist-info/RECORD,,\n".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Wheel(name.replace("_", "-"), "1.0", sha256, member, len(body))


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
