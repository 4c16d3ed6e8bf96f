// @ts-check
/** "Test" shows its result in the row it belongs to, and says meanwhile that it is under way. */

for (const form of document.querySelectorAll("form[data-test]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void test(/** @type {HTMLFormElement} */ (form));
  });
}

/** @param {HTMLFormElement} form */
async function test(form) {
  const place = form.closest("tr")?.querySelector("[data-tested]");
  const button = form.querySelector("button");
  if (!(place instanceof HTMLElement) || !button) return form.submit();
  say(place, gettext("Testing… A model that is not loaded yet may take up to a minute."));
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const result = page.querySelector(".tested");
    if (!answer.ok || !result) throw new Error("no result");
    place.replaceChildren(result);
  } catch {
    say(place, gettext("The server did not answer. Nothing was changed; try again."));
  } finally {
    button.disabled = false;
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} words
 */
function say(place, words) {
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = words;
  place.replaceChildren(note);
}
