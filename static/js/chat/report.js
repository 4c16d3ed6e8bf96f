// @ts-check
/** The page of a report: what a model adds comes in by itself, a correction can be disputed, all of it printed. */

const AGAIN_MS = 2_000;

/** @param {HTMLElement} page */
function watch(page) {
  if (!page.querySelector("[data-growing]")) return;
  setTimeout(() => void look(page), AGAIN_MS);
}

/** Take the report as the server shows it now. Offline, what stands here stays. @param {HTMLElement} page */
async function look(page) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const fresh = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-report-body]") : null;
  if (fresh && !page.querySelector("[data-report-body] :focus")) page.querySelector("[data-report-body]")?.replaceWith(document.adoptNode(fresh));
  watch(page);
}

/** "Not right?", and once more to take that back. @param {HTMLElement} page @param {HTMLElement} button */
async function dispute(page, button) {
  const csrf = /** @type {HTMLInputElement | null} */ (page.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
  const answer = await fetch(page.dataset.commands ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ type: "dispute", card: button.dataset.card, index: Number(button.dataset.index) }),
  }).catch(() => null);
  if (!answer?.ok) return;
  const disputed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(disputed));
  const note = button.parentElement?.querySelector("[data-disputed]");
  if (note instanceof HTMLElement) note.hidden = !disputed;
}

const page = document.querySelector("[data-report]");
if (page instanceof HTMLElement) {
  watch(page);
  page.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest("[data-dispute]");
    if (pressed instanceof HTMLElement) void dispute(page, pressed);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  if (button instanceof HTMLElement) button.hidden = false;
  button.addEventListener("click", () => window.print());
}
