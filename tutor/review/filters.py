"""The filter of the queue, as its address has it."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from tutor.searches import MARK


@dataclass(frozen=True)
class QueueFilter:
    """Conversations of one student, in one language, reported ones only, with words in the title; or all."""

    student: UUID | None = None
    language: str = ""
    reported: bool = False
    search: str = ""

    @classmethod
    def of(cls, query: QueryDict, search: str) -> Self:
        """Whatever cannot be understood is not asked for. The words of titles come from elsewhere than the address."""
        return cls(
            student=_uuid(query.get("student", "")),
            language=query.get("language", "")[:35],
            reported=query.get("reported") == "1",
            search=search,
        )

    @property
    def anything(self) -> bool:
        return bool(self.student or self.language or self.reported or self.search)

    @property
    def query(self) -> str:
        """The same as the end of an address, so that a filter stays while one reads. It tells no words of a title."""
        asked = {"student": self.student, "language": self.language}
        asked |= {"reported": "1" if self.reported else "", MARK: "1" if self.search else ""}
        return urlencode({name: value for name, value in asked.items() if value})


def before(query: QueryDict) -> int | None:
    """The ordinal before which turns are wanted."""
    asked = query.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
