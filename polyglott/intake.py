"""How much of a request's body Daphne keeps. By itself it takes in all there is before anybody is asked."""

from daphne import http_protocol

from polyglott.guard import BODY_BYTES


class MeasuredRequest(http_protocol.WebRequest):
    """Keeps one piece more than is allowed, so that the guard sees that it was too much; the rest is let go unread."""

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.content.tell() <= BODY_BYTES:
            super().handleContentChunk(data)


def measure_bodies() -> None:
    """From now on, in this process."""
    http_protocol.WebRequest = MeasuredRequest
