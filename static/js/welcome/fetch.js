// @ts-check
/** While a model is fetched, the part of the page that shows it is asked for anew every second. */

const SECOND_MS = 1000;
const place = /** @type {HTMLElement | null} */ (document.querySelector("#fetch[data-progress]"));

if (place && "running" in place.dataset) lookSoon(place);

/** @param {HTMLElement} here */
function lookSoon(here) {
  setTimeout(() => void look(here), SECOND_MS);
}

/** @param {HTMLElement} here */
async function look(here) {
  if (document.hidden) return lookSoon(here);
  try {
    const answer = await fetch(here.dataset.progress ?? "", { headers: { Accept: "text/html" } });
    if (answer.redirected || answer.status === 404) return location.reload();
    if (answer.ok && !show(here, await answer.text())) return location.reload();
  } catch {
    // The server restarts, or the line is gone: what was shown last stays, and the next second asks again.
  }
  lookSoon(here);
}

/**
 * @param {HTMLElement} here
 * @param {string} html  from our own server, made by the same template as the page
 * @returns {boolean} whether the fetch is still under way
 */
function show(here, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (!fresh.querySelector("[data-running]")) return false;
  if (sameButtons(here, fresh)) {
    for (const selector of ["progress", ".spread"]) move(here, fresh, selector);
  } else {
    here.replaceChildren(...fresh.childNodes);
  }
  return true;
}

/**
 * A button under somebody's finger is not replaced for nothing.
 * @param {Element} here
 * @param {Element} fresh
 */
function sameButtons(here, fresh) {
  const names = (/** @type {Element} */ of) => [...of.querySelectorAll("button")].map((button) => button.textContent).join("|");
  return names(here) === names(fresh);
}

/**
 * @param {Element} here
 * @param {Element} fresh
 * @param {string} selector
 */
function move(here, fresh, selector) {
  const old = here.querySelector(selector);
  const next = fresh.querySelector(selector);
  if (old instanceof HTMLProgressElement && next instanceof HTMLProgressElement) old.value = next.value;
  else if (old && next) old.replaceChildren(...next.childNodes);
}
