"""A new conversation: the model is chosen, the tutor greets at once, and the prompt is taken in meanwhile."""

from uuid import UUID

from django.utils.translation import get_language

from tutor.accounts.models import User
from tutor.classrooms.models import Membership, Study
from tutor.conversations import services, store
from tutor.conversations.models import Conversation
from tutor.conversations.services import Beginning
from tutor.dialogue import Offer, UnknownScenario, dialogue_for, offers, scenario_title
from tutor.live.supervisor import warm_soon
from tutor.llm.models import Host
from tutor.llm.presets import current_version
from tutor.llm.selection import current_model


def begin(learner: User, *, client_id: UUID, study: Study, style: str, membership: Membership | None) -> Conversation:
    """The conversation this command begins, with its opener said. Raises UnknownScenario for one not on offer."""
    answer = current_model()
    offer = _on_offer(study, style, guided_only=answer.guided)
    guided = offer.mode == "guided"
    dialogue = dialogue_for(style, guided=guided, language=study.language)
    beginning = Beginning(
        client_id=client_id,
        study=study,
        membership=membership,
        style=style,
        style_version=offer.scenario.version,
        guided=guided,
        title=scenario_title(style, study.language, get_language() or "en"),
        host=Host.objects.filter(pk=answer.host_pk).first() if answer.host_pk else None,
        model=answer.model,
        preset_version=current_version(),
    )
    conversation, fresh = services.begin_greeted(
        learner, beginning, lambda begun: dialogue.opener(store.talk_of(begun, []))
    )
    if fresh:
        warm_soon(conversation.public_id)
    return conversation


def _on_offer(study: Study, style: str, *, guided_only: bool) -> Offer:
    for one in offers(study.language, study.level, guided_only=guided_only):
        if one.scenario.key == style and one.mode is not None:
            return one
    raise UnknownScenario(style)
