// @ts-check
/** The goals in the talk's head: ticked as they are met, and said once to who cannot see that. */

export class GoalList {
  /** @param {Element} page */
  constructor(page) {
    this.items = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-goal]")]);
    this.count = page.querySelector("[data-goals-count]");
    this.status = page.querySelector("[data-goals-status]");
  }

  /** @param {readonly string[]} met the ids of the goals that are met */
  show(met) {
    const fresh = this.items.filter((item) => met.includes(item.dataset.goal ?? "") && item.dataset.met !== "true");
    for (const item of this.items) mark(item, met.includes(item.dataset.goal ?? ""));
    if (this.count) this.count.textContent = interpolate(gettext("%(met)s of %(all)s"), { met: String(met.length), all: String(this.items.length) }, true);
    if (this.status && fresh.length) this.status.textContent = reachedMessage(fresh.map((item) => item.firstElementChild?.textContent ?? ""));
  }
}

/** @param {readonly string[]} titles */
export const reachedMessage = (titles) => interpolate(gettext("Goal reached: %(goal)s"), { goal: titles.join(", ") }, true);

/** @param {HTMLElement} item @param {boolean} met */
function mark(item, met) {
  item.dataset.met = String(met);
  const words = item.querySelector("[data-goal-met]");
  if (words instanceof HTMLElement) words.hidden = !met;
}
