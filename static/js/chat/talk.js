// @ts-check
/** The page of one conversation: frames in, commands out. Everything else is in the modules beside this one. */

import { listenForActions } from "./actions.js";
import { Announcer } from "./announce.js";
import { Composer } from "./composer.js";
import { Follow } from "./follow.js";
import { GoalList } from "./goals.js";
import { TurnList } from "./render.js";
import { TalkSocket } from "./socket.js";
import { Suggestions } from "./suggestions.js";
import { apply, growing, subscription, transcriptOf, withReported } from "./transcript.js";
import { PendingAction } from "./pending-action.js";
import { beWholeOnPaper } from "./whole.js";
import { endingMessage, isReading, spokenStatus, statusMessage } from "./messages.js";

const QUIET_MS = 10_000;

class Talk {
  /** @type {Set<string>} */ #dirty = new Set();
  #painting = false;
  #readingSince = 0;
  #asked = 0;
  #heard = 0;
  #farewell = false;

  /** @param {HTMLElement} page */
  constructor(page) {
    this.page = page;
    const { conversation = "", socket = "", commands = "", timeScale = "1", language = "" } = page.dataset;
    const csrf = /** @type {HTMLInputElement} */ (page.querySelector("[name=csrfmiddlewaretoken]")).value;
    this.list = new TurnList(this.#part("turns"), /** @type {HTMLTemplateElement} */ (this.#part("turn-template")));
    this.transcript = transcriptOf(conversation, this.list.read());
    this.announcer = new Announcer(this.#part("announce"), language);
    this.follow = new Follow(this.#part("scroll"), this.#part("turns"), /** @type {HTMLButtonElement} */ (this.#part("below")));
    this.composer = new Composer(/** @type {HTMLFormElement} */ (this.#part("composer")), {
      send: (clientId, text) => this.socket.send({ type: "send", conversation, client_id: clientId, text }),
      stop: () => this.#stop(),
    });
    this.suggestions = this.#suggestions();
    for (const { clientId } of this.transcript.turns) if (clientId) this.composer.accepted(clientId);
    this.pendingAction = new PendingAction({ send: (command) => this.socket.send(command), say: (words) => this.composer.say(words) });
    this.socket = new TalkSocket({
      socketPath: socket,
      commandsPath: commands,
      csrf,
      timeScale: Number(timeScale),
      onFrame: (frame) => this.#receive(frame),
      onConnection: (connection, words) => this.#connected(connection, words),
      subscription: () => subscription(this.transcript),
    });
    listenForActions({
      page,
      csrf,
      ask: (type, reply) => this.pendingAction.ask({ type, reply }, this.transcript),
      change: (command) => this.socket.send(command),
      tell: (words) => this.composer.say(words),
      steady: (change) => this.follow.steady(change),
      reread: () => void this.list.read(),
      reported: (reply) => this.#reported(reply),
    });
    this.#comeAndGo();
    this.#tick();
    this.socket.open();
  }

  /** @param {string} reply */
  #reported(reply) {
    this.transcript = withReported(this.transcript, reply);
    this.list.reported(reply);
  }

  #suggestions() {
    return new Suggestions(this.page, {
      ask: (reply) => this.socket.send({ type: "suggest", reply }),
      use: (answer) => this.composer.use(answer),
    });
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.page.querySelector(`[data-${name}]`));
  }

  /** @param {Frame} frame */
  #receive(frame) {
    this.#heard = performance.now();
    if (frame.type === "refused") this.#refused(frame);
    if (frame.type === "accepted") this.#accepted(frame);
    if (frame.type === "turn") this.#turnCame(frame);
    if (frame.type === "goals") new GoalList(this.page).show(frame);
    const step = apply(this.transcript, frame);
    this.transcript = step.transcript;
    for (const turn of step.changed) this.#dirty.add(turn);
    if (step.gap) this.#askAgain();
    this.pendingAction.look(this.transcript);
    if (frame.type === "subscribed") this.#subscribed(frame);
    this.#paintSoon();
  }

  /** @param {TurnFrame} frame */
  #turnCame({ client_id: clientId, turn, text }) {
    if (clientId) this.composer.accepted(clientId);
    if (!this.transcript.turns.some((known) => known.turn === turn)) this.composer.sentElsewhere(text);
  }

  /** @param {RefusedFrame} frame */
  #refused({ client_id: clientId, code, message }) {
    if (!clientId) this.pendingAction.forget();
    this.composer.refused(clientId, message);
    if (code === "not_found") this.socket.leave();
  }

  /** The turn itself follows; should it be lost on the way, it is asked for. @param {AcceptedFrame} frame */
  #accepted({ client_id: clientId, turn }) {
    this.composer.accepted(clientId);
    this.follow.toBottom();
    const missing = () => !this.transcript.turns.some((known) => known.turn === turn);
    setTimeout(() => missing() && this.socket.send(subscription(this.transcript)), 2000);
  }

  /** @param {SubscribedFrame} frame */
  #subscribed(frame) {
    this.#part("model").textContent = frame.model;
    const notice = this.#part("switched");
    notice.hidden = !frame.switched_from;
    const words = gettext("%(old)s is not there any more. %(new)s answers now.");
    notice.textContent = interpolate(words, { old: frame.switched_from, new: frame.model }, true);
    if (this.#farewell) this.composer.say("");
    this.#farewell = false;
    this.composer.again();
    this.pendingAction.again(this.transcript);
  }

  /** Something is missing: ask how the last turn stands, at most once a second. */
  #askAgain() {
    const now = performance.now();
    if (now - this.#asked < 1000) return;
    this.#asked = now;
    this.socket.send(subscription(this.transcript));
  }

  #stop() {
    const reply = growing(this.transcript);
    if (reply) this.pendingAction.ask({ type: "stop", reply: reply.reply }, this.transcript);
  }

  /** @param {import("./socket.js").Connection} connection @param {string} words */
  #connected(connection, words) {
    if (connection === "signed-out") return this.#signIn();
    if (connection === "refused") return this.#leave();
    this.page.dataset.connection = connection;
    this.pendingAction.doubt();
    if (words) this.composer.say(words);
    this.#farewell ||= Boolean(words);
    this.#paintSoon();
  }

  /** The conversation was deleted in another tab, perhaps: nothing more will come, nothing can be sent. */
  #leave() {
    this.page.dataset.connection = "refused";
    this.pendingAction.forget();
    this.composer.end(statusMessage(null, "refused", 0));
    this.#paintSoon();
  }

  #signIn() {
    const address = new URL(this.page.dataset.signIn ?? "/", location.href);
    address.searchParams.set("next", location.pathname);
    location.assign(address);
  }

  /** However many frames come, the page is brought up to date once a frame of the screen. */
  #paintSoon() {
    if (this.#painting) return;
    this.#painting = true;
    const paint = () => {
      this.#painting = false;
      this.#paint();
    };
    if (document.hidden) setTimeout(paint, 250);
    else requestAnimationFrame(paint);
  }

  #paint() {
    for (const turn of this.transcript.turns) if (this.#dirty.has(turn.turn)) this.list.show(turn);
    this.#dirty.clear();
    this.composer.setBusy(growing(this.transcript) !== null && this.socket.connection !== "refused");
    this.suggestions.show(this.transcript);
    this.#paintStatus();
    const last = this.transcript.turns.at(-1)?.reply;
    if (last) this.announcer.follow(last, growing(this.transcript) === null, endingMessage(last));
  }

  #paintStatus() {
    const last = this.transcript.turns.at(-1)?.reply ?? null;
    const reading = last !== null && isReading(last);
    if (!reading) this.#readingSince = 0;
    else this.#readingSince ||= performance.now();
    const seconds = reading ? Math.floor((performance.now() - this.#readingSince) / 1000) : 0;
    const status = this.#part("status");
    const words = statusMessage(last, this.socket.connection, seconds);
    if (status.textContent !== words) status.textContent = words;
    this.announcer.state(spokenStatus(last, this.socket.connection));
  }

  #tick() {
    setInterval(() => this.#readingSince && this.#paintStatus(), 1000);
    setInterval(() => this.#wonder(), QUIET_MS * Number(this.page.dataset.timeScale ?? 1));
  }

  /** A reply that is said to grow and from which nothing is heard: ask how it stands. */
  #wonder() {
    if (growing(this.transcript) && performance.now() - this.#heard > QUIET_MS) this.#askAgain();
  }

  /** Put away, looked at again, back from the browser's memory of pages, on and off the network. */
  #comeAndGo() {
    beWholeOnPaper(this.#part("turns"));
    addEventListener("pagehide", () => this.#putAway());
    for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", () => this.#signOut());
    addEventListener("pageshow", (event) => event.persisted && this.socket.wake());
    addEventListener("online", () => this.socket.wake());
    addEventListener("offline", () => this.socket.doubt());
    document.addEventListener("visibilitychange", () => document.hidden || this.socket.wake());
  }

  /** Another tab may have kept its words in the place of these. Whoever was signed out elsewhere leaves none. */
  #putAway() {
    if (this.socket.connection === "open") this.composer.keepOwn();
    this.socket.pause();
  }

  /** Who signs out here is on the way already: the next person at this device is not led back to this conversation. */
  #signOut() {
    this.composer.drafts.close();
    this.socket.pause();
  }
}

const page = document.querySelector("[data-talk]");
if (page instanceof HTMLElement) new Talk(page);
