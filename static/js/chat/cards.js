// @ts-check
/** Cards at the margin of a turn, made from the same templates as on the server. What fills a kind stands here. */

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
    const before = [box.dataset.card, box.dataset.epoch, box.dataset.state].join();
    Object.assign(box.dataset, { card: card.card, epoch: card.epoch, state: card.state });
    if (before === [card.card, card.epoch, card.state].join()) return;
    box.hidden = card.body === null;
    if (card.body) FILLED[card.kind](box, card.body);
  }
}

/** @type {{[kind in Card["kind"]]: (box: HTMLElement, body: Extract<Card["body"], {kind: kind}>) => void}} */
const FILLED = {
  correction(box, { text, edits }) {
    const words = part(box, "text");
    words.textContent = text;
    part(box, "edits").replaceChildren(...edits.map((edit) => editItem(edit, words.lang)));
  },
};

/** @param {Edit} edit @param {string} lang */
function editItem({ text, reason, sure }, lang) {
  const [item, words, why] = ["li", "b", "span"].map((name) => document.createElement(name));
  if (!item || !words || !why) throw new Error("unreachable");
  [words.textContent, words.lang, words.dir] = [text, lang, "auto"];
  [why.textContent, why.dir] = [reason, "auto"];
  if (!sure) item.className = "possible";
  item.append(words, " ", why);
  return item;
}

/** @param {Element} box @param {string} name @returns {HTMLElement} */
function part(box, name) {
  return /** @type {HTMLElement} */ (box.querySelector(`[data-${name}]`));
}
