// @ts-check
/** What every page does: menus close, links are copied, and no words of others are left behind in the browser. */

import { copyText } from "./copy.js";

const DRAFTS = "polyglott:draft:";

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

for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", () => wipeDrafts(""));
// However a session ended: the next page in this browser is another person's, or nobody's. An error page may not know whose.
const signedIn = document.documentElement.dataset.person;
if (signedIn !== undefined) wipeDrafts(signedIn);

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

/** @param {string} person whose drafts stay; nobody's if empty */
function wipeDrafts(person) {
  const kept = person && `${DRAFTS}${person}:`;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(DRAFTS) && !(kept && key.startsWith(kept))) localStorage.removeItem(key);
    }
  } catch {
    // A browser that keeps nothing has nothing to wipe.
  }
}
