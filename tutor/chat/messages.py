"""Codes in plain words, in the person's language. What happened, what is safe, what to do."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

_SENTENCES = {
    "busy": _("The tutor is still answering. Your message stays here; send it when the reply is finished."),
    "too_many_waiting": _("Four of your replies are being written or waiting. Send this one when one is finished."),
    "too_many_messages": _("60 messages and 60 new tries an hour are the most. Take a break; your words stay here."),
    "too_long": _("A message may have 8,000 characters. Yours stays here; please shorten it."),
    "message_too_long": _("Your message is too long for this model. It stays here; please send it in two parts."),
    "taken": _("This message was sent in another conversation already."),
    "not_found": _("This conversation is not here (any more)."),
    "closed": _("You have come back to the family since. Here you can read, but not write: please begin a new talk."),
    "not_the_last": _("Only the last reply can be tried again or continued."),
    "nothing_to_continue": _("There is nothing to continue yet. Try again instead."),
    "continued_often": _("This reply was continued twenty times. Write the next message instead."),
    "nothing_to_check": _("Nobody looks at messages in this language here."),
    "nothing_to_reveal": _("No correction waits to be shown."),
    "opener": _("The greeting cannot be tried again."),
    "bad_frame": _("The page sent something that the server does not understand. Please reload it."),
    "too_fast": _("That was too quick. Please try again in a moment."),
    "not_saved": _("The server could not store this. Nothing was sent; your message stays here."),
    "restarting": _("The server is restarting. Your message stays here; it can be sent in a moment."),
    "signed_out": _("You are signed out. Please sign in again."),
    "too_slow": _("This page could not keep up. It will connect again by itself."),
    "too_many": _("Polyglott is open in too many places. Please close some of them."),
    "no_suggestions": _("There is nothing to suggest here just now."),
    "full": _("Too many people are connected. Please try again in a few minutes."),
}


def sentence(code: str, language: str = "") -> str:
    """The sentence for a refusal's code, in ``language`` or else that of the request. An unknown code gets the one
    that asks to reload."""
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        return str(_SENTENCES.get(code, _SENTENCES["bad_frame"]))
