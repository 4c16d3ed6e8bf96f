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

__all__ = ["ALL_FAULTS", "FAULTS", *ALL_FAULTS]  # noqa: PLE0604 - the functions themselves, under their own names
