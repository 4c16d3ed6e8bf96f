#!/usr/bin/env python3
"""Keep static/vendor/ equal to its lock.

`VENDOR.lock.json` names each package, its version, the archive's integrity and the files taken from it.

    tools/vendor_js.py            fetch with npm, check each archive's integrity, write the files
    tools/vendor_js.py --check    no network: compare the files here with the lock's sha256
    tools/vendor_js.py --accept   after changing a version by hand: record the new integrity and sha256
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LOCK = VENDOR / "VENDOR.lock.json"
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=[^\n]*\n?$")
BARE_IMPORT = re.compile(r"""^(?:import|export)\b[^'"\n;]*?\bfrom\s*['"](?![./])([^'"]+)['"]""", re.MULTILINE)


def main(arguments: list[str]) -> int:
    lock = json.loads(LOCK.read_text())
    if "--check" in arguments:
        return complain(drift(lock))
    for package in lock["packages"]:
        take(package, accept="--accept" in arguments)
        print(f"{package['name']} {package['version']}")
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    return complain(drift(lock))


def complain(problems: list[str]) -> int:
    for problem in problems:
        print(f"static/vendor: {problem}", file=sys.stderr)
    return 1 if problems else 0


def take(package: dict[str, Any], *, accept: bool) -> None:
    """Fetch one package and write its files; exits where the archive is not the one that was locked."""
    with tempfile.TemporaryDirectory() as scratch:
        archive = pack(package, Path(scratch))
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != package["integrity"] and not accept:
            sys.exit(f"{package['name']}: the archive is not the locked one (--accept records it)")
        package["integrity"] = found
        with tarfile.open(archive) as tar:
            for file in package["files"]:
                content = adapted(member(tar, file["from"]), file.get("replace", []))
                file["sha256"] = write(VENDOR / file["to"], content)
            licence = member(tar, package["license_file"])
        package["license_sha256"] = write(VENDOR / "licences" / f"{package['name']}.txt", licence)


def pack(package: dict[str, Any], folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{package['name']}@{package['version']}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def member(tar: tarfile.TarFile, name: str) -> bytes:
    stream = tar.extractfile(f"package/{name}")
    if stream is None:
        sys.exit(f"{name} is not a file of the archive")
    return stream.read()


def adapted(content: bytes, replacements: list[tuple[str, str]]) -> bytes:
    """The file as it is served: no pointer to a source map that isn't there, imports by relative path."""
    content = SOURCE_MAP.sub(b"\n", content)
    for old, new in replacements:
        content = content.replace(old.encode(), new.encode())
    return content


def write(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def drift(lock: dict[str, Any]) -> list[str]:
    """Everything in static/vendor/ that is not as the lock says, in words."""
    promised = {LOCK.name: hashlib.sha256(LOCK.read_bytes()).hexdigest()}
    for package in lock["packages"]:
        promised |= {file["to"]: file["sha256"] for file in package["files"]}
        promised[f"licences/{package['name']}.txt"] = package["license_sha256"]
    present = {str(path.relative_to(VENDOR)): path for path in VENDOR.rglob("*") if path.is_file()}
    problems = [f"{name} is missing" for name in promised.keys() - present.keys()]
    problems += [f"{name} is not in the lock" for name in present.keys() - promised.keys()]
    for name in promised.keys() & present.keys():
        problems += flaws(name, present[name].read_bytes(), promised[name])
    return sorted(problems)


def flaws(name: str, content: bytes, sha256: str) -> list[str]:
    found = []
    if hashlib.sha256(content).hexdigest() != sha256:
        found.append(f"{name} was changed")
    if name.endswith(".js"):
        text = content.decode()
        found += [f"{name} imports {bare!r} by a bare name" for bare in BARE_IMPORT.findall(text)]
        if "sourceMappingURL" in text:
            found.append(f"{name} points at a source map")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
