// @ts-check
/** What every page does: menus close, links are copied, and who signs out leaves no words behind in the browser. */

import { copyText } from "./copy.js";
import { hasDrafts, sweepDrafts, wipeDrafts } from "./draft-storage.js";

for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
  // In a list that scrolls, what opens may be out of sight.
  menu.addEventListener("toggle", () => menu.hasAttribute("open") && menu.querySelector(".menu-list")?.scrollIntoView({ block: "nearest" }));
  menu.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key !== "Escape" || !menu.hasAttribute("open")) return;
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
}

const { person } = document.documentElement.dataset;
if (person) for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", () => wipeDrafts(person));
sweepDrafts(Date.now());
for (const note of document.querySelectorAll("[data-drafts-kept]")) if (note instanceof HTMLElement) note.hidden = !hasDrafts();

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", () => void copyFrom(/** @type {HTMLButtonElement} */ (button)));
}

/** @param {HTMLButtonElement} button  `data-copy` names the element, `data-copied` is what the button says afterwards. */
async function copyFrom(button) {
  const source = document.querySelector(button.dataset.copy ?? "");
  if (!source || !(await copyText(source.textContent.trim()))) return;
  const label = button.textContent;
  button.textContent = button.dataset.copied ?? "✓";
  setTimeout(() => (button.textContent = label), 2000);
}
