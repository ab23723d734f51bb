/**
 * Tells the server what was done so far in an item of several steps, so that another phone can go on from there.
 *
 * It is no fact: it does not stand in the queue, nobody waits for it, and when it does not arrive the next one says the same
 * and more. One is under way at a time, and the last word is always sent.
 */

const PAUSE_MS = 1_500; // somebody who types or taps quickly sends one message, not ten

export class SoFar {
  /** @param {import("./types").Channel} channel */
  constructor(channel) {
    this.channel = channel;
    /** What is still to be told, by item. @type {Map<string, { item: string }>} */
    this.untold = new Map();
    this.running = false;
    this.onLeaving = () => {
      if (document.hidden) this.tellNow();
    };
    document.addEventListener("visibilitychange", this.onLeaving);
  }

  close() {
    document.removeEventListener("visibilitychange", this.onLeaving);
    this.untold.clear();
  }

  /** @param {{ item: string, [field: string]: any }} message */
  tell(message) {
    this.untold.set(message.item, message);
    if (!this.running) this.run();
  }

  async run() {
    this.running = true;
    while (this.untold.size) {
      await new Promise((then) => setTimeout(then, PAUSE_MS));
      await this.tellNow();
    }
    this.running = false;
  }

  async tellNow() {
    const messages = [...this.untold.values()];
    this.untold.clear();
    if (navigator.onLine) for (const message of messages) await this.channel.send(message);
  }
}
