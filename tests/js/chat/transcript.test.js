// @ts-check
/** What the page knows, as a function of the frames that came: dropped, doubled, late, out of step. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { growing, subscription, withReported } from "../../../static/js/chat/transcript.js";
import { OTHER, REPLY, TALK, TEXT, TURN, card, delta, progress, reply, told, turn } from "./frames.js";

test("deltas add up", () => {
  const { transcript, gaps, last } = told([turn(), delta(0, 5), delta(5, 11), reply({ seq: 11, state: "done", html: "<p>x</p>" })]);
  assert.equal(last?.text, TEXT.slice(0, 11));
  assert.deepEqual(gaps, [false, false, false, false]);
  assert.equal(growing(transcript), null);
});

test("a missing piece is a gap and changes nothing", () => {
  const { transcript, gaps, last } = told([turn(), delta(0, 5), delta(7, 9)]);
  assert.equal(gaps.at(-1), true);
  assert.equal(last?.text, TEXT.slice(0, 5));
  assert.deepEqual(subscription(transcript), { type: "subscribe", conversation: TALK, after: 1 });
});

test("whoever knows nothing asks for everything", () => {
  assert.equal(subscription(told([]).transcript).after, -1);
});

test("a reply nobody has told of is a gap", () => {
  assert.deepEqual(told([turn(), delta(0, 5, { reply: OTHER })]).gaps, [false, true]);
  assert.deepEqual(told([reply()]).gaps, [true]);
  assert.deepEqual(told([turn(), progress({ reply: OTHER })]).gaps, [false, true]);
});

test("an earlier attempt or epoch is ignored", () => {
  const later = told([turn(), reply({ seq: 8, epoch: 2 }), delta(8, 9), reply({ seq: 3 }), progress({ state: "loading" })]);
  assert.deepEqual([later.last?.text, later.last?.state], [TEXT.slice(0, 8), "running"]);
  const again = told([turn(), reply({ attempt: 2 }), reply({ seq: 5, state: "done", text: "x" })]);
  assert.equal(again.last?.text, "");
});

test("words that are taken back leave with the next epoch", () => {
  const { last } = told([turn(), delta(0, 20), reply({ epoch: 2, seq: 1, text: "¡Hola!" })]);
  assert.equal(last?.text, "¡Hola!");
});

test("how it ended counts even with fewer words", () => {
  const ended = told([turn(), delta(0, 9), reply({ seq: 5, state: "interrupted" }), delta(9, 11), turn({ reply: reply({ seq: 9 }) })]);
  assert.equal(ended.last?.text, TEXT.slice(0, 5));
  assert.equal(growing(ended.transcript), null);
});

test("only the last turn can be tried again", () => {
  const failed = reply({ seq: 4, state: "failed", can: ["copy", "resume", "retry"] });
  const next = turn({ turn: OTHER, ordinal: 2, reply: reply({ turn: OTHER, reply: OTHER }) });
  assert.deepEqual(told([turn({ reply: failed }), next]).transcript.turns[0]?.reply.can, ["copy"]);
});

test("turns stand in their order, however they come", () => {
  const { transcript } = told([turn({ turn: OTHER, ordinal: 2, reply: reply({ turn: OTHER, reply: OTHER }) }), turn()]);
  assert.deepEqual(transcript.turns.map((one) => one.turn), [TURN, OTHER]);
});

test("a position in the queue goes when words come", () => {
  const queued = progress({ state: "queued", position: 3, seconds: 20 });
  assert.equal(told([turn(), queued]).last?.position, 3);
  const { last } = told([turn(), queued, progress({ prompt_evaluation: true }), delta(0, 4)]);
  assert.deepEqual([last?.position, last?.seconds, last?.state, last?.prompt_evaluation], [null, null, "running", false]);
});

test("what was reported cannot be reported again", () => {
  const { transcript } = told([turn({ reply: reply({ seq: 4, state: "done" }) })]);
  assert.deepEqual(withReported(transcript, REPLY).turns[0]?.reply.can, ["copy", "reported"]);
  assert.deepEqual(withReported(transcript, OTHER), transcript);
});

test("a conversation that is another one's changes nothing", () => {
  const { transcript, gaps } = told([turn({ conversation: OTHER })]);
  assert.deepEqual([transcript.turns, gaps], [[], [false]]);
});

test("whatever is lost or doubled, a snapshot makes it whole", () => {
  const ends = [0, 3, 4, 11, 12, 30, TEXT.length];
  const pieces = ends.slice(1).map((end, place) => delta(ends[place] ?? 0, end));
  // Each piece comes not at all, once or twice: every way there is.
  for (let way = 0; way < 3 ** pieces.length; way += 1) {
    const times = pieces.map((_, place) => Math.floor(way / 3 ** place) % 3);
    const sent = pieces.flatMap((piece, place) => Array.from({ length: times[place] ?? 0 }, () => piece));
    const { last, gaps } = told([turn(), ...sent]);
    const lost = times.indexOf(0);
    const whole = lost < 0 ? TEXT : TEXT.slice(0, ends[lost]);
    assert.equal(last?.text, whole, `way ${way}`);
    assert.equal(gaps.includes(true), lost >= 0 && times.slice(lost).some((time) => time > 0), `way ${way}`);
    assert.equal(told([turn(), ...sent, reply({ seq: TEXT.length }), ...sent]).last?.text, TEXT, `way ${way}`);
  }
});

/** @typedef {{name: string, frames: Frame[], expected: {gaps: number[], turns: object[]}}} Golden */
const sample = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(`../../chat/samples/${name}.json`, import.meta.url), "utf8"));
const golden = /** @type {Golden[]} */ (sample("frames"));

for (const { name, frames, expected } of golden) {
  test(`golden frames: ${name}`, () => {
    const conversation = frames.find((frame) => frame.type === "turn")?.conversation;
    const { transcript, gaps } = told(frames, conversation);
    const known = transcript.turns.map(({ text, reply: { state, text: words, can, error } }) => ({ text, state, words, can: [...can], error }));
    assert.deepEqual(known, expected.turns);
    assert.deepEqual(gaps.flatMap((gap, place) => (gap ? [place] : [])), expected.gaps);
  });
}

test("golden commands: what is asked for after the first golden turn", () => {
  const turns = golden[0]?.frames.filter((frame) => frame.type === "turn") ?? [];
  const asked = subscription(told(turns, turns[0]?.conversation).transcript);
  const wanted = /** @type {Command[]} */ (sample("commands")).find((command) => command.type === "subscribe");
  assert.deepEqual(asked, wanted);
});

test("a card stands at its turn, and grows no older", () => {
  const body = /** @type {const} */ ({ kind: "correction", findings: [], asked: false });
  const { transcript, gaps } = told([turn(), card(), card({ state: "done", body }), card(), turn({ cards: [card()] })]);
  assert.deepEqual(transcript.turns[0]?.cards.map(({ state, body: said }) => [state, said]), [["done", body]]);
  assert.deepEqual(gaps, [false, false, false, false, false]);
  const again = told([turn({ cards: [card({ state: "done", body })] }), card({ epoch: 2 }), card({ state: "failed" })]);
  assert.deepEqual(again.transcript.turns[0]?.cards.map(({ epoch, state }) => [epoch, state]), [[2, "running"]]);
});

test("a card of a turn nobody has told of is a gap", () => {
  assert.deepEqual(told([turn(), card({ turn: OTHER })]).gaps, [false, true]);
});

test("a second card joins the first", () => {
  const { transcript } = told([turn({ cards: [card()] }), card({ card: OTHER })]);
  assert.deepEqual(transcript.turns[0]?.cards.map((one) => one.card), ["card", OTHER]);
});
