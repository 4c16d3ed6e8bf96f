// @ts-check
/** The transcript on the page: one <li> a turn, made from the same template as on the server. */

import { Margin } from "./cards.js";
import { GrowingWords, safe } from "./markdown.js";
import { OPEN_STATES, reportedIn } from "./transcript.js";
import { actionLabel, endingMessage } from "./messages.js";

/** @import { Reply, ReplyAction, ReplyState, Turn } from "./transcript.js" */

export class TurnList {
  /** @type {Map<string, GrowingWords>} */ #growing = new Map();

  /** @param {HTMLElement} list @param {HTMLTemplateElement} template */
  constructor(list, template) {
    this.list = list;
    this.template = template;
    this.margin = new Margin(document);
  }

  /** What the server has put on the page already. @returns {Turn[]} */
  read() {
    const items = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("[data-turn]")]);
    for (const item of items) this.#showTools(item, replyFrom(item));
    return items.map(turnFrom);
  }

  /** Bring one turn on the page to what is known of it. @param {Turn} turn */
  show(turn) {
    const item = this.#find(turn.turn) ?? this.#add(turn);
    const box = part(item, "reply");
    const { reply } = turn;
    const open = OPEN_STATES.has(reply.state);
    const before = standing(box);
    Object.assign(box.dataset, { reply: reply.reply, attempt: reply.attempt, epoch: reply.epoch, seq: reply.seq, state: reply.state, error: reply.error });
    if (open || standing(box) !== before) this.#showWords(part(item, "words"), reply, open);
    box.setAttribute("aria-busy", String(open));
    if (standing(box) !== before || box.dataset.can !== reply.can.join(" ")) this.#showTools(item, reply);
    part(item, "ask").hidden = !turn.text || turn.cards.some((card) => card.kind === "correction");
    this.margin.show(part(item, "helped"), turn.cards.filter((card) => card.kind === "help"));
    this.margin.show(part(item, "margin"), turn.cards.filter((card) => card.kind !== "help"));
  }

  /** This reply was reported just now. @param {string} reply */
  reported(reply) {
    const item = this.list.querySelector(`[data-reply="${CSS.escape(reply)}"]`)?.closest("[data-turn]");
    if (!(item instanceof HTMLElement)) return;
    const known = replyFrom(item);
    this.#showTools(item, { ...known, can: reportedIn(known.can) });
  }

  /** @param {string} turn @returns {HTMLElement | null} */
  #find(turn) {
    return this.list.querySelector(`[data-turn="${CSS.escape(turn)}"]`);
  }

  /** @param {Turn} turn */
  #add(turn) {
    const piece = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const item = /** @type {HTMLElement} */ (piece.querySelector("[data-turn]"));
    item.dataset.turn = turn.turn;
    item.dataset.ordinal = String(turn.ordinal);
    const mine = part(item, "mine");
    mine.textContent = turn.text;
    part(item, "you").hidden = mine.hidden = !turn.text;
    const later = [...this.list.querySelectorAll("[data-turn]")].find((other) => ordinalOf(other) > turn.ordinal);
    this.list.insertBefore(item, later ?? null);
    return item;
  }

  /** @param {HTMLElement} words @param {Reply} reply @param {boolean} open */
  #showWords(words, reply, open) {
    if (!open && reply.html !== null) {
      this.#growing.delete(reply.reply);
      return words.replaceChildren(safe(reply.html));
    }
    const growing = this.#growing.get(reply.reply) ?? new GrowingWords(words);
    this.#growing.set(reply.reply, growing);
    growing.show(reply.text);
  }

  /** @param {HTMLElement} item @param {Reply} reply */
  #showTools(item, reply) {
    part(item, "reply").dataset.can = reply.can.join(" ");
    const ending = part(item, "ending");
    ending.textContent = endingMessage(reply);
    ending.hidden = !ending.textContent;
    const actions = reply.can.filter((action) => action !== "stop");
    actions.sort((a, b) => Number(isWayOn(b)) - Number(isWayOn(a)));
    const tools = part(item, "tools");
    part(item, "reply").querySelector("[data-readings]")?.remove();
    if (tools.querySelector(":focus-visible")) item.focus({ preventScroll: true });
    tools.replaceChildren(...actions.map((action) => (action === "reported" ? reportedBadge() : actionButton(action))));
  }
}

/** Stands where the button to report was. */
function reportedBadge() {
  const words = document.createElement("span");
  words.className = "badge";
  words.textContent = actionLabel("reported");
  return words;
}

/** How to get the rest of a reply: what somebody wants who sees that it has ended early. @param {ReplyAction} action */
const isWayOn = (action) => action === "retry" || action === "resume";

/** @param {ReplyAction} action */
function actionButton(action) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.action = action;
  button.className = isWayOn(action) ? "button small" : "tool";
  button.textContent = actionLabel(action);
  if (action === "readings") button.ariaExpanded = "false";
  return button;
}

/** @param {Element} item @param {string} name @returns {HTMLElement} */
function part(item, name) {
  return /** @type {HTMLElement} */ (item.querySelector(`[data-${name}]`));
}

/** What of a reply stands on the page. @param {HTMLElement} box */
const standing = ({ dataset: { reply, epoch, seq, state } }) => [reply, epoch, seq, state].join();

/** @param {Element} item */
const ordinalOf = (item) => Number(/** @type {HTMLElement} */ (item).dataset.ordinal);

/** @param {HTMLElement} item @returns {Turn} */
function turnFrom(item) {
  const { turn = "", ordinal, client = "" } = item.dataset;
  return { turn, ordinal: Number(ordinal), clientId: client || null, text: part(item, "mine").textContent, reply: replyFrom(item), cards: [] };
}

/** A reply that still grows is taken up from its first word: the page does not hold its text as it was written. @param {HTMLElement} item @returns {Reply} */
function replyFrom(item) {
  const { reply = "", attempt, epoch, seq, state, can, error = "" } = part(item, "reply").dataset;
  const open = OPEN_STATES.has(state ?? "");
  return {
    reply,
    turn: item.dataset.turn ?? "",
    attempt: Number(attempt),
    epoch: Number(epoch),
    seq: open ? 0 : Number(seq),
    state: /** @type {ReplyState} */ (state),
    text: open ? "" : part(item, "words").innerText.trim(),
    html: null,
    error,
    can: /** @type {ReplyAction[]} */ ((can ?? "").split(" ").filter(Boolean)),
    position: null,
    seconds: null,
    prompt_evaluation: false,
  };
}
