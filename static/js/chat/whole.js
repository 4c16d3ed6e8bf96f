// @ts-check
/** On paper stands the whole talk: what is not on the page yet is fetched before the browser prints. */

/**
 * Printing does not wait for what comes later, so this request is one that the page waits for.
 * @param {HTMLElement} turns
 */
export function beWholeOnPaper(turns) {
  addEventListener("beforeprint", () => {
    while (fetchEarlier(turns));
  });
}

/** @param {HTMLElement} turns @returns {boolean} whether there was an earlier part, and it came */
function fetchEarlier(turns) {
  const link = /** @type {HTMLElement | null} */ (turns.querySelector("[data-earlier]"));
  const request = new XMLHttpRequest();
  try {
    request.open("GET", link?.dataset.earlier ?? "", false);
    if (link) request.send();
  } catch {
    return false;
  }
  if (!link || request.status !== 200) return false;
  link.closest("li")?.replaceWith(document.createRange().createContextualFragment(request.responseText));
  return true;
}
