"""What is left of a message without its denials."""

from __future__ import annotations

import pytest

from tutor.dialogue.negation import affirmed


@pytest.mark.parametrize(
    ("language", "message", "left"),
    [
        ("en", "I don't like tea, but I like milk?", ", but I like milk?"),
        ("en", "No I want apples", "No I want apples"),
        ("en", "no thanks, I have a bag", "no thanks, I have a bag"),
        ("en", "Not only apples", "Not only apples"),
        ("en", "dont like it and you?", "and you?"),
        ("es", "¿No te gusta el cine?", "¿?"),
        ("es", "No, tengo dos.", "No, tengo dos."),
        ("es", "Quiero manzanas sin bolsa", "Quiero manzanas "),
        ("es", "Carmen, un kilo", "Carmen, un kilo"),
        ("fr", "j'ai pas d'amis et toi ?", "et toi ?"),
        ("fr", "C'est bon, n'est-ce pas ?", "C'est bon, n'est-ce pas ?"),
        ("fr", "Une journée neuve", "Une journée neuve"),
        ("de", "Nein, ich möchte Äpfel", "Nein, ich möchte Äpfel"),
        ("de", "Äpfel mag ich nicht und du?", "und du?"),
        ("pt", "Não gosto de queijo, mas quero pão", ", mas quero pão"),
        ("pt", "não obrigado, só batatas", "não obrigado, só batatas"),
        ("pt", "um café sem açúcar", "um café "),
        ("pl", "Nie mam psa.", "Nie mam psa."),
    ],
)
def test_what_is_left(language: str, message: str, left: str) -> None:
    assert affirmed(message, language) == left
