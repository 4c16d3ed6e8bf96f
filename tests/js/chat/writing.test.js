// @ts-check
/** Names for messages, and letters that a keyboard lacks. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ACCENTS, accentsFor } from "../../../static/js/chat/accents.js";
import { newId } from "../../../static/js/chat/ids.js";

test("a name is a random UUID of version 4", () => {
  const names = Array.from({ length: 200 }, newId);
  for (const name of names) assert.match(name, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(names).size, 200);
});

test("letters are those of the language, whatever its region", () => {
  assert.deepEqual(accentsFor("pt-BR"), accentsFor("pt"));
  assert.ok(accentsFor("es-MX").includes("ñ"));
  assert.deepEqual(accentsFor("ja"), []);
  for (const letters of Object.values(ACCENTS)) assert.equal(new Set(letters).size, [...letters].length);
});
