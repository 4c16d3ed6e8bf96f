// @ts-check
/** Frames as the server sends them, with what a test does not care about filled in. */

/** @import { Transcript } from "../../../static/js/chat/transcript.js" */

import { apply, transcriptOf } from "../../../static/js/chat/transcript.js";

export const [TALK, TURN, REPLY, OTHER] = /** @type {const} */ (["talk", "turn", "reply", "other"]);
export const TEXT = "¡Muy bien! ¿Qué comiste ayer? 👩‍👩‍👧 Cuéntame.";

/** @param {Partial<ReplyFrame>} [more] @returns {ReplyFrame} */
export function reply(more = {}) {
  const { seq = 0, state = "running", attempt = 1 } = more;
  return {
    type: "reply",
    reply: attempt > 1 ? OTHER : REPLY,
    turn: TURN,
    attempt,
    epoch: 1,
    seq,
    state,
    text: TEXT.slice(0, seq),
    html: null,
    error: "",
    can: state === "running" ? ["stop"] : ["copy", "report"],
    position: null,
    seconds: null,
    ...more,
  };
}

/** @param {Partial<TurnFrame>} [more] @returns {TurnFrame} */
export const turn = (more = {}) => ({ type: "turn", conversation: TALK, turn: TURN, ordinal: 1, client_id: null, text: "Hola", reply: reply(), cards: [], ...more });

/** @param {Partial<CardFrame>} [more] @returns {CardFrame} */
export const card = (more = {}) => ({ type: "card", card: "card", turn: TURN, kind: "correction", epoch: 1, state: "running", error: "", body: null, ...more });

/** @param {number} after @param {number} seq @param {Partial<DeltaFrame>} [more] @returns {DeltaFrame} */
export const delta = (after, seq, more = {}) => ({ type: "delta", reply: REPLY, epoch: 1, after, seq, text: TEXT.slice(after, seq), ...more });

/** @param {Partial<ProgressFrame>} [more] @returns {ProgressFrame} */
export const progress = (more = {}) => ({ type: "progress", reply: REPLY, epoch: 1, state: "running", prompt_evaluation: false, position: null, seconds: null, error: "", ...more });

/** @param {Frame[]} frames @param {string} [conversation] */
export function told(frames, conversation = TALK) {
  let transcript = transcriptOf(conversation, []);
  const gaps = [];
  for (const frame of frames) {
    const before = frozen(transcript);
    const step = apply(before, frame);
    transcript = step.transcript;
    gaps.push(step.gap);
  }
  return { transcript, gaps, last: transcript.turns.at(-1)?.reply };
}

/** Whoever changes an argument is told so by the engine. @param {Transcript} transcript @returns {Transcript} */
function frozen(transcript) {
  for (const one of transcript.turns) Object.freeze(Object.freeze(one).reply);
  Object.freeze(transcript.turns);
  return Object.freeze(transcript);
}
