"""Bad days, by name. Each gives a `Reply` for `ScriptedOllama.script`; `path` says in whose shapes its lines are.

    server.script(faults.no_done(path="/api/generate"), path="/api/generate")
    server.fault("no_done", path="/api/generate")

`FAULTS` are those that a chat may meet on any day, `ALL_FAULTS` all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.ollama.testing.faults.breaks import (
    chunk_cut,
    close_before_headers,
    close_delimited_cut,
    close_delimited_cut_in_line,
    close_mid_stream,
    hang_before_first_token,
    hang_before_headers,
    length_too_long,
    reset_before_headers,
    reset_mid_stream,
    stall_mid_stream,
)
from tutor.ollama.testing.faults.endings import (
    done_early,
    done_false,
    empty_body,
    empty_reply,
    message_missing,
    no_done,
    only_thinking,
)
from tutor.ollama.testing.faults.lines import (
    blank_lines,
    bytewise,
    cut_at,
    error_mid_stream,
    error_number_mid_stream,
    error_object_mid_stream,
    error_text_number_mid_stream,
    invalid_utf8,
    line_separators,
    list_line,
    malformed_line,
    null_mid_stream,
    number_mid_stream,
    scalar_mid_stream,
    utf8_cut_off,
)
from tutor.ollama.testing.faults.refusals import (
    bad_gateway,
    bad_gateway_page,
    busy,
    client_closed,
    error_empty,
    error_object,
    error_scalar,
    forbidden,
    model_missing,
    moved,
    not_found_text,
    rate_limited,
    redirect,
    redirect_kept,
    redirect_permanent,
    server_error,
    too_long,
    unauthorized,
)
from tutor.ollama.testing.faults.sizes import (
    drip,
    endless,
    endless_line,
    gzip_bomb,
    huge_headers,
    huge_line,
    wrong_content_type,
)
from tutor.ollama.testing.replies import Reply

FAULTS: dict[str, Callable[..., Reply]] = {
    fault.__name__: fault
    for fault in (
        close_before_headers, reset_before_headers, hang_before_headers, hang_before_first_token,
        stall_mid_stream, reset_mid_stream, close_mid_stream, close_delimited_cut, close_delimited_cut_in_line,
        malformed_line, list_line, error_mid_stream, error_object_mid_stream, error_number_mid_stream,
        scalar_mid_stream, model_missing, server_error, busy, bad_gateway_page, redirect, huge_line, endless_line,
        invalid_utf8, bytewise, line_separators, blank_lines, done_early, no_done, done_false, empty_body,
        empty_reply, only_thinking, message_missing, endless, drip, wrong_content_type, gzip_bomb, huge_headers,
    )
}  # fmt: skip

ALL_FAULTS: dict[str, Callable[..., Reply]] = FAULTS | {
    fault.__name__: fault
    for fault in (
        chunk_cut, length_too_long, error_text_number_mid_stream, number_mid_stream, null_mid_stream, utf8_cut_off,
        cut_at, too_long, rate_limited, bad_gateway, unauthorized, forbidden, not_found_text, client_closed,
        error_empty, error_object, error_scalar, moved, redirect_kept, redirect_permanent,
    )
}  # fmt: skip

__all__ = [
    "ALL_FAULTS",
    "FAULTS",
    "bad_gateway",
    "bad_gateway_page",
    "blank_lines",
    "busy",
    "bytewise",
    "chunk_cut",
    "client_closed",
    "close_before_headers",
    "close_delimited_cut",
    "close_delimited_cut_in_line",
    "close_mid_stream",
    "cut_at",
    "done_early",
    "done_false",
    "drip",
    "empty_body",
    "empty_reply",
    "endless",
    "endless_line",
    "error_empty",
    "error_mid_stream",
    "error_number_mid_stream",
    "error_object",
    "error_object_mid_stream",
    "error_scalar",
    "error_text_number_mid_stream",
    "forbidden",
    "gzip_bomb",
    "hang_before_first_token",
    "hang_before_headers",
    "huge_headers",
    "huge_line",
    "invalid_utf8",
    "length_too_long",
    "line_separators",
    "list_line",
    "malformed_line",
    "message_missing",
    "model_missing",
    "moved",
    "no_done",
    "not_found_text",
    "null_mid_stream",
    "number_mid_stream",
    "only_thinking",
    "rate_limited",
    "redirect",
    "redirect_kept",
    "redirect_permanent",
    "reset_before_headers",
    "reset_mid_stream",
    "scalar_mid_stream",
    "server_error",
    "stall_mid_stream",
    "too_long",
    "unauthorized",
    "utf8_cut_off",
    "wrong_content_type",
]
