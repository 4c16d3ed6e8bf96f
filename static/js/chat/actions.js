// @ts-check
/** What can be done about a reply or the conversation: retry, continue, copy, report, rename, earlier turns. */

import { copyText } from "../copy.js";

/**
 * @typedef {object} Tools
 * @property {HTMLElement} page
 * @property {string} csrf
 * @property {(type: "retry" | "resume", reply: string) => void} ask
 * @property {(command: ClimbCommand | DisputeCommand | CheckCommand | RevealCommand) => boolean} change  whether it is on its way
 * @property {(words: string) => void} tell
 * @property {(change: () => void) => void} steady
 * @property {() => void} reread
 * @property {(reply: string) => void} reported
 */

/** @param {Tools} tools */
export function listenForActions(tools) {
  tools.page.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest("[data-action], [data-earlier], [data-climb], [data-dispute], [data-check], [data-reveal]");
    if (!(pressed instanceof HTMLElement)) return;
    const finding = pressed.closest("[data-finding]");
    if (finding instanceof HTMLElement) return changeFinding(tools, pressed, finding);
    if (pressed.matches("[data-check], [data-reveal]")) return askAbout(tools, pressed);
    if (pressed.dataset.earlier) {
      event.preventDefault();
      void earlier(tools, pressed);
    } else act(tools, pressed);
  });
  listenForReport(tools);
  listenForRename(tools.page);
}

/** The next hint of a finding, or "not right". @param {Tools} tools @param {HTMLElement} button @param {HTMLElement} finding */
function changeFinding(tools, button, finding) {
  const card = /** @type {HTMLElement | null} */ (finding.closest("[data-card]"));
  const about = { card: card?.dataset.card ?? "", index: Number(finding.dataset.finding) };
  tools.change(button.matches("[data-climb]") ? { type: "climb", ...about } : { type: "dispute", ...about });
}

/** "Check this" beside one message, or "Show corrections now". @param {Tools} tools @param {HTMLElement} button */
function askAbout(tools, button) {
  const item = /** @type {HTMLElement | null} */ (button.closest("[data-turn]"));
  const sent = item
    ? tools.change({ type: "check", turn: item.dataset.turn ?? "" })
    : tools.change({ type: "reveal", conversation: tools.page.dataset.conversation ?? "" });
  if (!sent) return tools.tell(gettext("No connection just now. Please try again in a moment."));
  button.closest("details")?.removeAttribute("open");
  item?.focus({ preventScroll: true });
}

/** @param {Tools} tools @param {HTMLElement} button */
function act(tools, button) {
  const box = button.closest("[data-reply]");
  const reply = box instanceof HTMLElement ? (box.dataset.reply ?? "") : "";
  switch (button.dataset.action) {
    case "retry":
    case "resume":
      return tools.ask(button.dataset.action, reply);
    case "copy":
      return void copy(button, box?.querySelector("[data-words]"));
    case "readings":
      return void readings(tools, button, /** @type {HTMLElement} */ (box));
    case "report":
      return openReport(tools.page, reply);
    default:
  }
}

/** @param {HTMLElement} button @param {Element | null | undefined} words */
async function copy(button, words) {
  if (!(words instanceof HTMLElement) || !(await copyText(words.innerText.trim()))) return;
  const label = button.textContent;
  button.textContent = gettext("Copied");
  setTimeout(() => (button.textContent = label), 2000);
}

/** Under the tutor's line, how it is read; pressed again, it goes. @param {Tools} tools @param {HTMLElement} button @param {HTMLElement} box */
async function readings(tools, button, box) {
  const open = box.querySelector("[data-readings]");
  const address = box.closest("[data-readings-address]")?.getAttribute("data-readings-address") ?? "";
  button.ariaExpanded = String(!open);
  if (open) return tools.steady(() => open.remove());
  try {
    const answer = await fetch(address.replace("00000000-0000-0000-0000-000000000000", box.dataset.reply ?? ""));
    if (!answer.ok) throw new Error(String(answer.status));
    const piece = document.createRange().createContextualFragment(await answer.text());
    tools.steady(() => box.querySelector("[data-words]")?.after(piece));
  } catch {
    button.ariaExpanded = "false";
    tools.tell(gettext("The readings could not be loaded. Please try again."));
  }
}

/** @param {Tools} tools @param {HTMLElement} link */
async function earlier(tools, link) {
  const row = link.closest("li");
  link.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(link.dataset.earlier ?? "");
    if (!answer.ok) throw new Error(String(answer.status));
    const piece = document.createRange().createContextualFragment(await answer.text());
    const first = /** @type {HTMLElement | null} */ (piece.querySelector("[data-turn]"));
    tools.steady(() => row?.replaceWith(piece));
    tools.reread();
    first?.focus({ preventScroll: true });
  } catch {
    link.removeAttribute("aria-disabled");
    tools.tell(gettext("The earlier part could not be loaded. Please try again."));
  }
}

/** @param {HTMLElement} page @returns {HTMLDialogElement | null} */
const reportDialog = (page) => page.querySelector("dialog[data-report]");

/** @param {HTMLElement} page @param {string} reply */
function openReport(page, reply) {
  const dialog = reportDialog(page);
  if (!dialog) return;
  dialog.dataset.about = reply;
  dialog.showModal();
}

/** @param {Tools} tools */
function listenForReport(tools) {
  const dialog = reportDialog(tools.page);
  dialog?.querySelector("[data-cancel]")?.addEventListener("click", () => dialog.close());
  dialog?.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    void report(tools, dialog.dataset.about ?? "", dialog.dataset.report ?? "");
  });
}

/** @param {Tools} tools @param {string} reply @param {string} address with a place for the reply's id */
async function report(tools, reply, address) {
  try {
    const answer = await fetch(address.replace("00000000-0000-0000-0000-000000000000", reply), {
      method: "POST",
      headers: { "X-CSRFToken": tools.csrf },
    });
    // Said as well where the report was refused, because nobody would see it.
    tools.tell((await answer.json()).message);
    if (!answer.ok) return;
    tools.reported(reply);
  } catch {
    tools.tell(gettext("That could not be reported. Please try again."));
  }
}

/** @param {HTMLElement} page */
function listenForRename(page) {
  const form = /** @type {HTMLFormElement | null} */ (page.querySelector("form[data-rename]"));
  const title = /** @type {HTMLElement | null} */ (page.querySelector("[data-title]"));
  const field = form?.querySelector("input[name=title]");
  if (!form || !title || !(field instanceof HTMLInputElement)) return;
  const show = (/** @type {boolean} */ open) => {
    form.hidden = !open;
    title.hidden = open;
    if (open) field.select();
    else if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  };
  page.querySelector("[data-rename-open]")?.addEventListener("click", (event) => {
    /** @type {HTMLElement} */ (event.target).closest("details")?.removeAttribute("open");
    show(true);
  });
  form.querySelector("[data-cancel]")?.addEventListener("click", () => show(false));
  form.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  const asked = () => {
    if (location.hash !== "#rename") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.removeAttribute("open");
    for (const rail of document.querySelectorAll(":popover-open")) /** @type {HTMLElement} */ (rail).hidePopover();
    show(true);
  };
  addEventListener("hashchange", asked);
  asked();
}
