// @ts-check
/** How far the talk has come: goals ticked as they are met, and said once to who cannot see that; its end, offered. */

export class GoalList {
  /** @param {Element} page */
  constructor(page) {
    this.items = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-goal]")]);
    this.count = page.querySelector("[data-goals-count]");
    this.end = page.querySelector("[data-end]");
    this.status = page.querySelector("[data-goals-status]");
  }

  /** @param {GoalsFrame} frame how far the talk has come */
  show({ met, stage, asked }) {
    const fresh = this.items.filter((item) => met.includes(item.dataset.goal ?? "") && item.dataset.met !== "true");
    for (const item of this.items) mark(item, met.includes(item.dataset.goal ?? ""));
    if (this.count) this.count.textContent = interpolate(gettext("%(met)s of %(all)s"), { met: String(met.length), all: String(this.items.length) }, true);
    this.#offer(endOf(stage, asked));
    if (this.status && fresh.length) this.status.textContent = reachedMessage(fresh.map((item) => item.firstElementChild?.textContent ?? ""));
  }

  /** @param {string} end */
  #offer(end) {
    if (!(this.end instanceof HTMLElement) || this.end.dataset.end === end) return;
    this.end.hidden = !end;
    this.end.dataset.end = end;
  }
}

/** What the page offers an end for. @param {GoalsFrame["stage"]} stage @param {boolean} asked */
export function endOf(stage, asked) {
  if (stage === "over") return "over";
  return asked ? "asked" : stage === "reached" ? "reached" : "";
}

/** @param {readonly string[]} titles */
export const reachedMessage = (titles) => interpolate(gettext("Goal reached: %(goal)s"), { goal: titles.join(", ") }, true);

/** @param {HTMLElement} item @param {boolean} met */
function mark(item, met) {
  item.dataset.met = String(met);
  const words = item.querySelector("[data-goal-met]");
  if (words instanceof HTMLElement) words.hidden = !met;
}
