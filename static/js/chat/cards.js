// @ts-check
/** Cards at the margin of a turn, made from the same templates as on the server. What fills a kind stands here. */

import { certaintyMessage } from "./messages.js";
import { OPEN_STATES } from "./transcript.js";

/** @import { Card } from "./transcript.js" */

export class Margin {
  /** @param {ParentNode} page where the templates stand, one a kind of card */
  constructor(page) {
    this.page = page;
  }

  /** Bring the cards of one turn up to date; others, which only the server has told of, stay. @param {HTMLElement} margin @param {readonly Card[]} cards */
  show(margin, cards) {
    for (const card of cards) this.#fill(this.#find(margin, card) ?? this.#add(margin, card), card);
    margin.hidden = !margin.firstElementChild;
  }

  /** @param {HTMLElement} margin @param {Card} card @returns {HTMLElement | null} */
  #find(margin, card) {
    return margin.querySelector(`[data-card="${CSS.escape(card.card)}"]`);
  }

  /** @param {HTMLElement} margin @param {Card} card @returns {HTMLElement} */
  #add(margin, card) {
    const template = /** @type {HTMLTemplateElement} */ (this.page.querySelector(`[data-card-template="${card.kind}"]`));
    const piece = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const box = /** @type {HTMLElement} */ (piece.querySelector("[data-card]"));
    margin.append(box);
    return box;
  }

  /** @param {HTMLElement} box @param {Card} card */
  #fill(box, card) {
    Object.assign(box.dataset, { card: card.card, epoch: card.epoch, state: card.state });
    const said = JSON.stringify([card.state, card.body]);
    if (box.dataset.said === said) return;
    box.dataset.said = said;
    const looking = !card.body && OPEN_STATES.has(card.state) && box.closest("[data-corrections='asked']") !== null;
    part(box, "looking").hidden = !looking;
    if (card.body) FILLED[card.kind](box, card.body, this.page);
    else box.hidden = !looking;
  }
}

/** @type {{[kind in Card["kind"]]: (box: HTMLElement, body: Extract<Card["body"], {kind: kind}>, page: ParentNode) => void}} */
const FILLED = {
  correction(box, { findings, asked }, page) {
    const list = part(box, "findings");
    const focused = focusedIn(list);
    list.replaceChildren(...findings.map((finding, index) => findingItem(page, finding, index)));
    part(box, "notes").hidden = findings.length === 0;
    part(box, "count").textContent = interpolate(ngettext("%s note", "%s notes", findings.length), [findings.length]);
    part(box, "clean").hidden = !asked || findings.length > 0;
    box.hidden = findings.length === 0 && !asked;
    focused(list);
  },
};

/** @param {ParentNode} page @param {Finding} finding @param {number} index @returns {HTMLElement} */
function findingItem(page, finding, index) {
  const template = /** @type {HTMLTemplateElement} */ (page.querySelector("[data-finding-template]"));
  const piece = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const item = /** @type {HTMLElement} */ (piece.querySelector("[data-finding]"));
  item.className = `finding margin-note ${finding.certainty}`;
  Object.assign(item.dataset, { finding: index, rung: finding.rung });
  say(item, "name", finding.name);
  say(item, "certainty", certaintyMessage(finding.certainty));
  say(item, "witness", finding.witness);
  say(item, "before", finding.before);
  part(item, "slip").hidden = !finding.slip;
  say(item, "old", finding.old);
  say(item, "answer", finding.answer ?? "", !finding.answer);
  say(item, "after", finding.after);
  part(item, "arrow").hidden = finding.answer === null;
  say(item, "choices", finding.choices.join(" · "), finding.choices.length === 0);
  say(item, "why", finding.why, !finding.why);
  part(item, "climb").hidden = !finding.more;
  part(item, "dispute").setAttribute("aria-pressed", String(finding.disputed));
  return item;
}

/** @param {Element} item @param {string} name @param {string} text @param {boolean} [hidden] */
function say(item, name, text, hidden = false) {
  const place = part(item, name);
  place.textContent = text;
  place.hidden = hidden;
}

/** Whoever pressed a button stays on it when the list is made anew. @param {Element} list @returns {(list: Element) => void} */
function focusedIn(list) {
  const focused = document.activeElement;
  const item = focused?.closest("[data-finding]");
  if (!(item instanceof HTMLElement) || !list.contains(item)) return () => {};
  const [index, button] = [item.dataset.finding, focused?.matches("[data-climb]") ? "climb" : "dispute"];
  return (made) => {
    const again = made.querySelector(`[data-finding="${index}"]`);
    const buttons = [again?.querySelector(`[data-${button}]`), again?.querySelector("[data-dispute]")];
    const shown = buttons.find((one) => one instanceof HTMLElement && !one.hidden);
    if (shown instanceof HTMLElement) shown.focus();
  };
}

/** @param {Element} box @param {string} name @returns {HTMLElement} */
function part(box, name) {
  return /** @type {HTMLElement} */ (box.querySelector(`[data-${name}]`));
}
