// @ts-check
/** While weights are fetched, the part of the row that shows it is asked for anew every second. */

const SECOND_MS = 1000;
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-progress]"));

if (place) lookSoon(place);

/** @param {HTMLElement} here */
function lookSoon(here) {
  setTimeout(() => void look(here), SECOND_MS);
}

/** @param {HTMLElement} here */
async function look(here) {
  try {
    const fresh = document.hidden ? null : await asked(here.dataset.progress ?? "");
    if (fresh && !show(here, fresh)) return location.reload();
  } catch {
    // The server restarts, or the line is gone: what was shown last stays, and the next second asks again.
  }
  lookSoon(here);
}

/** @param {string} address */
async function asked(address) {
  const answer = await fetch(address);
  if (answer.redirected || answer.status === 404) location.reload();
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

/**
 * @param {HTMLElement} here
 * @param {Document} fresh
 * @returns {boolean} whether it is still under way, with the same buttons: one under a finger is not replaced
 */
function show(here, fresh) {
  if (!fresh.querySelector("[data-running]") || buttons(here) !== buttons(fresh)) return false;
  const bar = here.querySelector("progress");
  const next = fresh.querySelector("progress");
  if (bar && next) bar.value = next.value;
  const words = here.querySelector("[data-words]");
  if (words) words.textContent = fresh.querySelector("[data-words]")?.textContent ?? "";
  return true;
}

/** @param {ParentNode} within */
function buttons(within) {
  return [...within.querySelectorAll("form button")].map((button) => button.getAttribute("value")).join();
}
