// @ts-check
/** The examples of RFC 8439. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { chacha20 } from "../../../static/js/chat/chacha20.js";

const KEY = Uint8Array.from({ length: 32 }, (_, place) => place);

/** @param {string} digits */
const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @param {Uint8Array} some */
const digits = (some) => Array.from(some, (byte) => byte.toString(16).padStart(2, "0")).join("");

test("section 2.3.2: one block of the stream", () => {
  const stream = chacha20(KEY, bytes("000000090000004a00000000"), new Uint8Array(64));
  assert.equal(
    digits(stream),
    "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
  );
});

test("section 2.4.2: a sentence longer than a block, there and back", () => {
  const text = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  const plain = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const nonce = bytes("000000000000004a00000000");
  const sealed = chacha20(KEY, nonce, plain);
  assert.equal(digits(sealed).slice(0, 64), "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b");
  assert.equal(digits(sealed).slice(-32), "0bbf74a35be6b40b8eedf2785e42874d");
  assert.deepEqual(chacha20(KEY, nonce, sealed), plain);
});
