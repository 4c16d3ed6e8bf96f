// @ts-check
/** Three ways to answer, above the composer: shown when they are there, asked for by "Stuck?", offered after a silence. */

import { OPEN_STATES } from "./transcript.js";

/** @import { Card, Transcript } from "./transcript.js" */
/** @typedef {Extract<Card["body"], {kind: "answers"}>} Answers */
/** @typedef {{ask: (reply: string) => boolean, use: (answer: string) => void}} Callbacks */

const SILENCE_MS = 40_000;
// Whoever lets so many offers pass in a row wants none.
const IGNORED = 2;
export const GAP = "___";

/**
 * What is suggested for the last turn now, and whether something is still being made. Pure.
 * @param {Transcript} transcript @returns {{reply: string, answers: Answers | null, waits: boolean, failed: boolean}}
 */
export function suggestionsOf({ turns }) {
  const last = turns.at(-1);
  if (!last || OPEN_STATES.has(last.reply.state)) return { reply: "", ...NOTHING };
  const card = last.cards.find((one) => one.kind === "answers");
  return { reply: last.reply.reply, ...(card ? made(card) : NOTHING) };
}

const NOTHING = { answers: null, waits: false, failed: false };

/** @param {Card} card */
function made({ body, state }) {
  const answers = body?.kind === "answers" ? body : null;
  const waits = !answers && OPEN_STATES.has(state);
  return { answers, waits, failed: !answers && !waits };
}

export class Suggestions {
  #reply = "";
  #shown = "null";
  #quietSince = 0;
  #offered = "";
  #ignored = 0;

  /** @param {HTMLElement} page @param {Callbacks} callbacks */
  constructor(page, callbacks) {
    this.callbacks = callbacks;
    this.box = part(page, "suggestions");
    this.list = part(page, "suggested");
    this.source = part(page, "suggestions-source");
    this.offer = part(page, "offer");
    this.button = /** @type {HTMLButtonElement} */ (part(page, "stuck"));
    this.field = /** @type {HTMLTextAreaElement} */ (page.querySelector("textarea"));
    this.silenceMs = SILENCE_MS * Number(page.dataset.timeScale ?? 1);
    this.#quietSince = performance.now();
    this.button.addEventListener("click", () => this.#ask());
    this.list.addEventListener("click", (event) => this.#pressed(event));
    this.field.addEventListener("input", () => this.#stir());
    setInterval(() => this.#listen(), Math.min(1000, this.silenceMs / 4));
  }

  /** @param {Transcript} transcript */
  show(transcript) {
    const { reply, answers, waits, failed } = suggestionsOf(transcript);
    if (reply !== this.#reply) this.#next(reply);
    this.button.hidden = !reply || answers !== null || waits;
    if (waits) this.#say(gettext("Three answers are being thought of…"));
    else if (failed) this.#say(gettext("No answers came. You can ask once more."));
    this.#fill(answers);
  }

  /** @param {Answers | null} suggested */
  #fill(suggested) {
    const said = JSON.stringify(suggested);
    if (said === this.#shown) return;
    this.#shown = said;
    this.box.hidden = !suggested;
    this.list.replaceChildren(...(suggested?.answers ?? []).map((text, place) => answerItem(text, place)));
    if (!suggested) return;
    this.source.hidden = suggested.source !== "model";
    this.#say("");
  }

  /** @param {string} reply what there is to answer now */
  #next(reply) {
    if (this.#offered && this.#offered === this.#reply) this.#ignored += 1;
    this.#reply = reply;
    this.#stir();
  }

  #stir() {
    this.#quietSince = performance.now();
    if (this.offer.textContent) this.#say("");
  }

  /** Forty seconds without a word, an empty page of paper: offer help once, quietly. */
  #listen() {
    const due = performance.now() - this.#quietSince >= this.silenceMs;
    if (!due || this.button.hidden || document.hidden || this.field.hidden || this.field.value.trim()) return;
    if (this.#offered === this.#reply || this.#ignored >= IGNORED) return;
    this.#offered = this.#reply;
    this.#say(gettext("Stuck? Three answers to choose from are one tap away."));
    this.button.classList.add("offered");
  }

  #ask() {
    this.#offered = "";
    this.#ignored = 0;
    this.button.classList.remove("offered");
    if (this.#reply && this.callbacks.ask(this.#reply)) this.field.focus();
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const answer = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.answer;
    if (!answer) return;
    this.#offered = "";
    this.callbacks.use(answer);
  }

  /** @param {string} words */
  #say(words) {
    if (this.offer.textContent !== words) this.offer.textContent = words;
    if (!words) this.button.classList.remove("offered");
  }
}

/** @param {string} text @param {number} place */
function answerItem(text, place) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "suggestion";
  button.dataset.answer = text;
  button.dataset.rank = String(place + 1);
  const words = document.createElement("span");
  words.dir = "auto";
  words.textContent = text.replace(GAP, "_____");
  button.append(words);
  item.append(button);
  return item;
}

/** @param {Element} page @param {string} name @returns {HTMLElement} */
function part(page, name) {
  return /** @type {HTMLElement} */ (page.querySelector(`[data-${name}]`));
}
