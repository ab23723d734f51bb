/**
 * For each row, the fitting answer.
 *
 * Each row is a card that opens to the list of answers, written out in full; closed, it shows the one chosen. A native <select>
 * would cut long answers on a phone. After a tap the card closes and the next open row shows its list; with the arrow
 * keys it stays, since each arrow is a choice.
 */
import { fill, h, plainText, setHtml } from "../dom.js";
import { icon } from "../icons.js";
import { cards } from "../kinds_common.js";
import { pairsIn, rowsDone, spokenPairs, withoutAnswer } from "../kinds_pairs.js";

export const kind = "matching";

const TAP_MS = 800; // a change this soon after a finger was lifted came from that finger

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  /** @type {import("../types").Part[]} */
  const answers = item.body.answers;
  let tappedAt = -TAP_MS;

  /** @typedef {{ id: string, picks: import("../kinds_common").Pick[], details: HTMLDetailsElement, summary: HTMLElement, chosen: HTMLElement, text: HTMLElement }} Row */
  /** @type {Row[]} */
  const rows = item.body.rows.map((/** @type {import("../types").Part} */ part) => {
    const before = response && response.pairs[part.id];
    const picks = cards("radio", answers, before ? [before] : [], () => changed(row));
    const text = setHtml(h("span", { class: "bd-text bd-row-text" }), part.html);
    const chosen = h("span", { class: "bd-row-chosen" });
    const summary = h("summary", {}, text, chosen);
    const list = h("div", { class: "bd-options", role: "radiogroup", "aria-label": plainText(text) }, ...picks.map(({ label }) => label));
    const details = h("details", { class: "bd-row" }, summary, list);
    list.addEventListener("pointerup", () => (tappedAt = performance.now()));
    /** @type {Row} */
    const row = { id: part.id, picks, details, summary, chosen, text };
    return row;
  });
  fieldset.append(h("p", { class: "bd-how" }, t("how_matching")), h("div", { class: "bd-rows" }, ...rows.map(({ details }) => details)));
  rows.forEach(draw);
  if (!response && rows[0]) rows[0].details.open = true;

  /** @param {Row} row */
  function draw(row) {
    const pick = row.picks.find(({ input }) => input.checked);
    row.details.classList.toggle("is-on", Boolean(pick));
    fill(row.chosen, pick ? icon("next") : null, h("span", {}, pick ? plainText(pick.label) : t("row_open")));
  }

  const empty = () => withoutAnswer(rows);

  /** @param {Row} row */
  function changed(row) {
    draw(row);
    onChange(rowsDone(rows, t));
    if (performance.now() - tappedAt > TAP_MS) return;
    row.details.open = false;
    const [next] = empty();
    if (next) next.details.open = true;
    const shown = next || row;
    shown.summary.focus({ preventScroll: true });
    shown.details.scrollIntoView({ block: "nearest" });
  }

  return {
    read: () => pairsIn(rows),
    missing: () => t("missing_rows", { n: empty().length }),
    focus() {
      const row = empty()[0] || rows[0];
      if (!row) return;
      row.details.open = true;
      row.summary.focus();
    },
    lock(locked) {
      for (const { picks, details } of rows) {
        for (const { input } of picks) input.disabled = locked;
        if (locked) details.open = false;
      }
    },
    spoken: () => spokenPairs(rows, t),
  };
}
