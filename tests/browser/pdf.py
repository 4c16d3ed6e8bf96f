"""The text of a PDF that chromium made: which glyphs stand there, and which letters they are."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>(?=[^\]]*\] ?TJ| ?Tj)|(\bET\b)")

Letters = dict[int, str]


def text_of(pdf: bytes) -> str:
    """All words, in the order in which they are drawn, without any white space: a PDF places letters, not spaces."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    letters = {number: _letters(objects, body) for number, body in objects.items() if b"/ToUnicode" in body}
    return "".join("".join(_text(_unpacked(body), letters)) for body in objects.values() if b"stream" in body)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _letters(objects: dict[int, bytes], font: bytes) -> Letters:
    """What each glyph of a font means."""
    reference = re.search(rb"/ToUnicode (\d+) 0 R", font)
    table = _unpacked(objects[int(reference[1])]).decode() if reference else ""
    letters: Letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        letters |= {int(glyph, 16): _utf16(code) for glyph, code in re.findall(r"<(\w+)> <(\w+)>", block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, code in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            glyphs = range(int(first, 16), int(last, 16) + 1)
            letters |= {glyph: chr(int(code, 16) + glyph - glyphs[0]) for glyph in glyphs}
    return letters


def _utf16(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")


def _text(content: bytes, fonts: dict[int, Letters]) -> list[str]:
    words, letters = [], Letters()
    for font, glyphs, _end in _SHOWN.findall(content):
        if font:
            letters = fonts.get(int(font), {})
        elif glyphs:
            codes = [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4)]
            words.append("".join(letters.get(code, "") for code in codes).replace(" ", "").replace("\xa0", ""))
    return words
