// Written by tools/generate_frame_types.py from tutor/chat/protocol.py. Change that one.

type Command =
  | SubscribeCommand
  | SendCommand
  | StopCommand
  | RetryCommand
  | ResumeCommand
  | ClimbCommand
  | DisputeCommand
  | CheckCommand
  | RevealCommand
  | SuggestCommand
  | AckCommand
  | PingCommand;

type Frame =
  | ReplyFrame
  | TurnFrame
  | CardFrame
  | DeltaFrame
  | ProgressFrame
  | GoalsFrame
  | SubscribedFrame
  | AcceptedFrame
  | RefusedFrame
  | PongFrame
  | ByeFrame;

/** Three answers to what the tutor asked, from easy to hard, the last with a gap: ``___``. */
interface Answers {
  kind: "answers";
  answers: ReadonlyArray<string>;
  source: "authored" | "model";
}

/** Something that was written, and what it would be: None where only the place is known, "" takes words away. */
interface Change {
  old: string;
  new: string | null;
  why: string;
  certainty: "sure" | "possible" | "place";
}

/** What is found in the learner's message; nothing where it is right. */
interface Correction {
  kind: "correction";
  findings: ReadonlyArray<Finding>;
  asked: boolean;
}

/** One place of the learner's message: the characters ``start`` to ``end``, as far as the learner may see by now. ``sure`` is shown as a correction, ``possible`` as a suggestion, ``place`` as "look here again", without an answer. */
interface Finding {
  start: number;
  end: number;
  old: string;
  before: string;
  after: string;
  certainty: "sure" | "possible" | "place";
  rung: "where" | "kind" | "choices" | "answer";
  name: string;
  why: string;
  choices: ReadonlyArray<string>;
  answer: string | null;
  witness: string;
  disputed: boolean;
  slip: boolean;
  more: boolean;
}

/** The answer to who asks about the language or is stuck, in the own language; ``word`` and ``example`` are in the language studied. */
interface Help {
  kind: "help";
  source: "dictionary" | "correction" | "authored" | "model";
  word: string;
  mark: string;
  meaning: string;
  senses: ReadonlyArray<string>;
  example: string;
  notes: ReadonlyArray<string>;
  changes: ReadonlyArray<Change>;
}

/** Follow a conversation: the turn ``after`` as it stands now, all that follow it, and then what is new. */
interface SubscribeCommand {
  type: "subscribe";
  conversation: string;
  after?: number;
}

/** The learner's next message. The same ``client_id`` again is the same message again, harmless. */
interface SendCommand {
  type: "send";
  conversation: string;
  client_id: string;
  text: string;
}

interface StopCommand {
  type: "stop";
  reply: string;
}

/** A new attempt at the same turn. */
interface RetryCommand {
  type: "retry";
  reply: string;
}

/** Go on with the same reply where its text ends ("Continue"). */
interface ResumeCommand {
  type: "resume";
  reply: string;
}

/** Show the next hint of one finding of a correction. */
interface ClimbCommand {
  type: "climb";
  card: string;
  index: number;
}

/** One finding of a correction is not right, the learner says; the same again takes it back. */
interface DisputeCommand {
  type: "dispute";
  card: string;
  index: number;
}

/** Look at this message of one's own, whose learner is told of mistakes only when they ask. */
interface CheckCommand {
  type: "check";
  turn: string;
}

/** Show now what was to be shown at the end of the talk. */
interface RevealCommand {
  type: "reveal";
  conversation: string;
}

/** Suggest three answers to this reply: the learner is stuck, and has asked. */
interface SuggestCommand {
  type: "suggest";
  reply: string;
}

/** How many bytes of frames the browser has taken in since the socket opened. */
interface AckCommand {
  type: "ack";
  received: number;
}

interface PingCommand {
  type: "ping";
}

/** A reply as it stands. ``html`` is given once it grows no more; until then the browser renders ``text``. */
interface ReplyFrame {
  type: "reply";
  reply: string;
  turn: string;
  attempt: number;
  epoch: number;
  seq: number;
  state: "queued" | "loading" | "running" | "done" | "stopped" | "interrupted" | "failed";
  text: string;
  html: string | null;
  error: string;
  can: ReadonlyArray<"stop" | "retry" | "resume" | "report" | "reported" | "copy" | "readings">;
  position: number | null;
  seconds: number | null;
}

interface TurnFrame {
  type: "turn";
  conversation: string;
  turn: string;
  ordinal: number;
  client_id: string | null;
  text: string;
  reply: ReplyFrame;
  cards: ReadonlyArray<CardFrame>;
}

/** Something that a model made beside a reply, as it stands: at the margin of its turn, one of a kind. */
interface CardFrame {
  type: "card";
  card: string;
  turn: string;
  kind: "correction" | "help" | "answers";
  epoch: number;
  state: "queued" | "loading" | "running" | "done" | "stopped" | "interrupted" | "failed";
  error: string;
  body: Correction | Help | Answers | null;
}

interface DeltaFrame {
  type: "delta";
  reply: string;
  epoch: number;
  after: number;
  seq: number;
  text: string;
}

/** A reply's state changed before or between its words: queued, being loaded, evaluating the prompt, writing. */
interface ProgressFrame {
  type: "progress";
  reply: string;
  epoch: number;
  state: "queued" | "loading" | "running" | "done" | "stopped" | "interrupted" | "failed";
  prompt_evaluation: boolean;
  position: number | null;
  seconds: number | null;
  error: string;
}

/** How far the talk has come: the goals met, by their ids; ``over`` once the tutor has said its last line. */
interface GoalsFrame {
  type: "goals";
  conversation: string;
  met: ReadonlyArray<string>;
  stage: "open" | "reached" | "over";
  asked: boolean;
}

/** All that was missing has been sent; what comes now is new. */
interface SubscribedFrame {
  type: "subscribed";
  conversation: string;
  model: string;
  guided: boolean;
  busy: boolean;
  switched_from: string;
}

/** The message is stored: now, and only now, may the composer let go of it. */
interface AcceptedFrame {
  type: "accepted";
  client_id: string;
  turn: string;
}

/** ``message`` is a plain sentence in the person's language; nothing typed is lost. */
interface RefusedFrame {
  type: "refused";
  code: string;
  message: string;
  client_id: string | null;
}

interface PongFrame {
  type: "pong";
}

/** The last frame before the server closes the socket with ``code``. */
interface ByeFrame {
  type: "bye";
  code: number;
  message: string;
}
