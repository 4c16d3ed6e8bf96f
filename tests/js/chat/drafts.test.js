// @ts-check
/** Drafts are kept for whoever wrote them: through the end of their session, and from everybody else. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DraftBox } from "../../../static/js/chat/drafts.js";
import { hasDrafts, sweepDrafts, wipeDrafts } from "../../../static/js/draft-storage.js";

const DAY_MS = 24 * 3_600_000;
const [ANAS, BENS] = ["a1".repeat(32), "b2".repeat(32)];
const DRAFT = { text: "Mañana voy a 日本 👩‍👩‍👧", clientId: "c", sent: "Mañana", pending: true };

/** A browser's storage with nothing in it: methods aside, its own properties are what is kept. */
function emptied() {
  const methods = {
    getItem: (/** @type {string} */ key) => /** @type {any} */ (storage)[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => (/** @type {any} */ (storage)[key] = value),
    removeItem: (/** @type {string} */ key) => delete (/** @type {any} */ (storage)[key]),
  };
  const storage = Object.create(methods);
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  return /** @type {Record<string, string>} */ (storage);
}

const anas = () => new DraftBox("ana", "talk", ANAS);

test("what was kept is read again", () => {
  emptied();
  anas().write(DRAFT);
  assert.deepEqual(anas().read(), DRAFT);
  assert.equal(new DraftBox("ana", "other talk", ANAS).read(), null);
});

test("a message of the greatest length is kept", () => {
  emptied();
  const text = "👩".repeat(8_000);
  anas().write({ ...DRAFT, text });
  assert.equal(anas().read()?.text, text);
});

test("nobody else reads it, and the same words never lie there twice alike", () => {
  const storage = emptied();
  anas().write(DRAFT);
  const [first] = Object.values(storage);
  assert.equal(new DraftBox("ana", "talk", BENS).read(), null);
  assert.ok(!JSON.stringify(storage).includes("voy"));
  anas().write(DRAFT);
  assert.ok(Object.values(storage)[0] !== first);
});

test("what is no draft is none", () => {
  const storage = emptied();
  for (const kept of ["", "x", "1.5.", "1.5.!!", JSON.stringify(DRAFT)]) {
    storage["polyglott:draft:ana:talk"] = kept;
    assert.equal(anas().read(), null, kept);
  }
});

test("an empty composer removes what this tab knew, and nothing of another tab's", () => {
  emptied();
  const [here, there] = [anas(), anas()];
  here.write(DRAFT);
  there.read();
  there.write({ ...DRAFT, text: "Otra cosa" });
  here.write({ ...DRAFT, text: "" });
  assert.equal(anas().read()?.text, "Otra cosa");
  there.write({ ...DRAFT, text: "" });
  assert.equal(hasDrafts(), false);
});

test("whoever signs out takes theirs along, and only theirs", () => {
  emptied();
  const box = anas();
  box.write(DRAFT);
  new DraftBox("ben", "talk", BENS).write(DRAFT);
  box.close();
  wipeDrafts("ana");
  box.write(DRAFT);
  assert.equal(anas().read(), null);
  assert.deepEqual(new DraftBox("ben", "talk", BENS).read(), DRAFT);
});

test("after two weeks nothing is left, nor of what was never sealed", () => {
  const storage = emptied();
  storage["polyglott:draft:ben:talk"] = JSON.stringify(DRAFT);
  storage["polyglott:keys"] = "off";
  anas().write(DRAFT);
  sweepDrafts(Date.now() + 13 * DAY_MS);
  assert.deepEqual(Object.keys(storage).sort(), ["polyglott:draft:ana:talk", "polyglott:keys"]);
  sweepDrafts(Date.now() + 15 * DAY_MS);
  assert.deepEqual(Object.keys(storage), ["polyglott:keys"]);
});

test("a browser that keeps nothing is no trouble", () => {
  Object.defineProperty(globalThis, "localStorage", { get: () => assert.ok(false, "forbidden"), configurable: true });
  anas().write(DRAFT);
  sweepDrafts(Date.now());
  assert.equal(anas().read(), null);
  assert.equal(hasDrafts(), false);
});
