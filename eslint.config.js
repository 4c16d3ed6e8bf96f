// @ts-check
/** What a machine can see of static/js beside its types (tsconfig.json). Small on purpose: each rule has found something, or guards a door. */

import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// What the modules use of a browser. `name`, `event`, `status` and the like are globals too, and never meant.
const BROWSER = [
  "addEventListener", "atob", "btoa", "clearTimeout", "console", "crypto", "CSS", "DataView", "document", "DOMParser", "Element", "Event", "fetch", "FormData", "history",
  "HTMLButtonElement", "HTMLDetailsElement", "HTMLDialogElement", "HTMLElement", "HTMLFormElement", "HTMLInputElement", "HTMLProgressElement",
  "Intl", "localStorage", "location", "navigator", "performance", "requestAnimationFrame", "ResizeObserver", "setInterval", "setTimeout",
  "TextDecoder", "TextEncoder", "URL", "WebSocket", "window", "XMLHttpRequest",
];
const CATALOGUE = ["gettext", "interpolate", "ngettext"];

/** @param {string[]} names @returns {Record<string, "readonly">} */
const readonly = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

const MARKUP = "Markup enters the page in chat/markdown.js alone, sanitised; everything else is text.";
const markup = [
  { object: "document", property: "write", message: MARKUP },
  ...["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe"].map((property) => ({ property, message: MARKUP })),
];

export default defineConfig(
  js.configs.recommended,
  {
    plugins: { "@typescript-eslint": tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { parser: tseslint.parser, parserOptions: { project: "tsconfig.json" } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "node:test" }] }],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unnecessary-condition": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "array-callback-return": "error",
      complexity: ["error", { max: 8, variant: "modified" }],
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 40],
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": ["error", ...markup],
      "no-script-url": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  { files: ["static/js/**/*.js"], languageOptions: { globals: readonly([...BROWSER, ...CATALOGUE]) } },
  { files: ["tests/js/**/*.js"], languageOptions: { globals: readonly(["performance", "TextEncoder", "URL"]) } },
);
