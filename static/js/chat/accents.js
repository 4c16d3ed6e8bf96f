// @ts-check

/** Letters that a keyboard made for another language lacks. */
/** @type {Record<string, string>} */
export const ACCENTS = {
  es: "áéíóúüñ¿¡",
  fr: "àâçéèêëîïôùûœ«»",
  de: "äöüß„“",
  pt: "áâãàçéêíóôõú",
  it: "àèéìòù",
  ca: "àçèéíïòóúü·",
  nl: "éëïóöü",
  pl: "ąćęłńóśźż",
  cs: "áčďéěíňóřšťúůýž",
  sv: "åäö",
  da: "åæø",
  nb: "åæø",
  fi: "äö",
  tr: "çğıİöşü",
  hu: "áéíóöőúüű",
  ro: "ăâîșț",
  eo: "ĉĝĥĵŝŭ",
};

/** @param {string} language BCP-47 @returns {string[]} */
export function accentsFor(language) {
  const [base = ""] = language.toLowerCase().split("-");
  return [...(ACCENTS[base] ?? "")];
}
