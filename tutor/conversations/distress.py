"""What this house says to somebody in distress, and whom one can turn to here: by own language, else as shipped."""

from collections.abc import Mapping

from tutor.accounts.models import User
from tutor.audit import chain
from tutor.conversations.models import DistressText
from tutor.dialogue.help_cards import sentence
from tutor.dialogue.message_signals import base

# In these the sentence is shipped.
LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ja", "zh", "ko", "ar")
# Not a language: the people and numbers of this house, the same in all of them.
PEOPLE = ""


def distress_words(own_language: str) -> str:
    """The sentence in the own language, or else in English, and the people to turn to."""
    language = base(own_language) if base(own_language) in LANGUAGES else "en"
    kept = dict(DistressText.objects.filter(language__in=(language, PEOPLE)).values_list("language", "text"))
    said = kept.get(language) or sentence("distress", language)
    return "\n\n".join(part for part in (said, kept.get(PEOPLE, "")) if part)


def distress_texts() -> dict[str, str]:
    """Every sentence as it is now, by language, and the people."""
    kept = dict(DistressText.objects.values_list("language", "text"))
    return {PEOPLE: kept.get(PEOPLE, "")} | {one: kept.get(one) or sentence("distress", one) for one in LANGUAGES}


def save_distress_texts(texts: Mapping[str, str], by: User) -> None:
    """Keep what differs from what is shipped; an empty sentence is the shipped one again."""
    for language, text in texts.items():
        shipped = sentence("distress", language) if language != PEOPLE else ""
        plain = text.strip().replace("\r\n", "\n")
        if plain in {"", shipped}:
            DistressText.objects.filter(language=language).delete()
        else:
            DistressText.objects.update_or_create(language=language, defaults={"text": plain})
    chain.record(by, "distress.changed", "house")
