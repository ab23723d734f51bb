/**
 * How much time is left, told calmly: in whole minutes, no ticking, and it can be hidden. The server decides when the time is
 * over; this device only counts in between, on a clock that nobody sets.
 */
import { fill, h } from "./dom.js";
import { safeStorage } from "./storage.js";

const MINUTE_MS = 60_000;
const LAST_MS = 5 * MINUTE_MS; // said once when only this much is left
const NEWS_MS = 30_000; // so much more than expected was given by the teacher; less is the way of the message
const KEY = "bdhvs.time";

export class TimeLeft {
  /**
   * @param {HTMLElement} place where the line stands
   * @param {{ t: import("./types").Texts, say: (text: string) => () => void, over: () => void }} ears
   *   `say`: something to tell once, gives how to put it away; `over`: by this device's count the time is over
   */
  constructor(place, { t, say, over }) {
    this.place = place;
    this.t = t;
    this.say = say;
    this.over = over;
    this.storage = safeStorage(() => window.localStorage);
    /** When it is over, by this device's steady clock; null without a limit. @type {number | null} */
    this.end = null;
    this.told = false;
    this.putAway = () => {};
    this.timer = 0;
    this.text = h("span", {});
    this.button = h("button", { type: "button", class: "bd-button bd-small", onclick: () => this.toggle() });
    fill(place, this.text, this.button);
    place.hidden = true;
  }

  get isHidden() {
    return this.storage.get(KEY) === "hidden";
  }

  toggle() {
    this.storage.set(KEY, this.isHidden ? "shown" : "hidden");
    this.draw();
  }

  /** What the server says is left. @param {number | null} ms */
  set(ms) {
    const end = ms === null ? null : performance.now() + ms;
    if (end !== null && this.end !== null && end - this.end > NEWS_MS) {
      this.told = this.told && end - performance.now() <= LAST_MS;
      this.tell(this.t("time_more", { n: minutes(end - performance.now()) }));
    }
    if (end === null) this.putAway();
    this.end = end;
    this.tick();
  }

  /** @param {string} text it takes the place of what was told before */
  tell(text) {
    this.putAway();
    this.putAway = this.say(text);
  }

  tick() {
    clearTimeout(this.timer);
    this.draw();
    if (this.end === null) return;
    const left = this.end - performance.now();
    if (left <= 0) {
      this.over();
      return;
    }
    if (left <= LAST_MS && !this.told) {
      this.told = true;
      this.tell(left > MINUTE_MS ? this.t("time_last", { n: minutes(left) }) : this.t("time_under_one"));
    }
    // The next whole minute, at which the line changes.
    this.timer = window.setTimeout(() => this.tick(), left - (minutes(left) - 1) * MINUTE_MS + 20);
  }

  draw() {
    this.place.hidden = this.end === null;
    if (this.end === null) return;
    const left = this.end - performance.now();
    const text = left <= 0 ? this.t("time_over") : left > MINUTE_MS ? this.t("time_left", { n: minutes(left) }) : this.t("time_under_one");
    this.text.textContent = this.isHidden ? "" : text;
    this.button.textContent = this.t(this.isHidden ? "time_show" : "time_hide");
  }

  close() {
    clearTimeout(this.timer);
  }
}

/** Whole minutes, never told as more than there are left to begin. @param {number} ms */
function minutes(ms) {
  return Math.max(1, Math.ceil(ms / MINUTE_MS));
}
