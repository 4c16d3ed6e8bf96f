"""Writes a tiny, real GGUF: the engine's loader, tokenizer, template, sampler and grammar run on it as on any model.

The transformer adds nothing (its layers are zeros), so that the output matrix is a hand-written table of which token
follows which: after the template's header of a reply the model says `script`, word for word, and stops. Under a
grammar it closes strings and objects as soon as they may be closed. Under a second in the loader, the same every time.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt

SCRIPT = ("¡Hola", " Tom", "!", " ¿Cómo", " estás", " hoy", "?")
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTROL = ("<s>", "</s>", "<|im_start|>", "<|im_end|>")
LETTERS = [chr(c) for c in range(33, 127)] + ["▁", *"áéíóúñü¡¿äößêçàè"]
HEAD = 32
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """What costs time. `feed_forward` in the ten thousands makes prompt evaluation slow enough to be interrupted."""

    context_length: int = 4096
    layers: int = 1
    feed_forward: int = 32


@dataclass(frozen=True)
class Vocabulary:
    texts: list[str]
    scores: list[float]
    kinds: list[int]

    def index(self, text: str) -> int:
        return self.texts.index(text.replace(" ", "▁").replace("\n", "<0x0A>"))


def write_tiny_gguf(
    path: Path, *, script: Sequence[str] = SCRIPT, endless: bool = False, shape: Shape | None = None
) -> Path:
    """Write the model to `path` and return it. `endless` starts the script again instead of stopping."""
    shape = shape or Shape()
    words = _vocabulary(script)
    table = _followers(words, script, endless=endless)
    width = table.shape[1]
    writer = gguf.GGUFWriter(str(path), "llama")
    _describe(writer, words, width, shape)
    _tensors(writer, table, shape)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(script: Sequence[str]) -> Vocabulary:
    kind = gguf.TokenType
    rows: list[tuple[str, float, int]] = [("<unk>", 0.0, kind.UNKNOWN)]
    rows += [(text, 0.0, kind.CONTROL) for text in CONTROL]
    rows += [(f"<0x{byte:02X}>", 0.0, kind.BYTE) for byte in range(256)]
    rows += [(letter, -10.0, kind.NORMAL) for letter in LETTERS]
    pieces = dict.fromkeys(word.replace(" ", "▁") for word in script)
    rows += [(piece, -100.0, kind.NORMAL) for piece in pieces if len(piece) > 1]
    return Vocabulary([row[0] for row in rows], [row[1] for row in rows], [int(row[2]) for row in rows])


def _followers(words: Vocabulary, script: Sequence[str], *, endless: bool) -> Floats:
    """Row: the token that comes; column: the token it comes after; the last column counts after any token."""
    size = len(words.texts)
    width = (size + 1 + 31) // 32 * 32
    table = np.zeros((size, width), np.float32)
    liking = np.full(size, -2.0, np.float32)
    liking[: 1 + len(CONTROL) + 256] = -30.0
    for text, how_much in {'"': 6, "}": 5.5, "]": 5.2, ":": 5, ",": 4.8, "t": 4.5, "0": 3.5, "{": 3, "[": 3}.items():
        liking[words.index(text)] = how_much
    liking[words.index("<|im_end|>")] = 5.9
    table[:, width - 1] = liking
    for before, after in _pairs(words, script, endless=endless):
        table[after, before] += 20
    return np.asarray(table / np.sqrt(width / 2), np.float32)


def _pairs(words: Vocabulary, script: Sequence[str], *, endless: bool) -> list[tuple[int, int]]:
    scripted = [words.index(word) for word in script]
    chain = [words.index("\n"), *scripted, scripted[0] if endless else words.index("<|im_end|>")]
    return list(itertools.pairwise(chain))


def _describe(writer: gguf.GGUFWriter, words: Vocabulary, width: int, shape: Shape) -> None:
    writer.add_name("polyglott-tiny")
    writer.add_context_length(shape.context_length)
    writer.add_embedding_length(width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    _describe_tokens(writer, words)


def _describe_tokens(writer: gguf.GGUFWriter, words: Vocabulary) -> None:
    writer.add_vocab_size(len(words.texts))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(words.texts)
    writer.add_token_scores(words.scores)
    writer.add_token_types(words.kinds)
    writer.add_bos_token_id(words.index("<s>"))
    writer.add_eos_token_id(words.index("<|im_end|>"))
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(value=False)
    writer.add_add_space_prefix(value=False)
    writer.add_chat_template(TEMPLATE)


def _tensors(writer: gguf.GGUFWriter, table: Floats, shape: Shape) -> None:
    size, width = table.shape
    embedding = np.zeros((size, width), np.float16)
    embedding[np.arange(size), np.arange(size)] = 1
    embedding[:, width - 1] = 1
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", table.astype(np.float16))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    for layer in range(shape.layers):
        for name, rows, columns in _blank_layer(width, shape.feed_forward):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.zeros((rows, columns), np.float16))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(width, np.float32))


def _blank_layer(width: int, feed_forward: int) -> list[tuple[str, int, int]]:
    return [
        *((f"attn_{part}", HEAD, width) for part in "qkv"),
        ("attn_output", width, HEAD),
        ("ffn_gate", feed_forward, width),
        ("ffn_up", feed_forward, width),
        ("ffn_down", width, feed_forward),
    ]
