// @ts-check
/**
 * What is known of a conversation, as a pure function of the frames that came. No DOM, no clock, no socket.
 *
 * @typedef {ReplyFrame["state"]} ReplyState
 * @typedef {ReplyFrame["can"][number]} ReplyAction
 * @typedef {Omit<ReplyFrame, "type"> & {prompt_evaluation: boolean}} Reply
 * @typedef {Omit<CardFrame, "type">} Card  what a model made beside the reply; one of a kind a turn
 * @typedef {{turn: string, ordinal: number, clientId: string | null, text: string, reply: Reply, cards: readonly Card[]}} Turn
 * @typedef {{model: string, guided: boolean, busy: boolean, switchedFrom: string}} Answering
 * @typedef {{conversation: string, turns: Turn[], answering: Answering | null}} Transcript
 * @typedef {{transcript: Transcript, changed: string[], gap: boolean}} Step  `changed` names turns; `gap` asks for "subscribe"
 */

export const OPEN_STATES = new Set(["queued", "loading", "running"]);

/** @param {string} conversation @param {Turn[]} turns @returns {Transcript} */
export function transcriptOf(conversation, turns) {
  return { conversation, turns: [...turns].sort((a, b) => a.ordinal - b.ordinal), answering: null };
}

/** @param {Transcript} transcript @param {Frame} frame @returns {Step} */
export function apply(transcript, frame) {
  switch (frame.type) {
    case "turn":
      return frame.conversation === transcript.conversation ? withTurn(transcript, frame) : same(transcript);
    case "reply":
      return withReply(transcript, frame);
    case "card":
      return withCard(transcript, frame);
    case "delta":
      return withDelta(transcript, frame);
    case "progress":
      return withProgress(transcript, frame);
    case "subscribed":
      return frame.conversation === transcript.conversation ? withAnswering(transcript, frame) : same(transcript);
    default:
      return same(transcript);
  }
}

/**
 * The command that asks for what is missing: the last turn as it stands now, and all that follow it.
 * @param {Transcript} transcript
 * @returns {Extract<Command, {type: "subscribe"}>}
 */
export function subscription({ conversation, turns }) {
  return { type: "subscribe", conversation, after: turns.at(-1)?.ordinal ?? -1 };
}

/** This reply was reported just now. @param {Transcript} transcript @param {string} reply @returns {Transcript} */
export function withReported(transcript, reply) {
  const turns = transcript.turns.map((turn) => (turn.reply.reply === reply ? { ...turn, reply: { ...turn.reply, can: reportedIn(turn.reply.can) } } : turn));
  return { ...transcript, turns };
}

/** @param {readonly ReplyAction[]} can @returns {ReplyAction[]} */
export const reportedIn = (can) => can.map((action) => (action === "report" ? "reported" : action));

/** @param {Transcript} transcript @returns {Reply | null} the reply that is growing, if any */
export function growing(transcript) {
  const last = transcript.turns.at(-1);
  return last && OPEN_STATES.has(last.reply.state) ? last.reply : null;
}

/** @param {Transcript} transcript @returns {Step} */
const same = (transcript) => ({ transcript, changed: [], gap: false });
/** @param {Transcript} transcript @returns {Step} */
const gap = (transcript) => ({ transcript, changed: [], gap: true });

/** @param {Transcript} transcript @param {TurnFrame} frame @returns {Step} */
function withTurn(transcript, frame) {
  const known = transcript.turns.find((turn) => turn.turn === frame.turn);
  if (known) return withCards(withReply(transcript, frame.reply), frame.cards);
  const { turn, ordinal, text } = frame;
  const added = { turn, ordinal, clientId: frame.client_id, text, reply: replyOf(frame.reply), cards: frame.cards };
  const past = transcript.turns.filter((other) => other.ordinal < ordinal && other.reply.can.some(isForTheLast));
  const turns = transcript.turns.map((other) => (past.includes(other) ? withoutRetry(other) : other));
  turns.push(added);
  turns.sort((a, b) => a.ordinal - b.ordinal);
  return { transcript: { ...transcript, turns }, changed: [...past.map((other) => other.turn), turn], gap: false };
}

/** Only the last turn can be tried again or continued. @param {ReplyAction} action */
const isForTheLast = (action) => action === "retry" || action === "resume";

/** @param {Turn} turn @returns {Turn} */
function withoutRetry(turn) {
  const can = turn.reply.can.filter((action) => !isForTheLast(action));
  return { ...turn, reply: { ...turn.reply, can } };
}

/** @param {Transcript} transcript @param {ReplyFrame} frame @returns {Step} */
function withReply(transcript, frame) {
  const turn = transcript.turns.find((known) => known.turn === frame.turn);
  if (!turn) return gap(transcript);
  return isOlder(frame, turn.reply) ? same(transcript) : replaced(transcript, turn, replyOf(frame));
}

/**
 * A snapshot that says less than what stands here already. How a reply ended is the last word of its epoch, even if it
 * holds less: after a server was killed, what it had not stored any more is gone.
 * @param {ReplyFrame} frame @param {Reply} known
 */
function isOlder(frame, known) {
  if (frame.attempt !== known.attempt) return frame.attempt < known.attempt;
  if (frame.epoch !== known.epoch) return frame.epoch < known.epoch;
  const [open, wasOpen] = [OPEN_STATES.has(frame.state), OPEN_STATES.has(known.state)];
  return open === wasOpen ? frame.seq < known.seq : open;
}

/** @param {Step} step @param {readonly CardFrame[]} cards @returns {Step} */
function withCards(step, cards) {
  return cards.reduce((before, card) => {
    const after = withCard(before.transcript, card);
    return { ...after, changed: [...new Set([...before.changed, ...after.changed])], gap: before.gap || after.gap };
  }, step);
}

/** @param {Transcript} transcript @param {CardFrame} frame @returns {Step} */
function withCard(transcript, frame) {
  const turn = transcript.turns.find((known) => known.turn === frame.turn);
  if (!turn) return gap(transcript);
  const known = turn.cards.find((card) => card.card === frame.card);
  if (known && isOlderCard(frame, known)) return same(transcript);
  const cards = known ? turn.cards.map((card) => (card === known ? frame : card)) : [...turn.cards, frame];
  const turns = transcript.turns.map((other) => (other === turn ? { ...turn, cards } : other));
  return { transcript: { ...transcript, turns }, changed: [turn.turn], gap: false };
}

/** @param {CardFrame} frame @param {Card} known */
function isOlderCard(frame, known) {
  return frame.epoch === known.epoch ? OPEN_STATES.has(frame.state) && !OPEN_STATES.has(known.state) : frame.epoch < known.epoch;
}

/** @param {Transcript} transcript @param {DeltaFrame} frame @returns {Step} */
function withDelta(transcript, frame) {
  const turn = turnOfReply(transcript, frame.reply);
  if (!turn || frame.epoch > turn.reply.epoch) return gap(transcript);
  const { reply } = turn;
  if (frame.epoch < reply.epoch || frame.seq <= reply.seq) return same(transcript);
  if (frame.after !== reply.seq) return gap(transcript);
  const text = reply.text + frame.text;
  return replaced(transcript, turn, { ...reply, ...OPEN, text, seq: frame.seq, state: "running", prompt_evaluation: false });
}

/** @type {Pick<Reply, "can" | "position" | "seconds">} */
const OPEN = { can: ["stop"], position: null, seconds: null };

/** @param {Transcript} transcript @param {ProgressFrame} frame @returns {Step} */
function withProgress(transcript, frame) {
  const turn = turnOfReply(transcript, frame.reply);
  if (!turn || frame.epoch > turn.reply.epoch) return gap(transcript);
  if (frame.epoch < turn.reply.epoch || !OPEN_STATES.has(turn.reply.state)) return same(transcript);
  const { state, prompt_evaluation, position, seconds, error } = frame;
  return replaced(transcript, turn, { ...turn.reply, ...OPEN, state, prompt_evaluation, position, seconds, error });
}

/** @param {Transcript} transcript @param {SubscribedFrame} frame @returns {Step} */
function withAnswering(transcript, frame) {
  const { model, guided, busy, switched_from: switchedFrom } = frame;
  return { transcript: { ...transcript, answering: { model, guided, busy, switchedFrom } }, changed: [], gap: false };
}

/** @param {Transcript} transcript @param {string} reply */
function turnOfReply(transcript, reply) {
  return transcript.turns.findLast((turn) => turn.reply.reply === reply);
}

/** @param {Transcript} transcript @param {Turn} old @param {Reply} reply @returns {Step} */
function replaced(transcript, old, reply) {
  const turns = transcript.turns.map((turn) => (turn === old ? { ...turn, reply } : turn));
  return { transcript: { ...transcript, turns }, changed: [old.turn], gap: false };
}

/** @param {ReplyFrame} frame @returns {Reply} */
function replyOf({ type, ...frame }) {
  return { ...frame, prompt_evaluation: false };
}
