// @ts-check
/** Long work under way: the list is asked for again and again, and the page is made anew when nothing runs any more. */

const SECOND_MS = 1000;
const IDLE_MS = 5000;

for (const place of document.querySelectorAll("[data-jobs]")) later(/** @type {HTMLElement} */ (place));

/** @param {HTMLElement} place */
function later(place) {
  setTimeout(() => void look(place), "running" in place.dataset ? SECOND_MS : IDLE_MS);
}

/** @param {HTMLElement} place */
async function look(place) {
  try {
    const fresh = document.hidden ? null : await asked(place.dataset.jobs ?? "");
    if (fresh && !show(place, fresh)) return location.reload();
  } catch {
    // The server restarts, or the line is gone: what was shown last stays, and the next time asks again.
  }
  later(place);
}

/**
 * @param {string} address
 * @returns {Promise<HTMLElement | null>}
 */
async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.redirected || answer.status === 404) location.reload();
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-jobs]");
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} fresh
 * @returns {boolean} false when what runs has changed, so that the rest of the page is out of date
 */
function show(place, fresh) {
  if ("running" in place.dataset !== "running" in fresh.dataset) return false;
  if (shape(place) !== shape(fresh)) return false;
  for (const row of place.querySelectorAll("[data-job]")) {
    const next = fresh.querySelector(`[data-job="${row.getAttribute("data-job")}"]`);
    if (next) move(row, next);
  }
  return true;
}

/**
 * Which rows there are, and in which state: with the same ones no button under somebody's finger is replaced.
 * @param {Element} list
 */
function shape(list) {
  return [...list.querySelectorAll("[data-job]")].map((row) => `${row.getAttribute("data-job")} ${row.getAttribute("data-state")}`).join();
}

/**
 * @param {Element} row
 * @param {Element} next
 */
function move(row, next) {
  const bar = row.querySelector("progress");
  const moved = next.querySelector("progress");
  if (bar && moved) bar.value = moved.value;
  for (const selector of ["[data-figures]", "[data-note]"]) {
    const old = row.querySelector(selector);
    const text = next.querySelector(selector)?.textContent ?? "";
    if (old && old.textContent !== text) old.textContent = text;
  }
}
