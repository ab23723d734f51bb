/**
 * Facts of one attempt that the server has not confirmed yet, oldest first.
 *
 * Each fact lies under a key of its own, `bdhvs.queue.<attempt>.<place>.<event id>`: adding and removing are then
 * single writes, so two tabs of one learner cannot spoil each other's list, as they would if the whole list
 * lay under one key. A tab also remembers what it added itself until *it* got the reply. If the other tab was
 * quicker, the fact is sent twice, which the protocol allows.
 *
 * A fact is written here before it is sent. Where the browser keeps nothing, it lives in memory only and `durable`
 * says so.
 */
import { parsed } from "./storage.js";

/** @typedef {import("./types").Fact} Fact */
/** @typedef {{ key: string, fact: Fact, kept: boolean, fleeting: boolean }} Entry */

export class Queue {
  /**
   * @param {string} attempt
   * @param {import("./storage").SafeStorage} storage
   */
  constructor(attempt, storage) {
    this.attempt = attempt;
    this.storage = storage;
    this.prefix = `bdhvs.queue.${attempt}.`;
    /** @type {Map<string, Entry>} by key */
    this.mine = new Map();
  }

  /**
   * Puts a fact at the end. A `fleeting` one (asking for a hint) is not kept over a reload.
   * @param {Fact} fact
   * @param {{ fleeting?: boolean }} [how]
   */
  add(fact, { fleeting = false } = {}) {
    const last = this.entries().pop();
    const place = last ? Number(last.key.slice(this.prefix.length).split(".")[0]) + 1 : 1;
    const key = `${this.prefix}${String(place).padStart(9, "0")}.${fact.event_id}`;
    const kept = !fleeting && this.storage.set(key, JSON.stringify(fact));
    this.mine.set(key, { key, fact, kept, fleeting });
  }

  /** @returns {Entry[]} */
  entries() {
    const all = new Map(this.mine);
    for (const key of this.storage.keys(this.prefix)) {
      if (all.has(key)) continue;
      const fact = parsed(this.storage.get(key));
      if (fact && fact.event_id && fact.attempt === this.attempt) all.set(key, { key, fact, kept: true, fleeting: false });
    }
    return [...all.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** @returns {Fact[]} */
  facts() {
    return this.entries().map((entry) => entry.fact);
  }

  /** The oldest fact, those left out that must wait for the class. @param {Set<string>} [waiting] event ids @returns {Fact | null} */
  first(waiting = new Set()) {
    const entry = this.entries().find(({ fact }) => !waiting.has(fact.event_id));
    return entry ? entry.fact : null;
  }

  /** @param {string} eventId */
  remove(eventId) {
    for (const { key, fact } of this.entries()) {
      if (fact.event_id !== eventId) continue;
      this.mine.delete(key);
      this.storage.remove(key);
    }
  }

  /**
   * Takes a fact that the server cannot read out of the way of the others, and keeps it for whoever looks into the case.
   * @param {Fact} fact
   */
  setAside(fact) {
    this.storage.set(`bdhvs.aside.${this.attempt}.${fact.event_id}`, JSON.stringify(fact));
    this.remove(fact.event_id);
  }

  /** Takes out and gives back the fleeting facts. @returns {Fact[]} */
  withdrawFleeting() {
    const fleeting = this.entries().filter((entry) => entry.fleeting);
    for (const { fact } of fleeting) this.remove(fact.event_id);
    return fleeting.map((entry) => entry.fact);
  }

  /** Whether a reload would lose nothing. */
  get durable() {
    return this.entries().every((entry) => entry.kept || entry.fleeting);
  }
}
