"""Pictures: bytes, paths and texts become base64, and no text makes the file system complain."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tutor.ollama import RequestError
from tutor.ollama.images import image_base64
from tutor.ollama.types import Image, Message

CONTENT = b"\x89PNG\x00\xff"
ENCODED = base64.b64encode(CONTENT).decode()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.PNG"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("value", [CONTENT, bytearray(CONTENT), memoryview(CONTENT), ENCODED])
def test_what_is_a_picture_in_itself(value: Any) -> None:
    assert image_base64(value) == ENCODED
    assert image_base64(value, read_image_paths=False) == ENCODED


def test_a_path_object_is_read_in_both_modes(picture: Path) -> None:
    class Elsewhere(os.PathLike[str]):
        def __fspath__(self) -> str:
            return str(picture)

    for path in (picture, Elsewhere()):
        assert image_base64(path) == image_base64(path, read_image_paths=False) == ENCODED


def test_a_text_that_names_a_file_is_read_unless_that_is_off(picture: Path, tmp_path: Path) -> None:
    assert image_base64(str(picture)) == ENCODED
    with pytest.raises(RequestError) as caught:
        image_base64(str(picture), read_image_paths=False)
    assert str(picture) not in str(caught.value)
    secret = tmp_path / "AAAA"
    secret.write_bytes(b"secret")
    assert image_base64(str(secret)) == base64.b64encode(b"secret").decode()
    with pytest.raises(RequestError):
        image_base64("/dev/zero")


def test_with_paths_off_no_text_touches_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "AAAA").write_bytes(b"secret")
    monkeypatch.chdir(tmp_path)
    assert image_base64("AAAA") == base64.b64encode(b"secret").decode()
    assert image_base64("AAAA", read_image_paths=False) == "AAAA"


@pytest.mark.parametrize("text", ["", ".", "/tmp", "A" * 5000, "AAA\0A", "QUJD\nQUJD", "not a path or base64"])
def test_texts_that_pass_as_they_are(text: str) -> None:
    assert image_base64(text) == text
    assert image_base64(text, read_image_paths=False) == text


@pytest.mark.parametrize(
    "value",
    [
        "gone.png",
        "gone.JPG",
        "gone.jpeg",
        "gone.webp",
        "a",
        "ñ",
        "a\0b",
        "\ud800",
        "/" * 5001,
        "data:image/png;base64,AAAA",
        5,
        None,
        Path("/gone/away"),
    ],
)
def test_what_is_no_picture(value: Any) -> None:
    with pytest.raises(RequestError) as caught:
        image_base64(value)
    assert caught.value.__cause__ is None
    assert "gone" not in str(caught.value)


@given(text=st.text(max_size=40) | st.text(alphabet="A/.\0\ud800=png~", max_size=400), read=st.booleans())
def test_no_text_makes_the_file_system_complain(text: str, read: bool) -> None:
    with contextlib.suppress(RequestError):
        assert isinstance(image_base64(text, read_image_paths=read), str)


def test_a_path_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, why in (
        (loop, "symbolic links"),
        (tmp_path, "directory"),
        (tmp_path / "x", "No such"),
        (Path("\0"), "exist"),
    ):
        with pytest.raises(RequestError, match=f"cannot be read: .*{why}"):
            image_base64(path)


def test_an_image_object_is_written_as_base64(picture: Path) -> None:
    for value in (CONTENT, picture, str(picture), ENCODED):
        assert TypeAdapter(Image).dump_python(Image(value=value)) == ENCODED
        assert json.loads(Image(value=value).model_dump_json()) == ENCODED
    with pytest.raises(ValueError, match="image names a file"):
        Image(value=str(picture)).model_dump(context={"read_image_paths": False})


def test_a_message_takes_images_bare_and_keeps_their_kind(picture: Path) -> None:
    images: list[Any] = [CONTENT, bytearray(CONTENT), memoryview(CONTENT), picture, ENCODED, Image(value=CONTENT)]
    message = Message.model_validate({"role": "user", "images": images})
    assert message.images is not None
    assert [image.value for image in message.images] == [CONTENT, CONTENT, CONTENT, picture, ENCODED, CONTENT]
    assert message.model_dump(exclude_none=True) == {"role": "user", "images": [ENCODED] * 6}
    assert Message.model_validate_json(message.model_dump_json()).images == [Image(value=ENCODED)] * 6
    with pytest.raises(ValueError, match="valid"):
        Message.model_validate({"role": "user", "images": [5]})


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_never_read_as_a_path(tmp_path: Path, kind: type) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(b"secret")
    content = kind(str(path).encode())
    message: Any = Message(role="user", images=[content])
    images: list[Any] = [Image(value=content), Image.model_validate(content), *message.images]
    for image in images:
        assert base64.b64decode(image.model_dump()) == str(path).encode()
        assert isinstance(image.value, bytes)
    assert isinstance(Image(value=PurePosixPath(path)).value, Path)
