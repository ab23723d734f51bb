/** Time an item was on the screen and visible, in ms, by the clock that cannot be set back. */
export class Stopwatch {
  constructor() {
    /** @type {Map<string, number>} ms so far, by item */
    this.spent = new Map();
    /** @type {string | null} */
    this.item = null;
    this.since = 0;
    this.onVisibility = () => this.settle();
    document.addEventListener("visibilitychange", this.onVisibility);
    this.seen = !document.hidden;
  }

  /** Books the time since the last look, if the page was visible then. */
  settle() {
    const now = performance.now();
    if (this.item && this.seen) {
      this.spent.set(this.item, (this.spent.get(this.item) || 0) + Math.max(0, now - this.since));
    }
    this.since = now;
    this.seen = !document.hidden;
  }

  /** The clock now runs for this item, or for none. @param {string | null} item */
  run(item) {
    this.settle();
    this.item = item;
  }

  /** Time spent on an item since its last answer; begins again from zero. @param {string} item */
  take(item) {
    this.settle();
    const ms = Math.round(this.spent.get(item) || 0);
    this.spent.delete(item);
    return ms;
  }

  close() {
    document.removeEventListener("visibilitychange", this.onVisibility);
  }
}
