// @ts-check
/** Three ways to answer are those of the last turn, once its reply is there. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { suggestionsOf } from "../../../static/js/chat/suggestions.js";
import { OTHER, REPLY, TURN, card, reply, told, turn } from "./frames.js";

const body = /** @type {const} */ ({ kind: "answers", answers: ["Sí.", "No, gracias.", "Quiero ___."], source: "authored" });
const done = reply({ seq: 9, state: "done" });
const answers = card({ kind: "answers", state: "done", body });

test("they are shown once the reply is there", () => {
  const { transcript } = told([turn({ cards: [answers] })]);
  assert.equal(suggestionsOf(transcript).answers, null);
  const after = told([turn({ reply: done, cards: [answers] })]).transcript;
  assert.deepEqual(suggestionsOf(after), { reply: REPLY, answers: body, waits: false, failed: false });
});

test("those of an earlier turn are not", () => {
  const later = turn({ turn: OTHER, ordinal: 2, reply: { ...done, turn: OTHER, reply: OTHER } });
  const { transcript } = told([turn({ reply: done, cards: [answers] }), later]);
  assert.deepEqual(suggestionsOf(transcript), { reply: OTHER, answers: null, waits: false, failed: false });
});

test("what a model still makes is waited for, and what did not come is said", () => {
  const waiting = told([turn({ reply: done, cards: [card({ kind: "answers", turn: TURN })] })]).transcript;
  assert.equal(suggestionsOf(waiting).waits, true);
  const failed = told([turn({ reply: done, cards: [card({ kind: "answers", state: "failed" })] })]).transcript;
  assert.equal(suggestionsOf(failed).failed, true);
});
