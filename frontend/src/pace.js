/**
 * The pace of the class as a quiz follows it: alone, or together with all others behind the teacher. Pure functions; the
 * rules are those of the server (bdhvs/core/pace.py), which keeps them whatever this page believes.
 */

/** @typedef {import("./types").Pace} Pace */

/** @type {Pace} before anything was heard: everybody goes alone, as in a notebook */
export const ALONE = { v: 1, rev: -1, gate: "begun", forms: {}, revealed: [] };

/**
 * How an item stands: `free` (nobody leads), `ahead` (not opened yet), `open`, `held`, `passed` (another is open now), `revealed`.
 * @param {Pace} pace
 * @param {string} form
 * @param {string} item
 */
export function stand(pace, form, item) {
  if (pace.revealed.includes(item)) return "revealed";
  const led = pace.forms[form];
  if (!led) return "free";
  if (item === led.item) return led.held ? "held" : "open";
  return led.opened.includes(item) ? "passed" : "ahead";
}

/** Whether the states of the items have to be fetched anew: what may be said about answers has changed. @param {Pace} before @param {Pace} now @param {string} form */
export function changesWhatIsSaid(before, now, form) {
  const same = before.revealed.length === now.revealed.length && before.revealed.every((item) => now.revealed.includes(item));
  return !same || Boolean(before.forms[form]) !== Boolean(now.forms[form]);
}
