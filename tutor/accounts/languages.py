"""Names of languages: in the language of the page that is being made, and in the language itself."""

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info, gettext

# Regional names that Django files under a script or leaves out.
_MACRO = {"zh": "zh-hans", "no": "nb"}


def language_name(tag: str) -> str:
    """What the page's language calls ``tag`` (BCP-47); the tag itself where nobody has a name for it."""
    info = _info(tag)
    return gettext(info["name"]) if info else tag


def autonym(tag: str) -> str:
    """What the language calls itself; the tag where that is not known."""
    info = _info(tag)
    return info["name_local"] if info else tag


def label(tag: str) -> str:
    """Both names in one: ``Spanish · español``."""
    name, own = language_name(tag), autonym(tag)
    return name if name.casefold() == own.casefold() else f"{name} · {own}"


def every_language() -> list[tuple[str, str]]:
    """Choices for "your own language", in the order of the page's language."""
    tags = [tag for tag, info in LANG_INFO.items() if "name" in info]
    return sorted(((tag, label(tag)) for tag in tags), key=lambda choice: choice[1].casefold())


def _info(tag: str) -> dict[str, str] | None:
    parts = tag.lower().split("-")
    for length in range(len(parts), 0, -1):
        candidate = "-".join(parts[:length])
        try:
            found: dict[str, str] = get_language_info(_MACRO.get(candidate, candidate))
        except KeyError:
            continue
        return found
    return None
