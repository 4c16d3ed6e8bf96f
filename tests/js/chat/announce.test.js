// @ts-check
/** A growing reply is read out in whole sentences, each once; its end is said. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Announcer } from "../../../static/js/chat/announce.js";

/** What a role=status element was told, one entry for each time its content was replaced. */
class Status {
  /** @type {string[]} */ heard = [];
  ownerDocument = { createElement: () => ({ lang: "", textContent: "" }) };

  /** @param {string} words */
  set textContent(words) {
    if (words) this.heard.push(words);
  }

  /** @param {{lang: string, textContent: string}} span */
  replaceChildren(span) {
    this.heard.push(`${span.lang}: ${span.textContent}`);
  }

  /** @param {string} words */
  append(words) {
    this.heard.push(words);
  }
}

function listening() {
  const status = new Status();
  return { heard: status.heard, announcer: new Announcer(/** @type {any} */ (status), "es") };
}

test("whole sentences, each once", () => {
  const { heard, announcer } = listening();
  for (const text of ["Hola", "Hola. ¿Qu", "Hola. ¿Qué tal? Yo", "Hola. ¿Qué tal? Yo **bien**"]) announcer.follow({ reply: "a", text }, false, "");
  assert.deepEqual(heard, ["es: Hola.", "es: ¿Qué tal?"]);
  announcer.follow({ reply: "a", text: "Hola. ¿Qué tal? Yo **bien**." }, true, "");
  assert.equal(heard.at(-1), "es: Yo bien.");
});

test("how it ended, if not well", () => {
  const { heard, announcer } = listening();
  announcer.follow({ reply: "a", text: "Hola" }, false, "");
  announcer.follow({ reply: "a", text: "Hola" }, true, "The model stopped in the middle.");
  assert.deepEqual(heard, ["es: Hola", " The model stopped in the middle."]);
});

test("a reply that was finished before is not read out", () => {
  const { heard, announcer } = listening();
  announcer.follow({ reply: "a", text: "Hola." }, true, "");
  assert.deepEqual(heard, []);
});

test("a state is said when it changes", () => {
  const { heard, announcer } = listening();
  for (const words of ["Waiting…", "Waiting…", "", "Waiting…"]) announcer.state(words);
  assert.deepEqual(heard, ["Waiting…", "Waiting…"]);
});
