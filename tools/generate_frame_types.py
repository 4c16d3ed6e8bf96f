#!/usr/bin/env python3
"""Write the types of frames and commands for static/js from the models in tutor/chat/protocol.py.

tools/generate_frame_types.py          write static/js/chat/frames.d.ts
tools/generate_frame_types.py --check  write nothing; fails if the file is not what would be written

A frame's interface is called after its class: ``TurnView`` is ``TurnFrame``, ``Delta`` is ``DeltaFrame``, a command
``Send`` is ``SendCommand``; what they hold beside these keeps the name of its class. A field with a default is always
there in a frame, and may be left out of a command.
"""

from __future__ import annotations

import json
import sys
import typing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "js" / "chat" / "frames.d.ts"
HEADER = "// Written by tools/generate_frame_types.py from tutor/chat/protocol.py. Change that one.\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}

sys.path.insert(0, str(ROOT))


def written() -> str:
    from tutor.chat import protocol

    commands, frames = typing.get_args(protocol.Command), typing.get_args(protocol.Frame)
    names = {one.__name__: f"{one.__name__}Command" for one in commands}
    names |= {one.__name__: f"{one.__name__.removesuffix('View')}Frame" for one in frames}
    sent, received = definitions(protocol.Command, "validation"), definitions(protocol.Frame, "serialization")
    for model in received.values():
        model["required"] = list(model["properties"])
    models = sorted((sent | received).items(), key=lambda one: list(names).index(one[0]) if one[0] in names else -1)
    blocks = [union("Command", commands, names), union("Frame", frames, names)]
    return HEADER + "\n" + "\n".join(blocks + [interface(name, model, names) for name, model in models])


def definitions(of: Any, mode: typing.Literal["validation", "serialization"]) -> dict[str, dict[str, Any]]:
    """The JSON schema of every model of a union and of what these hold, by the name of its class."""
    from pydantic import TypeAdapter

    found: dict[str, dict[str, Any]] = TypeAdapter(of).json_schema(mode=mode)["$defs"]
    return found


def union(name: str, models: tuple[type, ...], names: dict[str, str]) -> str:
    return f"type {name} =\n" + "\n".join(f"  | {names[one.__name__]}" for one in models) + ";\n"


def interface(name: str, model: dict[str, Any], names: dict[str, str]) -> str:
    required = set(model.get("required", ()))
    fields = [
        f"  {field}{'' if field in required else '?'}: {typed(schema, names)};\n"
        for field, schema in model["properties"].items()
    ]
    return f"{comment(model.get('description', ''))}interface {names.get(name, name)} {{\n{''.join(fields)}}}\n"


def comment(description: str) -> str:
    return f"/** {' '.join(description.split())} */\n" if description else ""


def typed(schema: dict[str, Any], names: dict[str, str]) -> str:
    """The TypeScript type of one JSON schema. Raises KeyError for a kind of schema that no frame has held so far."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return names.get(name, name)
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(typed(one, names) for one in schema[several])
    if schema["type"] == "array":
        return f"ReadonlyArray<{typed(schema['items'], names)}>"
    return PLAIN[schema["type"]]


def main() -> int:
    text = written()
    if TARGET.exists() and TARGET.read_text() == text:
        return 0
    if "--check" in sys.argv:
        print(f"{TARGET.relative_to(ROOT)} is not what the protocol says. Run: {Path(__file__).relative_to(ROOT)}")
        return 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
