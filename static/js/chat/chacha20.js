// @ts-check
/**
 * The stream cipher of RFC 8439. The browser's own ciphers do not exist on pages that came over plain http, as in many a
 * home or classroom, and would answer too late for a page that is being left.
 */

const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
// Columns, then diagonals.
const QUARTERS = /** @type {const} */ ([
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
]);

/**
 * The same again takes it back.
 * @param {Uint8Array} key 32 bytes
 * @param {Uint8Array} nonce 12 bytes, never twice with one key
 * @param {Uint8Array} bytes
 * @param {number} [counter] of the first block
 */
export function chacha20(key, nonce, bytes, counter = 1) {
  const out = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += 64) {
    const stream = block([...SIGMA, ...words(key), counter + start / 64, ...words(nonce)]);
    bytes.subarray(start, start + 64).forEach((byte, place) => (out[start + place] = byte ^ stream.getUint8(place)));
  }
  return out;
}

/** @param {number[]} initial 16 words @returns {DataView} 64 bytes of the stream */
function block(initial) {
  const state = Uint32Array.from(initial);
  for (let round = 0; round < 10; round += 1) for (const quarter of QUARTERS) mix(state, quarter);
  const stream = new DataView(new ArrayBuffer(64));
  initial.forEach((word, place) => stream.setUint32(place * 4, word + at(state, place), true));
  return stream;
}

/** The quarter round. @param {Uint32Array} state @param {readonly [number, number, number, number]} places */
function mix(state, [a, b, c, d]) {
  for (const [left, right] of [[16, 12], [8, 7]]) {
    state[a] = at(state, a) + at(state, b);
    state[d] = rotated(at(state, d) ^ at(state, a), left ?? 0);
    state[c] = at(state, c) + at(state, d);
    state[b] = rotated(at(state, b) ^ at(state, c), right ?? 0);
  }
}

/** @param {Uint32Array} state @param {number} place */
const at = (state, place) => state[place] ?? 0;

/** @param {number} word @param {number} by */
const rotated = (word, by) => (word << by) | (word >>> (32 - by));

/** @param {Uint8Array} bytes @returns {number[]} */
function words(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, place) => view.getUint32(place * 4, true));
}
