// @ts-check
/** The browser knows its time zone: a new person's form takes it, the profile only suggests it. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const select of document.querySelectorAll("select[data-time-zone]")) {
  const field = /** @type {HTMLSelectElement} */ (select);
  if (!zone || field.value === zone || !offers(field)) continue;
  if (field.dataset.timeZone === "choose") choose(field);
  else suggest(field);
}

/** @param {HTMLSelectElement} field */
function offers(field) {
  return [...field.options].some((option) => option.value === zone);
}

/** @param {HTMLSelectElement} field */
function choose(field) {
  if (field.value === "UTC" || field.value === "") field.value = zone;
}

/** @param {HTMLSelectElement} field */
function suggest(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = interpolate(gettext("This browser is in %s: take it"), [zone.replaceAll("_", " ")]);
  button.addEventListener("click", () => {
    field.value = zone;
    button.remove();
    field.focus();
  });
  field.after(button);
}
