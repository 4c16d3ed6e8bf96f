"""Names of languages: in the language of the page that is being made, and in the language itself."""

import unicodedata

from django.conf.locale import LANG_INFO
from django.http import HttpRequest, parse_cookie
from django.utils.translation import get_language, get_language_from_request, get_language_info, gettext

# Regional names that Django files under a script or leaves out.
_MACRO = {"zh": "zh-hans", "no": "nb"}
# Languages in which names of languages are written small; Django's translations are not of one mind about it.
_WRITTEN_SMALL = {"es"}


def language_name(tag: str) -> str:
    """What the page's language calls ``tag`` (BCP-47); the tag itself where nobody has a name for it."""
    info = _info(tag)
    if info is None:
        return tag
    name = gettext(info["name"])
    return name[:1].lower() + name[1:] if (get_language() or "")[:2] in _WRITTEN_SMALL else name


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
    tags = [tag for tag, info in LANG_INFO.items() if "name" in info and tag not in _MACRO]
    return sorted(((tag, label(tag)) for tag in tags), key=lambda choice: in_order(choice[1]))


def asked_language(accepted: str, cookies: str) -> str:
    """The pages' language that a browser asks for, from its headers ``Accept-Language`` and ``Cookie``."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"], request.COOKIES = accepted, parse_cookie(cookies)
    return get_language_from_request(request)


def in_order(name: str) -> str:
    """A key that sorts names as people do: accents and capitals do not count."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


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
