"""Hunspell dictionaries of this computer: spelling where one is installed, and a plain "none" where it isn't.

Dictionaries are data under licences of their own: they are the system's (Debian's ``hunspell-es`` and so on), or lie in
``var/dictionaries``; none comes with the application.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

# The first that is there is taken. Of German the older reform's table is never one of them.
NAMES: Final = {
    "de": ("de_DE", "de_DE_frami", "de"),
    "en": ("en_US", "en_GB", "en"),
    "es": ("es_ES", "es_MX", "es"),
    "fr": ("fr_FR", "fr", "fr-classique", "fr-toutesvariantes"),
    "it": ("it_IT", "it"),
    "pt": ("pt_BR", "pt_PT", "pt"),
}
SYSTEM_FOLDERS: Final = (Path("/usr/share/hunspell"), Path("/usr/share/myspell/dicts"), Path("/Library/Spelling"))
# A dictionary takes up to 21 MB; suggestions for one word up to 0.3 s of CPU.
_KEPT, _WORDS_KEPT = 3, 2_000


class Dictionary:
    """One language's words. Calls may take a while: they belong into a thread."""

    def __init__(self, name: str, folder: Path) -> None:
        # Loaded only here: a computer that cannot load it has no dictionaries, and everything else.
        from hunspell import Hunspell

        self._hunspell = Hunspell(name, hunspell_data_dir=str(folder))
        self.suggestions = lru_cache(_WORDS_KEPT)(self._suggest)

    def knows(self, word: str) -> bool:
        """Whether the word is spelled right."""
        return bool(self._hunspell.spell(word))

    def _suggest(self, word: str) -> Sequence[str]:
        return tuple(self._hunspell.suggest(word))


def dictionary(language: str) -> Dictionary | None:
    """Return the dictionary of a language (BCP-47), or None where none is installed or it cannot be read."""
    found = found_at(language)
    return _loaded(*found) if found is not None else None


def found_at(language: str) -> tuple[str, Path] | None:
    """Return name and folder of a language's dictionary; the house's own folder comes before the system's."""
    names = NAMES.get(language.split("-", maxsplit=1)[0].lower(), ())
    folders = (Path(settings.VAR_DIR) / "dictionaries", *SYSTEM_FOLDERS)
    there = ((name, folder) for folder in folders for name in names if (folder / f"{name}.dic").is_file())
    return next(there, None)


@lru_cache(_KEPT)
def _loaded(name: str, folder: Path) -> Dictionary | None:
    try:
        return Dictionary(name, folder)
    except Exception:  # noqa: BLE001 - a broken file, or a library that this system cannot load
        return None
