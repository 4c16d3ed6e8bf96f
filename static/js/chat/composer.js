// @ts-check
/** Where the learner writes. What is typed leaves it only when the server says that it is stored. */

import { accentsFor } from "./accents.js";
import { DraftBox } from "./drafts.js";
import { newId } from "./ids.js";
import { GAP } from "./suggestions.js";

const CHARACTERS = 8_000;
const COUNTED_FROM = 7_000;
const ROWS = 8;

/** @typedef {{send: (clientId: string, text: string) => boolean, stop: () => void}} Callbacks */

export class Composer {
  #composing = false;
  #busy = false;
  #pending = "";
  #clientId = "";
  #sent = "";
  #restored = "";
  #suggested = "";
  #over = "";

  /** @param {HTMLFormElement} form @param {Callbacks} callbacks */
  constructor(form, callbacks) {
    this.form = form;
    this.callbacks = callbacks;
    this.field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
    this.sendButton = /** @type {HTMLButtonElement} */ (form.querySelector("[data-send]"));
    this.stopButton = /** @type {HTMLButtonElement} */ (form.querySelector("[data-stop]"));
    this.count = /** @type {HTMLElement} */ (form.querySelector("[data-count]"));
    this.trouble = /** @type {HTMLElement} */ (form.querySelector("[data-trouble]"));
    this.drafts = new DraftBox(form.dataset.person ?? "", form.dataset.conversation ?? "", form.dataset.draftSecret ?? "");
    this.#fillBar(/** @type {HTMLElement} */ (form.querySelector("[data-accents]")));
    this.#listen();
    this.#restore();
  }

  /** A reply is growing: typing goes on, sending waits. What was said about that is over with it. @param {boolean} busy */
  setBusy(busy) {
    const ended = this.#busy && !busy;
    this.#busy = busy;
    if (this.stopButton.matches(":focus-visible") && !busy) this.field.focus();
    this.stopButton.hidden = !busy;
    this.sendButton.hidden = busy;
    if (ended && !this.#pending) this.say("");
  }

  /** The server has stored it, or has it already as a turn: now the words may leave. @param {string} clientId */
  accepted(clientId) {
    if (clientId !== this.#pending && clientId !== this.#clientId) return;
    if (this.field.value.trim() === this.#sent) this.field.value = "";
    this.#settle();
    this.#clientId = this.#sent = "";
    this.say("");
    this.#changed();
    if (!document.activeElement || document.activeElement === document.body) this.field.focus();
  }

  /** A new turn: if these words stand here only as a draft that another tab has sent, they leave. @param {string} text */
  sentElsewhere(text) {
    if (this.#pending || !this.#restored || this.#restored.trim() !== text) return;
    this.field.value = "";
    this.#changed();
  }

  /** Nothing can be sent any more, and why. What is written can still be copied. @param {string} words */
  end(words) {
    this.#over = words;
    this.refused(null, words);
  }

  /** What somebody wrote here is kept for later once more: another tab may have kept its own words in its place. */
  keepOwn() {
    if (!this.#restored) this.#keep();
  }

  #keep() {
    this.drafts.write({ text: this.field.value, clientId: this.#clientId, sent: this.#sent, pending: Boolean(this.#pending) });
  }

  /** An answer to choose from comes into the page of paper; in its gap one goes on writing. @param {string} answer */
  use(answer) {
    if (this.#pending || this.field.hidden) return;
    const replaced = !this.field.value.trim() || this.field.value === this.#suggested;
    if (replaced) this.field.value = answer;
    else this.field.setRangeText(answer, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#suggested = answer;
    this.#restored = "";
    const gap = this.field.value.indexOf(GAP);
    this.field.focus();
    if (gap >= 0) this.field.setSelectionRange(gap, gap + GAP.length);
    this.#changed();
  }

  /** Not now, and why. Nothing typed is lost. @param {string | null} clientId @param {string} words */
  refused(clientId, words) {
    if (clientId && clientId !== this.#pending) return;
    this.#settle();
    this.say(words);
  }

  /** The way to the server is open again: what had no answer goes out once more, under the same name. */
  again() {
    if (this.#pending) this.callbacks.send(this.#pending, this.#sent);
  }

  /** @param {string} words */
  say(words) {
    this.trouble.textContent = words;
    this.trouble.hidden = !words;
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.stopButton.addEventListener("click", () => this.callbacks.stop());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    // Before what closes by this key has closed.
    document.addEventListener("keydown", (event) => this.#escape(event), { capture: true });
    this.field.addEventListener("input", () => {
      this.#restored = "";
      this.#changed();
    });
    this.field.addEventListener("compositionstart", () => (this.#composing = true));
    // Safari ends the composition before it reports the Enter that ended it.
    this.field.addEventListener("compositionend", () => setTimeout(() => (this.#composing = false), 0));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229 || this.#composing) return;
    event.preventDefault();
    this.#submit();
  }

  /** Escape stops a growing reply, unless it closes something first. @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== "Escape" || !this.#busy || event.isComposing) return;
    if (document.querySelector("dialog[open], :popover-open, details.menu[open], form[data-rename]:not([hidden])")) return;
    if (event.target instanceof HTMLInputElement && event.target.type === "search") return;
    this.callbacks.stop();
  }

  #submit() {
    const text = this.field.value.trim();
    if (!text || this.#pending || length(text) > CHARACTERS) return;
    if (this.#over || this.#busy) return this.say(this.#over || gettext("The tutor is still writing. Your words wait here."));
    this.#send(text);
  }

  /** The same words once more keep their name: sent twice, they are one message. @param {string} text */
  #send(text) {
    if (text !== this.#sent || !this.#clientId) this.#clientId = newId();
    this.#sent = text;
    this.#pending = this.#clientId;
    this.field.readOnly = true;
    this.sendButton.disabled = true;
    this.#keep();
    if (this.callbacks.send(this.#clientId, text)) this.say("");
    else this.say(gettext("No connection just now. Your words are kept and go out when it is back."));
  }

  #settle() {
    this.#pending = "";
    this.field.readOnly = false;
    this.#changed();
  }

  #changed() {
    const characters = length(this.field.value);
    this.count.hidden = characters < COUNTED_FROM;
    this.count.textContent = interpolate(gettext("%(used)s of %(limit)s characters"), { used: characters, limit: CHARACTERS }, true);
    this.count.classList.toggle("over", characters > CHARACTERS);
    this.sendButton.disabled = Boolean(this.#pending) || characters > CHARACTERS || !this.field.value.trim();
    this.#fit();
    this.#keep();
  }

  #fit() {
    this.field.rows = 1;
    while (this.field.rows < ROWS && this.field.scrollHeight > this.field.clientHeight) this.field.rows += 1;
  }

  #restore() {
    const draft = this.drafts.read();
    if (draft && !this.field.value) this.field.value = this.#restored = draft.text;
    if (draft) [this.#clientId, this.#sent] = [draft.clientId, draft.sent];
    if (draft?.pending && this.field.value.trim() === draft.sent) {
      this.#pending = draft.clientId;
      this.field.readOnly = true;
    }
    this.#changed();
  }

  /** @param {HTMLElement} bar */
  #fillBar(bar) {
    const letters = accentsFor(this.form.dataset.language ?? "");
    bar.hidden = letters.length === 0;
    bar.append(...letters.map((letter, place) => letterButton(letter, place)));
    bar.addEventListener("click", (event) => this.#insert(event));
    bar.addEventListener("keydown", (event) => step(bar, event));
  }

  /** @param {MouseEvent} event */
  #insert(event) {
    const letter = /** @type {HTMLElement} */ (event.target).closest("button")?.textContent;
    if (!letter) return;
    const upper = event.shiftKey ? letter.toLocaleUpperCase(this.form.dataset.language) : letter;
    this.field.setRangeText(upper, this.field.selectionStart, this.field.selectionEnd, "end");
    this.field.focus();
    this.#changed();
  }
}

/** Characters as the server counts them: code points, not halves of them. @param {string} text */
const length = (text) => [...text].length;

/** @param {string} letter @param {number} place */
function letterButton(letter, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "letter";
  button.textContent = letter;
  button.tabIndex = place === 0 ? 0 : -1;
  // The keyboard of a phone stays open.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  return button;
}

/** One tab stop for the bar; arrow keys walk in it. @param {HTMLElement} bar @param {KeyboardEvent} event */
function step(bar, event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const buttons = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("button")]);
  const from = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = buttons[(from + by + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
  to?.focus();
}
