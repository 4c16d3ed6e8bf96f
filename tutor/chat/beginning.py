"""A new conversation: the model is chosen, the tutor greets at once, and the prompt is taken in meanwhile."""

from uuid import UUID

from tutor.accounts.models import User
from tutor.classrooms.models import Membership, Study
from tutor.conversations import services, store
from tutor.conversations.models import Conversation
from tutor.conversations.services import Beginning
from tutor.dialogue import dialogue_for, styles
from tutor.live.supervisor import warm_soon
from tutor.llm.models import Host
from tutor.llm.presets import current_version
from tutor.llm.selection import current_model


def begin(
    learner: User, *, client_id: UUID, study: Study, style: str, title: str, membership: Membership | None
) -> Conversation:
    """The conversation this command begins, with its opener said. Raises UnknownStyle for a style not on offer."""
    answer = current_model()
    guided = answer.guided
    version = next((one.version for one in styles(guided=guided, language=study.language) if one.key == style), 1)
    dialogue = dialogue_for(style, guided=guided, language=study.language)
    beginning = Beginning(
        client_id=client_id,
        study=study,
        membership=membership,
        style=style,
        style_version=version,
        guided=guided,
        title=title,
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
