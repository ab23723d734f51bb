/** What matching and categorise share: a row answered is a row with one of its radio buttons on. */
import { plainText } from "./dom.js";
import { chosenIn } from "./kinds_common.js";

/** @typedef {{ id: string, picks: import("./kinds_common").Pick[], text: HTMLElement }} PairRow */

/** Rows without an answer. @template {PairRow} R @param {R[]} rows @returns {R[]} */
export function withoutAnswer(rows) {
  return rows.filter(({ picks }) => chosenIn(picks).length === 0);
}

/** The response when every row has an answer, else null. @param {PairRow[]} rows */
export function pairsIn(rows) {
  if (withoutAnswer(rows).length) return null;
  return { pairs: Object.fromEntries(rows.map(({ id, picks }) => [id, chosenIn(picks)[0]])) };
}

/** @param {PairRow[]} rows @param {import("./types").Texts} t */
export function rowsDone(rows, t) {
  return t("rows_done", { n: rows.length - withoutAnswer(rows).length, total: rows.length });
}

/** The rows, then what there is to choose from. @param {PairRow[]} rows @param {import("./types").Texts} t */
export function spokenPairs(rows, t) {
  const [first] = rows;
  const answers = first ? first.picks.map(({ label }) => plainText(label)) : [];
  return [...rows.map(({ text }) => plainText(text)), t("spoken_answers"), ...answers];
}
