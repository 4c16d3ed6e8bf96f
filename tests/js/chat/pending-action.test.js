// @ts-check
/** What was asked of a reply outlives a connection that breaks, and is never asked twice. */

import "../catalogue.js";

import assert from "node:assert/strict";
import { test } from "node:test";

import { PendingAction } from "../../../static/js/chat/pending-action.js";
import { apply, transcriptOf } from "../../../static/js/chat/transcript.js";
import { REPLY, TALK, reply, turn } from "./frames.js";

const GROWING = turn();
const GROWN = turn({ reply: reply({ seq: 8 }) });
const ENDED = turn({ reply: reply({ seq: 4, state: "stopped", can: ["copy", "resume", "retry"] }) });
const TRIED = turn({ reply: reply({ state: "queued", attempt: 2, can: ["stop"] }) });
const WENT_ON = turn({ reply: reply({ seq: 6, state: "interrupted", epoch: 2, can: ["copy", "resume", "retry"] }) });

/** @typedef {"away" | "back" | "caught up" | "refused" | "stop" | "retry" | "resume" | Frame} Step */

/** @param {Step[]} steps */
function played(steps) {
  let [open, transcript] = [true, transcriptOf(TALK, [])];
  /** @type {{sent: string[], said: string[]}} */
  const { sent, said } = { sent: [], said: [] };
  const send = (/** @type {{type: string}} */ { type }) => open && sent.push(type) > 0;
  const pending = new PendingAction({ send, say: (words) => said.push(words) });
  for (const step of steps) {
    if (step === "away" || step === "back") {
      open = step === "back";
      pending.doubt();
    } else if (step === "caught up") pending.again(transcript);
    else if (step === "refused") pending.forget();
    else if (typeof step === "string") pending.ask({ type: step, reply: REPLY }, transcript);
    else {
      transcript = apply(transcript, step).transcript;
      pending.look(transcript);
    }
  }
  return { sent, waits: Boolean(said.at(-1)) };
}

/** @type {[string, Step[], string[], boolean][]} */
const PLAYS = [
  ["pressed twice", [ENDED, "retry", "retry"], ["retry"], false],
  ["pressed twice without a connection", [ENDED, "away", "retry", "retry", "back", "caught up"], ["retry"], false],
  ["it has happened by the next time", [ENDED, "away", "retry", "back", "caught up", TRIED, "caught up"], ["retry"], false],
  ["another mind", [ENDED, "away", "retry", "resume", "back", "caught up"], ["resume"], false],
  ["still without a connection", [ENDED, "away", "retry"], [], true],
  ["another tab was first", [ENDED, "away", "retry", "back", TRIED, "caught up"], [], false],
  ["it got through, the answer did not", [ENDED, "resume", "away", "back", WENT_ON, "caught up"], ["resume"], false],
  ["it did not get through", [ENDED, "resume", "away", "back", ENDED, "caught up"], ["resume", "resume"], false],
  ["a reply that still grows is stopped", [GROWING, "away", "stop", "back", GROWN, "caught up"], ["stop"], false],
  ["a reply that has ended meanwhile is not", [GROWING, "away", "stop", "back", ENDED, "caught up"], [], false],
  ["refused", [ENDED, "retry", "refused", "away", "back", "caught up"], ["retry"], false],
];

for (const [name, steps, sent, waits] of PLAYS) test(name, () => assert.deepEqual(played(steps), { sent, waits }));
