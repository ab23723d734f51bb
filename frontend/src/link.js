/**
 * The link to the server: opens the attempt, then sends the queue in order, one fact at a time, until it is empty.
 *
 * Nothing is sent before `open` was answered, because only its reply says whose attempt this is: on a shared
 * phone the facts of the person before must wait until that person is back.
 *
 * When the network or the store fails, it tries again after growing pauses, and at once when the person acts, the
 * network returns or the page comes back into view.
 */
import { Queue } from "./queue.js";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_ASKED_PAUSE_MS = 60_000;
const TOO_LATE = ["revealed", "class_ended", "time_over"]; // an answer that no longer counts is still kept on the device
const SLOW_MS = 4_000; // after this much silence the person is let go on; the answer is safe in the queue

/** @typedef {import("./types").Fact} Fact */
/** @typedef {"network" | "store"} Trouble */
/**
 * @typedef {object} Ears
 * @property {(opened: import("./types").Opened) => void} opened
 * @property {(fact: Fact, reply: any) => void} replied a fact is saved
 * @property {(fact: Fact | null, status: number, refusal: import("./types").Refused | null) => void} refused
 *   for good; the fact has left the queue (null: it was `open` itself)
 * @property {(fact: Fact) => void} unavailable a fleeting fact was withdrawn, since there is no network
 * @property {(trouble: Trouble | null) => void} trouble it began, changed, or is over and all that waited is sent (null)
 * @property {() => void} noSession the cookie is unknown; the queue is kept
 */

/** How long to wait before trial n + 1, in ms. @param {number} failures @param {number} [chance] 0–1 */
export function pauseMs(failures, chance = Math.random()) {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return Math.min(LONGEST_PAUSE_MS, pause * (0.75 + chance / 2)); // forty phones must not knock in step
}

export class Link {
  /**
   * @param {import("./types").Channel} channel
   * @param {import("./storage").SafeStorage} storage
   * @param {() => object} openMessage
   * @param {Ears} ears
   */
  constructor(channel, storage, openMessage, ears) {
    this.channel = channel;
    this.storage = storage;
    this.openMessage = openMessage;
    this.ears = ears;
    /** @type {Queue | null} */
    this.queue = null;
    /** Facts that the server takes only when the teacher has opened their item; they stay in the queue. @type {Set<string>} */
    this.postponed = new Set();
    this.mustOpen = true;
    this.running = false;
    this.closed = false;
    this.failures = 0;
    /** @type {Trouble | null} */
    this.troubled = null;
    this.wake = () => {};
    this.onBack = () => {
      if (!document.hidden) this.knock();
    };
    addEventListener("online", this.onBack);
    addEventListener("pageshow", this.onBack);
    document.addEventListener("visibilitychange", this.onBack);
  }

  close() {
    this.closed = true;
    removeEventListener("online", this.onBack);
    removeEventListener("pageshow", this.onBack);
    document.removeEventListener("visibilitychange", this.onBack);
    this.wake();
  }

  /** The queue of this attempt. @param {string} attempt */
  follow(attempt) {
    if (!this.queue || this.queue.attempt !== attempt) this.queue = new Queue(attempt, this.storage);
    return this.queue;
  }

  /** Asks for the true state again, before anything else is sent. */
  reopen() {
    this.mustOpen = true;
    this.knock();
  }

  /** @param {Fact} fact @param {{ fleeting?: boolean }} [how] */
  send(fact, how) {
    this.follow(fact.attempt).add(fact, how);
    this.knock();
  }

  /** Tries now: ends a pause, or begins when nothing is under way. */
  knock() {
    this.wake();
    if (!this.running && !this.closed) this.run();
  }

  /** The class has moved: what had to wait for it is sent again. */
  sendPostponed() {
    this.postponed.clear();
    this.knock();
  }

  /** The next failure is told again, even when it is the same one. */
  forgetTrouble() {
    this.troubled = null;
  }

  async run() {
    this.running = true;
    try {
      while (!this.closed) {
        const fact = this.mustOpen ? null : this.queue && this.queue.first(this.postponed);
        if (!this.mustOpen && !fact) {
          this.overcome(); // only now: whoever reads that the network is back may put the phone away
          break;
        }
        const slow = setTimeout(() => this.inTrouble("network"), SLOW_MS);
        const answer = await this.channel.send(fact || this.openMessage());
        clearTimeout(slow);
        if (this.closed || !(await this.heard(fact, answer))) break;
      }
    } finally {
      this.running = false;
    }
  }

  /**
   * Acts on what came back. Gives whether to go on.
   * @param {Fact | null} fact
   * @param {import("./types").Answer} answer
   */
  async heard(fact, answer) {
    const { status, message } = answer;
    if (status === 0 || status === 429 || status === 408 || status >= 500) {
      await this.rest(answer);
      return true;
    }
    this.failures = 0;
    if (status === 401) {
      this.overcome();
      this.mustOpen = true;
      this.ears.noSession();
      return false;
    }
    const expected = fact ? ["saved", "finished"] : ["opened"];
    if (status === 200 && message && expected.includes(message.type)) {
      if (!fact) {
        this.mustOpen = false;
        this.follow(message.attempt);
        this.ears.opened(message);
      } else {
        if (this.queue) this.queue.remove(fact.event_id);
        this.ears.replied(fact, message);
      }
      return true;
    }
    return this.refused(fact, status, message && message.type === "refused" ? message : null);
  }

  /** @param {Fact | null} fact @param {number} status @param {import("./types").Refused | null} refusal */
  refused(fact, status, refusal) {
    if (!fact) {
      this.overcome();
      this.ears.refused(null, status, refusal); // a form that is not there will not be there in a second either
      return false;
    }
    const code = refusal ? refusal.code : "";
    if (code === "not_open" && fact.type === "answer") {
      this.postponed.add(fact.event_id); // made alone, before the class went together: its time will come
      this.mustOpen = true;
    } else if (status === 403 || status === 404) {
      if (this.queue && TOO_LATE.includes(code) && fact.type === "answer") this.queue.setAside(fact);
      else if (this.queue) this.queue.remove(fact.event_id);
      this.mustOpen = true;
    } else if (status === 422) {
      if (this.queue) this.queue.remove(fact.event_id);
    } else if (this.queue) {
      this.queue.setAside(fact); // unreadable for this server; the next facts may still get through
    }
    this.ears.refused(fact, status, refusal);
    return true;
  }

  /** Waits before the next trial. @param {import("./types").Answer} answer */
  async rest(answer) {
    this.failures += 1;
    this.inTrouble(answer.status === 0 ? "network" : "store");
    const asked = Math.min(answer.retryAfterMs || 0, LONGEST_ASKED_PAUSE_MS);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(asked, pauseMs(this.failures)));
      this.wake = () => {
        if (asked && !this.closed) return; // the server said when; acting sooner would not help
        clearTimeout(timer);
        resolve(undefined);
      };
    });
    this.wake = () => {};
  }

  /** The trouble is over, if there was any. */
  overcome() {
    if (!this.troubled) return;
    this.troubled = null;
    this.ears.trouble(null);
  }

  /** @param {Trouble} trouble */
  inTrouble(trouble) {
    if (this.queue) for (const fact of this.queue.withdrawFleeting()) this.ears.unavailable(fact);
    if (this.troubled === trouble) return;
    this.troubled = trouble;
    this.ears.trouble(trouble);
  }
}
