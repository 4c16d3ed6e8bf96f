"""The owner of a row, and what happens to it when its person takes it along or leaves."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Stewardship:
    """Declared by every model of ours; a test walks the registry.

    ``owner`` is the path of fields from the row to the person it is about, or ``"house"``.
    ``export`` says whether the row goes into a person's export; ``erase`` what erasing that person does to it.
    """

    owner: str
    export: bool
    erase: Literal["with owner", "kept without names", "kept"]
