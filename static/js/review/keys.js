// @ts-check
/** The keyboard of a room where one reads much: j and k move, Enter opens, r marks as seen, u goes back. */

const STORED = "polyglott:keys";
const stops = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-stop]")]);
const toggle = document.querySelector("button[data-keys]");

if (toggle instanceof HTMLButtonElement) {
  toggle.setAttribute("aria-pressed", String(remembered()));
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(on));
    remember(on);
  });
  document.addEventListener("keydown", pressed);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.defaultPrevented || !isPlain(event) || writes(event.target)) return;
  if (toggle?.getAttribute("aria-pressed") === "true" && act(event)) event.preventDefault();
}

/** @param {KeyboardEvent} event */
const isPlain = (event) => !(event.isComposing || event.ctrlKey || event.metaKey || event.altKey);

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was one of ours
 */
function act({ key, target }) {
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  if (key === "r") return markSeen();
  if (key === "u") return follow(document.querySelector("a[data-back]"));
  return key === "Enter" && stops.includes(/** @type {HTMLElement} */ (target)) && unfold(/** @type {HTMLElement} */ (target));
}

/** In a talk the replies are the stops; where there is none, the conversations of the queue are. */
function path() {
  const replies = stops.filter((stop) => stop.matches(".transcript > [data-stop]"));
  return replies.length ? replies : stops;
}

/** @param {1 | -1} step */
function move(step) {
  const all = path();
  const here = all.findIndex((stop) => stop.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
  return true;
}

function markSeen() {
  const here = document.activeElement?.closest("[data-stop]");
  const form = here?.querySelector("form[data-seen]") ?? document.querySelector("form[data-seen]");
  if (form instanceof HTMLFormElement) form.requestSubmit();
  return form !== null;
}

/** @param {Element | null} link */
function follow(link) {
  if (link instanceof HTMLElement) link.click();
  return link !== null;
}

/** @param {HTMLElement} stop  a link opens by itself; a reply unfolds what made it */
function unfold(stop) {
  const fold = stop.querySelector("details.made-of");
  if (fold instanceof HTMLDetailsElement) fold.open = !fold.open;
  return fold !== null;
}

/** @param {EventTarget | null} target */
function writes(target) {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function remembered() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function remember(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing asks anew on the next page.
  }
}
