"""One turn of tutoring: from what was said so far to a request for the model, and from its chunks to words.

No web, no database, no network. `live` and the rooms call what is named here.
"""

from __future__ import annotations

from tutor.dialogue.goals import Stage, TalkProgress, goals_of, moves_on, scenario_progress, talk_progress
from tutor.dialogue.guided import GUIDED_OPTIONS
from tutor.dialogue.offers import Offer, dialogue_for, languages, offers, scenario, scenario_title
from tutor.dialogue.scenario import Scenario
from tutor.dialogue.scenario_files import spoken_lines
from tutor.dialogue.size import is_small
from tutor.dialogue.types import (
    AuthoredReply,
    Budget,
    Dialogue,
    Flaw,
    Message,
    MessageTooLong,
    ModelRequest,
    Output,
    Reader,
    Speaker,
    TalkContext,
    UnknownScenario,
    Unreadable,
    Utterance,
)
from tutor.dialogue.window import calibrated
from tutor.dialogue.window import tokens as estimated_tokens

__all__ = [
    "GUIDED_OPTIONS",
    "AuthoredReply",
    "Budget",
    "Dialogue",
    "Flaw",
    "Message",
    "MessageTooLong",
    "ModelRequest",
    "Offer",
    "Output",
    "Reader",
    "Scenario",
    "Speaker",
    "Stage",
    "TalkContext",
    "TalkProgress",
    "UnknownScenario",
    "Unreadable",
    "Utterance",
    "calibrated",
    "dialogue_for",
    "estimated_tokens",
    "goals_of",
    "is_small",
    "languages",
    "moves_on",
    "offers",
    "scenario",
    "scenario_progress",
    "scenario_title",
    "spoken_lines",
    "talk_progress",
]
