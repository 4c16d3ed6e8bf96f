// @ts-check
/** Cards at the margin of a turn, made from the same templates as on the server. What fills a kind stands here. */

import { certaintyMessage, sourceMessage } from "./messages.js";
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
    const looking = isLookedAt(card) && box.closest("[data-corrections='asked']") !== null;
    if (card.kind === "correction") part(box, "looking").hidden = !looking;
    if (card.body) fillCard(box, card.body, this.page);
    else box.hidden = !looking;
  }
}

/** @param {Card} card */
const isLookedAt = ({ kind, body, state }) => kind === "correction" && !body && OPEN_STATES.has(state);

/** @param {HTMLElement} box @param {NonNullable<Card["body"]>} body @param {ParentNode} page */
function fillCard(box, body, page) {
  switch (body.kind) {
    case "correction":
      return fillCorrection(box, body, page);
    case "help":
      return fillHelp(box, body, page);
    case "answers":
      return fillAnswers(box, body);
  }
}

/** @param {HTMLElement} box @param {Correction} body @param {ParentNode} page */
function fillCorrection(box, { findings, asked }, page) {
  const list = part(box, "findings");
  const focused = focusedIn(list);
  list.replaceChildren(...findings.map((finding, index) => findingItem(page, finding, index)));
  part(box, "notes").hidden = findings.length === 0;
  part(box, "count").textContent = interpolate(ngettext("%s note", "%s notes", findings.length), [findings.length]);
  part(box, "clean").hidden = !asked || findings.length > 0;
  box.hidden = findings.length === 0 && !asked;
  focused(list);
}

/** @param {HTMLElement} box @param {Help} body @param {ParentNode} page */
function fillHelp(box, body, page) {
  say(box, "word", body.word);
  say(box, "mark", body.mark);
  box.hidden = false;
  part(box, "help-head").hidden = !body.word;
  say(box, "source", sourceMessage(body.source));
  say(box, "meaning", body.meaning, !body.meaning);
  say(box, "senses", body.senses.join(" · "), body.senses.length === 0);
  fill(part(box, "changes"), body.changes.map((change) => changeItem(page, change)));
  fill(part(box, "notes"), body.notes.map(paragraph));
  say(box, "example", body.example, !body.example);
}

/** @param {HTMLElement} box @param {Answers} body */
function fillAnswers(box, { answers, source }) {
  part(box, "answer-list").replaceChildren(...answers.map(answerItem));
  part(box, "source").hidden = source !== "model";
  box.hidden = answers.length === 0;
}

/** @param {HTMLElement} box @param {HTMLElement[]} pieces */
function fill(box, pieces) {
  box.replaceChildren(...pieces);
  box.hidden = pieces.length === 0;
}

/** @param {string} text */
function paragraph(text) {
  const made = document.createElement("p");
  made.dir = "auto";
  made.textContent = text;
  return made;
}

/** @param {string} text */
function answerItem(text) {
  const item = document.createElement("li");
  item.dir = "auto";
  item.textContent = text;
  return item;
}

/** @param {ParentNode} page @param {Change} change @returns {HTMLElement} */
function changeItem(page, change) {
  const template = /** @type {HTMLTemplateElement} */ (page.querySelector("[data-change-template]"));
  const piece = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const item = /** @type {HTMLElement} */ (piece.querySelector("[data-change]"));
  say(item, "old", change.old);
  say(item, "new", change.new || "–");
  part(item, "arrow").hidden = change.new === null;
  const certainty = part(item, "certainty");
  certainty.className = `badge ${change.certainty}`;
  certainty.textContent = certaintyMessage(change.certainty);
  say(item, "why", change.why, !change.why);
  return item;
}

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
