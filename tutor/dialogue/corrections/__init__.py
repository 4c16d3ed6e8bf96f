"""Corrections of what a learner wrote: what is found, how sure it is, what kind it is, and what to say about it.

Pure: a sentence and what a model and a dictionary said about it go in, findings come out. Nothing here asks anybody.
"""

from __future__ import annotations

from tutor.dialogue.corrections.checkers import Objection, lone_places, put_right, seconded
from tutor.dialogue.corrections.comparison import comparison_messages, comparison_request, preferred
from tutor.dialogue.corrections.edits import Edit, applied, edits_between
from tutor.dialogue.corrections.explanations import Explanation, explained_languages, explanation, spoken_for
from tutor.dialogue.corrections.findings import Certainty, Finding, with_neighbours, with_witness
from tutor.dialogue.corrections.forced_copy import (
    TOP,
    Deviation,
    copy_request,
    deviations,
    messages_for,
    prompt_version,
)
from tutor.dialogue.corrections.gate import by_rule, findings
from tutor.dialogue.corrections.generated import corrected_from, generation_request
from tutor.dialogue.corrections.hints import Hint, Rung, first_rung, hint, next_rung, within_budget, without_answer
from tutor.dialogue.corrections.kinds import GROUPS, is_wanted
from tutor.dialogue.corrections.language import CorrectionLanguage, correction_language, correction_languages
from tutor.dialogue.corrections.sentences import Sentence, around, sentences_of
from tutor.dialogue.corrections.slips import with_slips
from tutor.dialogue.corrections.spelling import Speller

__all__ = [
    "GROUPS",
    "TOP",
    "Certainty",
    "CorrectionLanguage",
    "Deviation",
    "Edit",
    "Explanation",
    "Finding",
    "Hint",
    "Objection",
    "Rung",
    "Sentence",
    "Speller",
    "applied",
    "around",
    "by_rule",
    "comparison_messages",
    "comparison_request",
    "copy_request",
    "corrected_from",
    "correction_language",
    "correction_languages",
    "deviations",
    "edits_between",
    "explained_languages",
    "explanation",
    "findings",
    "first_rung",
    "generation_request",
    "hint",
    "is_wanted",
    "lone_places",
    "messages_for",
    "next_rung",
    "preferred",
    "prompt_version",
    "put_right",
    "seconded",
    "sentences_of",
    "spoken_for",
    "with_neighbours",
    "with_slips",
    "with_witness",
    "within_budget",
    "without_answer",
]
