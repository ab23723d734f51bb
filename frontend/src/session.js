/**
 * One learner's attempt as this browser holds it.
 *
 * `opened` is the server's last word; `known` is that with the queue's facts on top. The last word is also kept in
 * sessionStorage, so that a reload without a network still shows the quiz. (localStorage would show it to the
 * next person on a shared phone.)
 */
import { foreseen, nextAfter, stateOf } from "./attempt.js";
import { device } from "./device.js";
import { Link } from "./link.js";
import { ALONE, stand } from "./pace.js";
import { SoFar } from "./so_far.js";
import { parsed, safeStorage } from "./storage.js";
import { uuid7 } from "./uuid7.js";

/** @typedef {import("./types").Opened} Opened */
/** @typedef {import("./types").Fact} Fact */

export class Session {
  /**
   * @param {{ form: string, lang: string, who: string, channel: import("./types").Channel, ears: Omit<import("./link").Ears, "trouble"> & { trouble: () => void } }} options
   */
  constructor({ form, lang, who, channel, ears }) {
    this.channel = channel;
    this.soFar = new SoFar(channel);
    this.form = form;
    this.pace = ALONE;
    this.store = safeStorage(() => window.sessionStorage);
    this.cacheKey = `bdhvs.opened.${who}.${form}.${lang}`;
    /** @type {Opened | null} */
    this.opened = null;
    /** @type {import("./link").Trouble | null} */
    this.trouble = null;
    /** The next `open` asks for a new attempt after a finished one. */
    this.again = false;
    const open = () => ({ v: 1, type: "open", form, lang, device: device(), ...(this.again ? { again: true } : {}) });
    this.link = new Link(channel, safeStorage(() => window.localStorage), open, {
      ...ears,
      trouble: (trouble) => {
        this.trouble = trouble;
        ears.trouble();
      },
    });
    this.onLeaving = (/** @type {BeforeUnloadEvent} */ event) => {
      if (!this.inMemoryOnly) return;
      event.preventDefault();
      event.returnValue = "";
    };
    addEventListener("beforeunload", this.onLeaving);
  }

  close() {
    removeEventListener("beforeunload", this.onLeaving);
    this.link.close();
    this.soFar.close();
    if (this.channel.close) this.channel.close();
  }

  /** @param {Opened} opened */
  keep(opened) {
    this.opened = opened;
    this.takePace(opened.pace);
    this.store.set(this.cacheKey, JSON.stringify({ ...opened, kept_at: Date.now() }));
  }

  /** Takes up what was kept before a reload, if anything. */
  recall() {
    const cached = parsed(this.store.get(this.cacheKey));
    if (cached && cached.attempt) {
      const passed = Math.max(0, Date.now() - (cached.kept_at || Date.now()));
      this.opened = { ...cached, time_left_ms: typeof cached.time_left_ms === "number" ? Math.max(0, cached.time_left_ms - passed) : null };
      this.takePace(cached.pace);
    }
    return this.opened;
  }

  /** Gives whether it is news. @param {import("./types").Pace | null | undefined} pace */
  takePace(pace) {
    if (!pace || pace.rev <= this.pace.rev) return false;
    this.pace = pace;
    if (this.opened) this.opened = { ...this.opened, pace };
    return true;
  }

  /** What the class takes together of this form, null while everybody goes alone. */
  get led() {
    return this.pace.forms[this.form] || null;
  }

  /** Whether the class goes together at another form than this one. */
  get isElsewhere() {
    return !this.led && Object.keys(this.pace.forms).length > 0;
  }

  /** @param {string} item */
  stand(item) {
    return stand(this.pace, this.form, item);
  }

  /** The attempt as it will be when the queue is saved. @returns {Opened} */
  get known() {
    const opened = /** @type {Opened} */ (this.opened);
    return foreseen(opened, this.link.follow(opened.attempt).facts());
  }

  /** @param {string} item */
  state(item) {
    const state = stateOf(this.known, item);
    return ["free", "open"].includes(this.stand(item)) ? state : { ...state, open: false };
  }

  /** Where an item stands in the form, from 1: as the teacher's screen counts while the class goes together. @param {string} item */
  place(item) {
    const { led } = this;
    if (led && led.item === item) return { n: led.n, total: led.total };
    const { form, items } = this.known;
    return { n: this.placeOf(item), total: form.at_most ? null : items.length, most: form.at_most };
  }

  /** Place of an item in the form, from 1; 0 when it is not there. @param {string | null | undefined} item */
  placeOf(item) {
    return this.opened ? this.opened.items.findIndex(({ id }) => id === item) + 1 : 0;
  }

  /** Items come one by one, and the next one can only come with the server's reply to what is still in the queue. */
  get awaitsNext() {
    const { opened, known } = this;
    return Boolean(opened && known.form.at_most && known.status === "started" && opened.current && !known.current);
  }

  /** @param {string} item */
  nextAfter(item) {
    return nextAfter(this.known, item, this.pace.revealed);
  }

  get isHandedIn() {
    return Boolean(this.opened && this.link.follow(this.opened.attempt).facts().some(({ type }) => type === "finish"));
  }

  get hasUnsent() {
    return Boolean(this.link.queue && this.link.queue.first());
  }

  /** Whether leaving the page would lose something. */
  get inMemoryOnly() {
    return Boolean(this.link.queue && !this.link.queue.durable);
  }

  /**
   * The actions done at an item and not yet handed in: kept like `opened`, for a reload, not for the next person; and told to the
   * server, for another phone of the same person.
   * @param {string} item @returns {import("./types").Draft}
   */
  draft(item) {
    const attempt = this.opened ? this.opened.attempt : "";
    const key = `bdhvs.draft.${attempt}.${item}`;
    return {
      get: () => {
        const state = this.opened && this.opened.states[item];
        return parsed(this.store.get(key)) || (state && state.so_far ? state.so_far.actions : null);
      },
      set: (actions) => {
        this.store.set(key, JSON.stringify(actions)); // also when nothing is left: what the server knew is older
        this.soFar.tell({ v: 1, type: "so_far", attempt, event_id: uuid7(), item, response: { actions } });
      },
    };
  }

  /** Puts a fact in the queue and has it sent. @param {Partial<Fact> & { type: Fact["type"] }} what @param {{ fleeting?: boolean }} [how] */
  send(what, how) {
    const { attempt } = /** @type {Opened} */ (this.opened);
    /** @type {Fact} */
    const fact = { v: 1, attempt, event_id: uuid7(), ...what };
    this.link.send(fact, how);
    return fact;
  }
}
