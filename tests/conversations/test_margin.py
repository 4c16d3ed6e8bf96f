"""When a correction is shown that its learner wants to see after the talk."""

from __future__ import annotations

from tests.cast import Cast
from tests.review.talks import begun, corrected, say
from tutor.classrooms.models import CorrectionTiming
from tutor.conversations import margin
from tutor.conversations.models import Card, Conversation
from tutor.conversations.provenance import MadeState
from tutor.dialogue import scenario
from tutor.dialogue.scenario import ScenarioLines

ARTICLE: dict[str, object] = {"old": "La", "new": "El"}


def lines() -> ScenarioLines:
    return scenario("market").lines["es"]


def guided(cast: Cast, corrections: str) -> Conversation:
    cast.anas_study.corrections = corrections
    cast.anas_study.save()
    return begun(cast, guided=True, style_version=scenario("market").version, study=cast.anas_study)


def test_they_wait_for_the_last_line_of_a_guided_talk(cast: Cast) -> None:
    conversation = guided(cast, CorrectionTiming.AFTER)
    turn = say(conversation, "La pan es bueno.", "¿Qué más le pongo?")
    card = corrected(turn, ARTICLE)
    Card.objects.update(timing=margin.timing_of(conversation))
    reply = turn.replies.get()
    assert margin.reveal_where_over(reply.public_id) == (conversation.public_id, [])
    last = say(conversation, "Adiós.", lines().endings[0]).replies.get()
    assert margin.reveal_where_over(last.public_id) == (conversation.public_id, [card.public_id])
    card.refresh_from_db()
    assert card.timing == CorrectionTiming.LIVE
    # What is found in the very last message is shown at once.
    assert margin.timing_of(conversation) == CorrectionTiming.LIVE
    assert margin.reveal_where_over(last.public_id) == (conversation.public_id, [])


def test_what_a_learner_keeps_getting_wrong_and_wrote_beside_it(cast: Cast) -> None:
    conversation = guided(cast, CorrectionTiming.LIVE)
    spelt: dict[str, object] = ARTICLE | {"kind": "spelling"}
    for finding in (ARTICLE, ARTICLE, spelt, spelt | {"slip": True}, spelt | {"disputed": True}):
        corrected(say(conversation, "La pan es bueno.", "Sí."), finding)
    card = corrected(say(conversation, "La casa.", "Sí."), ARTICLE | {"kind": "number"})
    known = margin.correction_input(card.pk)
    assert known.recurring == {"gender"}
    assert known.others == ("La pan es bueno.",) * 5


def test_without_its_study_a_talk_is_corrected_at_once(cast: Cast) -> None:
    conversation = guided(cast, CorrectionTiming.ASKED)
    reply = say(conversation, "La pan es bueno.", "Sí.").replies.get()
    assert margin.begin_correction(reply.public_id, "test") is None
    cast.anas_study.delete()
    assert margin.begin_correction(reply.public_id, "test") is not None


def test_what_comes_later_stands_below_what_was_shown(cast: Cast) -> None:
    """A hint is asked for by its place: nothing may slip in above it."""
    turn = say(guided(cast, CorrectionTiming.LIVE), "La pan son bueno.", "Sí.")
    card = corrected(turn, {"old": "son", "new": "es", "rung": "kind"})
    Card.objects.update(state=MadeState.RUNNING)
    row = card.body["findings"][0]
    earlier = row | ARTICLE | {"start": 0, "end": 2, "rung": "where"}
    surer = row | {"rung": "where", "witnesses": ["rule", "model"]}
    margin.note_findings(card.pk, {"findings": [earlier, surer]})
    card.refresh_from_db()
    assert card.body["findings"] == [surer | {"rung": "kind"}, earlier]
    # Another word for the same place is no second note.
    margin.note_findings(card.pk, {"findings": [earlier, row | {"new": "era"}]})
    card.refresh_from_db()
    assert [one["new"] for one in card.body["findings"]] == ["es", "El"]
