// @ts-check
/** The way to the server: it comes back by itself, asks with plain requests where none gets through, and knows when it is over. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { TalkSocket } from "../../../static/js/chat/socket.js";

const [RESTART, SIGNED_OUT, TOO_MANY, LOST] = [4012, 4401, 4429, 1006];
/** @type {Command} */
const SUBSCRIPTION = { type: "subscribe", conversation: "talk", after: 1 };
const OK = { type: "basic", status: 200, ok: true, json: () => Promise.resolve({ frames: [{ type: "pong" }] }) };

class FakeSocket {
  static OPEN = 1;
  static CONNECTING = 0;
  /** @type {FakeSocket[]} */ static all = [];
  readyState = FakeSocket.CONNECTING;
  /** @type {Command[]} */ sent = [];
  /** @type {() => void} */ onopen = () => {};
  /** @type {(event: {data: string}) => void} */ onmessage = () => {};
  /** @type {(event: {code: number}) => void} */ onclose = () => {};

  /** @param {URL} address */
  constructor(address) {
    this.address = String(address);
    FakeSocket.all.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  opens() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }

  /** @param {Frame} frame */
  says(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  closes(code) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

/** @param {() => Promise<object>} [answer] of the server to a plain request */
function opened(answer = () => Promise.resolve(OK)) {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  FakeSocket.all = [];
  /** @type {Command[]} */ const posted = [];
  /** @type {string[]} */ const told = [];
  /** @type {Frame[]} */ const frames = [];
  const fetch = (/** @type {string} */ _, /** @type {{body: string}} */ { body }) => {
    posted.push(JSON.parse(body));
    return answer();
  };
  for (const [name, value] of Object.entries({ WebSocket: FakeSocket, fetch, location: new URL("http://house/talk/"), navigator: { onLine: true } })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const way = new TalkSocket({
    socketPath: "/ws/talk", commandsPath: "/talk/commands/", csrf: "x", timeScale: 1,
    onFrame: (frame) => frames.push(frame),
    onConnection: (connection, words) => told.push(words ? `${connection}: ${words}` : connection),
    subscription: () => SUBSCRIPTION,
  });
  way.open();
  return { way, posted, told, frames, latest: () => /** @type {FakeSocket} */ (FakeSocket.all.at(-1)), sockets: () => FakeSocket.all.length };
}

/** Promises that are settled are heard of. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

test("it subscribes as soon as it is open, and acknowledges what came once a second", () => {
  const { latest, told, frames } = opened();
  assert.equal(latest().address, "ws://house/ws/talk");
  latest().opens();
  assert.deepEqual(latest().sent, [SUBSCRIPTION]);
  latest().says({ type: "refused", code: "busy", message: "ñ", client_id: null });
  mock.timers.tick(1_000);
  const bytes = new TextEncoder().encode(JSON.stringify(frames[0])).length;
  assert.deepEqual(latest().sent.at(-1), { type: "ack", received: bytes });
  mock.timers.tick(1_000);
  assert.equal(latest().sent.length, 2);
  assert.deepEqual(told, ["open"]);
});

test("what is lost comes back, ever more slowly, and says so", () => {
  const { way, latest, told, sockets } = opened();
  latest().opens();
  latest().closes(LOST);
  assert.deepEqual(told, ["open", "reconnecting"]);
  assert.equal(way.send({ type: "ping" }), false);
  mock.timers.tick(100 + 1_000);
  assert.equal(sockets(), 2);
});

test("a server that restarts says why, and is asked again within about a second", () => {
  const { latest, told, sockets } = opened();
  latest().opens();
  latest().says({ type: "bye", code: RESTART, message: "The server is restarting." });
  latest().closes(RESTART);
  assert.deepEqual(told.at(-1), "reconnecting: The server is restarting.");
  mock.timers.tick(1_200);
  assert.equal(sockets(), 2);
});

test("where too many are open, it waits longer", () => {
  const { latest, sockets } = opened();
  mock.method(Math, "random", () => 1);
  latest().opens();
  latest().closes(TOO_MANY);
  mock.timers.tick(4_000);
  assert.equal(sockets(), 1);
  mock.timers.tick(200);
  assert.equal(sockets(), 2);
  mock.restoreAll();
});

test("whoever is signed out is told, and does not come back", () => {
  const { way, latest, told, sockets } = opened();
  latest().opens();
  latest().closes(SIGNED_OUT);
  way.wake();
  mock.timers.tick(60_000);
  assert.deepEqual([told.at(-1), sockets()], ["signed-out", 1]);
});

test("a way that is silent counts as closed", () => {
  const { latest, told, sockets } = opened();
  mock.method(performance, "now", () => (now += 1));
  let now = 0;
  latest().opens();
  mock.timers.tick(15_000);
  assert.equal(latest().sent.some((command) => command.type === "ping"), true);
  mock.timers.tick(10_000);
  assert.equal(told.at(-1), "reconnecting");
  mock.timers.tick(2_000);
  assert.equal(sockets(), 2);
  mock.restoreAll();
});

/** @param {() => Promise<object>} [answer] */
async function polling(answer) {
  const all = opened(answer);
  mock.method(Math, "random", () => 0);
  for (let failure = 0; failure < 3; failure += 1) {
    all.latest().closes(LOST);
    mock.timers.tick(100);
  }
  mock.restoreAll();
  await settled();
  return all;
}

test("after three tries the same commands go as plain requests", async () => {
  const { way, told, posted, frames } = await polling();
  assert.equal(told.at(-1), "polling");
  assert.deepEqual([posted, frames.length], [[SUBSCRIPTION], 1]);
  assert.equal(way.send({ type: "stop", reply: "reply" }), true);
  await settled();
  assert.deepEqual(posted.slice(1), [{ type: "stop", reply: "reply" }, SUBSCRIPTION]);
});

test("a plain request hears as well that somebody is signed out, or has nothing here any more", async () => {
  for (const [status, connection] of /** @type {const} */ ([[401, "signed-out"], [404, "refused"], [403, "refused"]])) {
    const { told } = await polling(() => Promise.resolve({ type: "basic", status, ok: false }));
    assert.equal(told.at(-1), connection);
  }
  const { told } = await polling(() => Promise.resolve({ type: "opaqueredirect", status: 0, ok: false }));
  assert.equal(told.at(-1), "signed-out");
});

test("a server that answers nothing at all is waited for", async () => {
  const { told } = await polling(() => Promise.reject(new Error("no network")));
  assert.equal(told.at(-1), "reconnecting");
});
