// @ts-check
/** Django's JavaScriptCatalog without a translation. */

/** @type {Pick<typeof globalThis, "gettext" | "ngettext" | "interpolate">} */
const catalogue = {
  gettext: (words) => words,
  ngettext: (one, many, count) => (count === 1 ? one : many),
  interpolate: (/** @type {string} */ words, /** @type {any} */ values) => words.replace(/%\((\w+)\)s/g, (_, name) => String(values[name])),
};
Object.assign(globalThis, catalogue);
