// @ts-check
/** States in words. */

import "../catalogue.js";

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { actionLabel, endingMessage, spokenStatus, statusMessage } from "../../../static/js/chat/messages.js";
import { reply } from "./frames.js";

const OFFLINE = "You are offline. What you write stays here.";

/** @param {Partial<ReplyFrame> & {prompt_evaluation?: boolean}} more */
const known = ({ prompt_evaluation = false, ...more }) => ({ ...reply(more), prompt_evaluation });

test("the line above the composer", () => {
  /** @type {[Partial<ReplyFrame> & {prompt_evaluation?: boolean}, number, string][]} */
  const lines = [
    [{ state: "queued" }, 0, "Waiting…"],
    [{ state: "queued", position: 1 }, 0, "You are next"],
    [{ state: "queued", position: 1, seconds: 4 }, 0, "You are next, about 4 s"],
    [{ state: "queued", position: 3, seconds: 20 }, 0, "Number 3 in line, about 20 s"],
    [{ state: "loading" }, 0, "Loading the model…"],
    [{ prompt_evaluation: true }, 0, "Reading…"],
    [{}, 7, "Reading… 7 s"],
    [{ seq: 4 }, 7, "Writing…"],
    [{ seq: 4, error: "not_saved" }, 0, "Writing… not saved yet"],
    [{ seq: 4, state: "stopped" }, 0, "Stopped."],
    [{ seq: 4, state: "interrupted" }, 0, "Interrupted. Continue?"],
    [{ state: "failed" }, 0, "No answer came. Try again?"],
    [{ seq: 4, state: "done" }, 0, ""],
    [{ seq: 4, state: "done", error: "length" }, 0, "Cut off. Continue?"],
  ];
  for (const [more, seconds, line] of lines) assert.equal(statusMessage(known(more), "open", seconds), line);
  assert.equal(statusMessage(null, "open", 0), "");
  assert.equal(statusMessage(known({}), "offline", 0), OFFLINE);
});

test("what is read out does not tick, and says no ending", () => {
  const queued = known({ state: "queued", position: 3, seconds: 20 });
  const spoken = (/** @type {ReturnType<typeof known>} */ one) => /** @type {const} */ (["connecting", "open", "offline"]).map((way) => spokenStatus(one, way));
  assert.deepEqual(spoken(queued), ["", "Number 3 in line", OFFLINE]);
  assert.deepEqual(spoken(known({ seq: 4, state: "stopped" })), ["", "", OFFLINE]);
});

test("an ending says what happened, and what is safe", () => {
  assert.equal(endingMessage(known({ seq: 4, state: "stopped" })), "You stopped here.");
  assert.equal(endingMessage(known({ seq: 4, state: "done" })), "");
  const stalled = endingMessage(known({ seq: 4, state: "interrupted", error: "stalled" }));
  assert.equal(stalled, "The model stopped in the middle. The words so far are kept.");
  const late = endingMessage(known({ state: "failed", error: "slow_start" }));
  assert.equal(late, "The model did not begin in time. Your message is kept.");
});

test("a reply that is done, and not as it should be, says so", () => {
  const said = (/** @type {string} */ error) => endingMessage(known({ seq: 4, state: "done", error }));
  assert.match(said("length"), /cut off here. It can be continued/);
  assert.match(said("repetition"), /repeat itself/);
  assert.match(said("wrong_language"), /not in the language/);
});

test("each kind of fault of an engine has a sentence of its own", () => {
  const codes = ["model_crashed", "out_of_memory", "cannot_load", "refused", "engine_error", "protocol", "only_thought", "message_too_long", "model_missing"];
  const sentences = codes.map((error) => endingMessage(known({ state: "failed", error })));
  assert.equal(new Set(sentences).size, codes.length);
});

test("every fault that the documents name has words of its own, or those of an interruption", () => {
  const table = readFileSync(new URL("../../../docs/architecture.md", import.meta.url), "utf8");
  const codes = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+)/gm)].flatMap(([, names]) => [...(names ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ""));
  assert.ok(codes.length > 15);
  const plain = codes.filter((error) => endingMessage(known({ seq: 4, state: "interrupted", error })).startsWith("The reply was interrupted."));
  assert.deepEqual(plain.sort(), ["empty", "internal", "length", "repetition", "restart", "unfinished", "wrong_language"]);
});

test("every action that a reply allows has a label", () => {
  const types = readFileSync(new URL("../../../static/js/chat/frames.d.ts", import.meta.url), "utf8");
  const actions = /** @type {ReplyFrame["can"]} */ ([...(/can: ReadonlyArray<(.*)>/.exec(types)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, name]) => name));
  assert.ok(actions.length >= 6);
  for (const action of actions) assert.ok(actionLabel(action), action);
});
