"""Which model answers: pure choice over what is known about the engines."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings

from tutor.dialogue import is_small
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts, engine_status
from tutor.llm.hosts import addresses, note_talk, place_of
from tutor.llm.models import Host, PresetVersion
from tutor.llm.presets import current_version

# The specification's table, best first for a class: the balanced one, the quick one, the big one, the alternative.
PREFERRED = ("qwen2.5:7b", "qwen2.5:3b", "qwen2.5:14b", "llama3.1:8b")


@dataclass(frozen=True)
class CurrentModel:
    """The model that new conversations get now, or why there is none (``problem``: ``no_engine``, ``no_model``)."""

    available: bool
    guided: bool
    host_pk: int | None = None
    host_kind: str = ""
    base_url: str = ""
    model: str = ""
    digest: str = ""
    family: str = ""
    context_length: int = 0
    problem: str = ""
    remote: bool = False
    capabilities: tuple[str, ...] = ()
    instead_of: str = ""
    """The model that was asked for and that no engine has now."""


@dataclass(frozen=True)
class Elsewhere:
    """Where words go that leave the house: the computer's name, or "" where only its engine knows."""

    computer: str = ""


def leaves_house(host: Host | None, model: str) -> Elsewhere | None:
    """Where this model answers from, if that is outside: on a host out there, or (with ``POLYGLOTT_ALLOW_CLOUD``) by
    way of one in here. An administrator asked for it; everybody who writes is told."""
    engine = engine_status().engine(host.pk) if host is not None else None
    facts = engine.model(model) if engine is not None else None
    return _elsewhere(host.base_url if host is not None else "", remote=facts is not None and facts.remote)


def answers_elsewhere(answer: CurrentModel) -> Elsewhere | None:
    """The same, for new conversations."""
    return _elsewhere(answer.base_url, remote=answer.remote)


def stays_in_house() -> bool:
    """Whether nothing can leave: no model and no host in use is elsewhere."""
    asked = [one.base_url for one in addresses()] + [settings.LANGUAGETOOL_URL] * bool(settings.LANGUAGETOOL_URL)
    return not settings.ALLOW_CLOUD and all(place_of(url) != "outside" for url in asked)


def _elsewhere(base_url: str, *, remote: bool) -> Elsewhere | None:
    if place_of(base_url) == "outside":
        return Elsewhere(urlsplit(base_url).hostname or "")
    return Elsewhere() if remote else None


def current_model() -> CurrentModel:
    """For new conversations: the current preset's model, or the best that is installed somewhere."""
    version = current_version()
    answer = choose(engine_status(), version.model, version.mode)
    if answer.available or version.mode != PresetVersion.Mode.AUTO:
        return answer
    was_free = Host.objects.filter(enabled=True, was_free=True).exists()
    return replace(answer, guided=not was_free)


def note_kind_of_talk(picture: EngineStatus) -> None:
    """Remember, while somebody answers, what kind of talk new conversations get."""
    answer = choose(picture, "", PresetVersion.Mode.AUTO)
    if answer.available and answer.host_pk is not None:
        note_talk(answer.host_pk, free=not answer.guided)


def choose(picture: EngineStatus, wanted: str, mode: str) -> CurrentModel:
    """The wanted model where an engine has it, else the best there is; never one that answers from elsewhere, unless
    it was asked for by its name or none was."""
    engines = [engine for engine in picture.engines if engine.answers]
    if not engines:
        return _nobody("no_engine", wanted, guided=mode != PresetVersion.Mode.FREE)
    named = ((engine, found) for engine in engines if (found := _wanted(engine, wanted)) is not None)
    if wanted and (first := next(named, None)) is not None:
        return _answer(*first, mode)
    for engine in (_within(engine) for engine in engines) if wanted else engines:
        if (best := _best(engine)) is not None:
            return replace(_answer(engine, best, mode), instead_of=wanted)
    return _nobody("no_model", wanted, guided=mode != PresetVersion.Mode.FREE)


def _nobody(problem: str, wanted: str, *, guided: bool) -> CurrentModel:
    return CurrentModel(available=False, guided=guided, problem=problem, model=wanted)


def for_conversation(host_pk: int | None, model: str, *, guided: bool, mode: str = "auto") -> CurrentModel:
    """A conversation keeps its model. Only when that is gone does another one answer, and only for the same kind of
    talk: a small model never takes over a free one, and one that answers from elsewhere takes over none, since
    whoever is writing was not told that the words leave the house."""
    picture = engine_status()
    own, within = picture.engine(host_pk), _within_the_house(picture)
    for engine in (own, *within.engines) if own is not None else within.engines:
        found = engine.model(model) if engine.answers else None
        if found is not None:
            return _answer(engine, found, mode)
    other = choose(within, "", mode)
    if other.available and (guided or not other.guided):
        return other
    problem = "model_missing" if any(engine.answers for engine in picture.engines) else "offline"
    return _nobody(problem, model, guided=guided)


def this_model(engine: EngineState, name: str) -> CurrentModel:
    """This model of this engine, whatever it can do; one that is not installed is taken as it is called."""
    return replace(_answer(engine, engine.model(name) or ModelFacts(name), "auto"), model=name)


def able_models(*, guided: bool) -> list[CurrentModel]:
    """The models within the house that can hold such a talk now: for a free one, those that are big enough."""
    engines = [engine for engine in _within_the_house(engine_status()).engines if engine.answers]
    able = [(engine, facts) for engine in engines for facts in engine.models if facts.completion]
    return [_answer(engine, facts, "auto") for engine, facts in able if guided or not _small(facts)]


def able_model(model: str, host_pk: str, *, guided: bool) -> CurrentModel | None:
    """The one of them that a form names; None when it is not there (any more)."""
    able = able_models(guided=guided)
    return next((one for one in able if (one.model, str(one.host_pk)) == (model, host_pk)), None)


def _within_the_house(picture: EngineStatus) -> EngineStatus:
    return replace(picture, engines=tuple(_within(engine) for engine in picture.engines))


def _within(engine: EngineState) -> EngineState:
    stays = (facts for facts in engine.models if _elsewhere(engine.base_url, remote=facts.remote) is None)
    return replace(engine, models=tuple(stays))


def _answer(engine: EngineState, facts: ModelFacts, mode: str) -> CurrentModel:
    guided = mode == PresetVersion.Mode.GUIDED or (mode == PresetVersion.Mode.AUTO and _small(facts))
    return CurrentModel(
        available=True,
        guided=guided,
        host_pk=engine.host_pk,
        host_kind=engine.kind,
        base_url=engine.base_url,
        model=facts.name,
        digest=facts.digest,
        family=facts.family,
        context_length=facts.context_length,
        remote=facts.remote,
        capabilities=facts.capabilities,
    )


def _wanted(engine: EngineState, name: str) -> ModelFacts | None:
    found = engine.model(name)
    return found if found is not None and found.completion else None


def _best(engine: EngineState) -> ModelFacts | None:
    """A recommended one, else the first that is big enough for free talk, else the first that can talk at all."""
    able = [facts for facts in engine.models if facts.completion]
    preferred = (facts for name in PREFERRED if (facts := engine.model(name)) in able)
    return next(preferred, None) or next((facts for facts in able if not _small(facts)), None) or next(iter(able), None)


def _small(facts: ModelFacts) -> bool:
    return is_small(facts.parameter_size or None, facts.capabilities)
