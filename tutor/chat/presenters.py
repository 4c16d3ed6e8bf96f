"""Rows as frames show them. Called in a database thread, where rendering costs nobody's loop."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from tutor.chat.card_parts import Finding
from tutor.chat.protocol import Answers, CardView, Correction, Delta, Goals, Help, Progress, ReplyView, TurnView
from tutor.classrooms.models import CorrectionTiming
from tutor.conversations.margin import finding_of
from tutor.conversations.models import Card, CardKind, Reply, Turn
from tutor.conversations.rendering import render
from tutor.dialogue import TalkProgress, spoken_lines
from tutor.dialogue.corrections import around, explanation, hint, next_rung, spoken_for, without_answer
from tutor.live.growing_reply import GrowingReply

Can = Literal["stop", "retry", "resume", "report", "reported", "copy", "readings"]
_UNFINISHED = {"stopped", "interrupted", "failed"}
# Done, and yet not as it should be.
_FLAWED = {"repetition", "wrong_language"}


def turn_view(turn: Turn, *, last: bool = False) -> TurnView:
    """A turn with its chosen reply (``turn.said``). ``last``: the conversation's last one, which can be tried again."""
    return TurnView(
        conversation=turn.conversation.public_id,
        turn=turn.public_id,
        ordinal=turn.ordinal,
        client_id=turn.client_id,
        text=turn.text,
        reply=reply_view(turn.said, turn, last=last),
        cards=tuple(card_view(card, turn) for card in turn.margin),
    )


def card_view(card: Card, turn: Turn) -> CardView:
    """A card at the margin of its turn. What it says comes when it is done."""
    return CardView(
        card=card.public_id,
        turn=turn.public_id,
        kind=card.kind,
        epoch=card.epoch,
        state=card.state,
        error=card.error_code,
        body=_body(card, turn) if card.body and card.timing != CorrectionTiming.AFTER else None,
    )


def _body(card: Card, turn: Turn) -> Correction | Help | Answers | None:
    """What the card says by now; what a model has still to make says nothing."""
    if card.kind == CardKind.CORRECTION:
        return _correction(card.body, turn)
    if card.is_open:
        return None
    if card.kind == CardKind.ANSWERS:
        return Answers.model_validate(card.body) if card.body["answers"] else None
    shown = {name: card.body[name] for name in Help.model_fields if name in card.body}
    return Help.model_validate(shown)


def _correction(body: Mapping[str, Any], turn: Turn) -> Correction:
    findings = tuple(_finding(row, turn) for row in body.get("findings", ()))
    return Correction(findings=findings, asked=body.get("asked", False))


def _finding(row: Mapping[str, Any], turn: Turn) -> Finding:
    """A stored finding up to the rung that the learner has reached, and nothing beyond."""
    found = finding_of(row)
    shown = hint(found, row["rung"])
    own_language = turn.conversation.own_language
    said = explanation(shown.kind, own_language) if shown.kind else None
    before, after = around(turn.text, found.start, found.end)
    return Finding(
        start=found.start,
        end=found.end,
        old=found.old,
        before=before,
        after=after,
        certainty=found.certainty,
        rung=shown.rung,
        name=without_answer(said.name, found, shown) if said else "",
        why=without_answer(said.about(found.reason), found, shown) if said else "",
        choices=shown.choices,
        answer=shown.answer,
        witness=without_answer(spoken_for(found.witnesses, own_language), found, shown),
        disputed=row["disputed"],
        slip=found.slip,
        more=next_rung(found, shown.rung) != shown.rung,
    )


def goals_view(conversation: UUID, progress: TalkProgress) -> Goals:
    return Goals(conversation=conversation, met=progress.met, stage=progress.stage, asked=progress.asks_how_it_went)


def reply_view(reply: Reply, turn: Turn, *, last: bool = False) -> ReplyView:
    return ReplyView(
        reply=reply.public_id,
        turn=turn.public_id,
        attempt=reply.attempt,
        epoch=reply.epoch,
        seq=reply.seq,
        state=reply.state,
        text=reply.text,
        html=None if reply.is_open else str(render(reply.text)),
        error=reply.error_code,
        can=_can(reply, turn, last=last and turn.client_id is not None),
    )


def with_growth(view: ReplyView, growing: GrowingReply | None) -> ReplyView:
    """The same reply as it stands in memory now, if it grows here and the row is behind it."""
    if growing is None or growing.epoch < view.epoch or (growing.over and growing.error != "not_saved"):
        return view
    changes: dict[str, object] = {"state": growing.state, "epoch": growing.epoch, "seq": growing.seq}
    changes |= {"text": growing.text, "position": growing.position, "seconds": growing.seconds, "error": growing.error}
    if growing.over:
        changes["can"] = ("copy",)
    return view.model_copy(update=changes)


def delta(growing: GrowingReply, after: int) -> Delta:
    return Delta(reply=growing.reply, epoch=growing.epoch, after=after, seq=growing.seq, text=growing.after(after))


def progress(growing: GrowingReply) -> Progress:
    return Progress(
        reply=growing.reply,
        epoch=growing.epoch,
        state=growing.state,
        prompt_evaluation=growing.prompt_evaluation,
        position=growing.position,
        seconds=growing.seconds,
        error=growing.error,
    )


def _can(reply: Reply, turn: Turn, *, last: bool) -> tuple[Can, ...]:
    if reply.is_open:
        return ("stop",)
    can: list[Can] = ["readings"] if spoken_lines(reply.text, turn.conversation.language) else []
    can += ["copy"] if reply.text else []
    if last and (reply.state in _UNFINISHED or reply.error_code == "length"):
        can += ["resume", "retry"] if reply.text else ["retry"]
    elif last and reply.error_code in _FLAWED:
        can.append("retry")
    if reply.text:
        can.append("reported" if hasattr(reply, "report") else "report")
    return tuple(can)
