"""How many tokens a turn may cost."""

from typing import Any

from tutor.conversations import store
from tutor.conversations.models import Conversation
from tutor.dialogue import Budget, UnknownScenario, dialogue_for
from tutor.llm.builtin import CONTEXT_TOKENS
from tutor.llm.presets import options_now
from tutor.llm.selection import CurrentModel, for_conversation

# Fits beside every prompt into the smallest context that a preset may ask for.
ALWAYS_FITS_CHARACTERS = 300


def takes_whole(conversation: Conversation, text: str) -> bool:
    """Whether the model that would answer now can be sent this message without leaving anything of it out."""
    if len(text) <= ALWAYS_FITS_CHARACTERS:
        return True
    model = for_conversation(conversation.host_id, conversation.model, guided=conversation.guided)
    options = options_for(model, options_now(conversation.preset_version, conversation.model))
    try:
        dialogue = dialogue_for(conversation.style, guided=conversation.guided, language=conversation.language)
    except UnknownScenario:
        return True
    budget = budget_of(options, conversation.characters_per_token)
    return dialogue.fits(store.talk_of(conversation, ()), text, budget)


def options_for(answer: CurrentModel, options: dict[str, Any]) -> dict[str, Any]:
    """The preset's options as this model can keep them: a context it has not would be cut short without a word.

    The built-in engine has one size and refuses more; an Ollama quietly takes what the model's file allows.
    """
    most = CONTEXT_TOKENS if answer.host_kind == "builtin" else answer.context_length
    wanted = options.get("num_ctx")
    if not isinstance(wanted, int) or not 0 < most < wanted:
        return options
    kept = {**options, "num_ctx": most}
    if isinstance(options.get("num_predict"), int):
        kept["num_predict"] = min(options["num_predict"], most // 2)
    return kept


def budget_of(options: dict[str, object], characters_per_token: float) -> Budget:
    """The explicit budget of a turn, from the preset's options."""
    num_ctx, num_predict = options.get("num_ctx"), options.get("num_predict")
    return Budget(
        num_ctx=num_ctx if isinstance(num_ctx, int) else 4096,
        num_predict=num_predict if isinstance(num_predict, int) else 256,
        characters_per_token=characters_per_token,
    )
