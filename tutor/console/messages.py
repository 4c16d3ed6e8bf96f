"""Codes of engines, tests and records in plain words: what happened, what is safe, what to do."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tutor.llm.engine_status import EngineStatus
from tutor.llm.selection import PREFERRED, CurrentModel

PURPOSES = {
    "balance": _("good balance"),
    "fast": _("fast responses"),
    "quality": _("higher quality"),
    "alternative": _("alternative"),
    "guided": _("trying it out: guided talk"),
    "free": _("free talk, slow on few cores"),
    "": _("installed here"),
}
_TOO_LATE = _("It does not answer in time.")
_SLOW = _("It did not finish within 60 seconds. Perhaps it is still loading: try once more, or choose a smaller one.")
_BROKEN_OFF = _("It broke off in the middle of its answer.")
ENGINE_PROBLEMS = {
    "": _("Not asked yet."),
    "offline": _("Nobody answers at this address. Is Ollama running there?"),
    "slow_start": _TOO_LATE,
    "stalled": _TOO_LATE,
    "too_long": _TOO_LATE,
    "engine_error": _("Something answers there, but not as Ollama does."),
    "off": _("Switched off in this house."),
    "no_weights": _("It has no model yet. Fetch one under “Models”."),
    "starting": _("It is starting."),
    "no_wheel": _("Its program is not installed on this machine."),
    "no_libgomp": _("The system library libgomp1 is missing. Install it: sudo apt-get install libgomp1"),
    "no_avx2": _("This processor is too old for it (it has no AVX2)."),
    "no_memory": _("Too little memory is free."),
}
TEST_PROBLEMS = {
    "slow_start": _SLOW,
    "stalled": _SLOW,
    "too_long": _SLOW,
    "offline": _("The engine does not answer."),
    "model_missing": _("The engine does not have this model (any more)."),
    "engine_busy": _("The engine is busy. Try again in a moment."),
    "refused": _("The engine refused."),
    "engine_error": _("The engine reported a fault of its own."),
    "model_crashed": _("The model's process ended, perhaps for want of memory."),
    "out_of_memory": _("The computer has not enough memory for this model."),
    "cannot_load": _("The engine cannot load this model."),
    "message_too_long": _("The sentence does not fit into the model's context."),
    "cut_off": _BROKEN_OFF,
    "unfinished": _BROKEN_OFF,
    "protocol": _("What came back is not what Ollama sends."),
    "empty": _("It answered, but without a word."),
    "no_supervisor": _("This process runs no talks, so nothing can be asked from here."),
}
PLACES = {
    "here": _("on this computer"),
    "network": _("in your own network"),
    "outside": _("outside your network, as far as the address tells: what is written goes there"),
}
OUTSIDE = _(
    "This address seems to lead out of your network. What people write is sent there: "
    "use it only if the computer is yours."
)
EVENTS = {
    "house.set-up": _("set the house up"),
    "classroom.created": _("created a class or family"),
    "classroom.renamed": _("renamed a class or family"),
    "invitation.made": _("made an invitation"),
    "invitation.used": _("used an invitation"),
    "invitation.ended": _("ended an invitation"),
    "membership.began": _("let somebody in"),
    "membership.ended": _("removed somebody"),
    "membership.resumed": _("took somebody back in"),
    "device-link.made": _("made a link for a family’s device"),
    "device.trusted": _("trusted a device"),
    "devices.signed-out": _("signed a family’s devices out"),
    "reset-link.made": _("made a one-time code"),
    "reset-link.used": _("used a one-time code"),
    "password.changed": _("changed a password"),
    "sessions.ended": _("signed somebody out everywhere"),
    "person.made": _("made an account"),
    "person.closed": _("closed an account"),
    "person.opened": _("opened an account again"),
    "administrator.named": _("made somebody an administrator"),
    "administrator.dismissed": _("ended somebody’s administration"),
    "host.added": _("added a host"),
    "host.changed": _("changed a host"),
    "distress.changed": _("changed what is said to somebody in distress"),
    "preset.changed": _("saved the preset"),
}


def why(now: CurrentModel, wanted: str, picture: EngineStatus) -> str:
    """Why this model answers, or none does."""
    if not now.available:
        return _why_none(now, wanted)
    if now.instead_of:
        words = gettext("The preset names %(model)s, and no engine has it. Meanwhile the best that is here answers.")
        return words % {"model": now.instead_of}
    if wanted:
        return gettext("The preset names it.")
    if now.host_kind == "builtin":
        return _why_builtin(picture)
    if now.model in PREFERRED:
        return gettext("The best of the recommended ones that is installed.")
    return gettext("None of the recommended ones is installed; this is the best of the others.")


def _why_builtin(picture: EngineStatus) -> str:
    if any(engine.kind == "ollama" and engine.answers for engine in picture.engines):
        return gettext("Ollama answers but has no model, so the built-in engine does.")
    return gettext("No Ollama answers, so the built-in engine does.")


def _why_none(now: CurrentModel, wanted: str) -> str:
    if now.problem == "no_engine":
        return gettext("No engine answers: neither Ollama nor the built-in one.")
    if not wanted:
        return gettext("An engine answers, but no model is installed that could talk.")
    words = gettext("The preset names %(model)s, and no engine has it, nor another that could talk. Install one.")
    return words % {"model": wanted}
