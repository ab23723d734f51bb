/**
 * Each thing with the few groups it may go to, all in sight: one tap a thing. Choosing a thing and then a group would be two,
 * and the second would have to be remembered.
 */
import { h, setHtml, uniqueId } from "../dom.js";
import { cards, focusIn } from "../kinds_common.js";
import { pairsIn, rowsDone, spokenPairs, withoutAnswer } from "../kinds_pairs.js";

export const kind = "categorise";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  /** @type {import("../kinds_pairs").PairRow[]} */
  const rows = [];
  const list = h("div", { class: "bd-rows" });
  for (const part of item.body.rows) {
    const before = response && response.pairs[part.id];
    const id = uniqueId("thing");
    const text = setHtml(h("p", { class: "bd-text bd-row-text", id }), part.html);
    const picks = cards("radio", item.body.answers, before ? [before] : [], () => {
      draw();
      onChange(rowsDone(rows, t));
    });
    const groups = h("div", { class: "bd-options bd-chips", role: "radiogroup", "aria-labelledby": id }, ...picks.map(({ label }) => label));
    list.append(h("div", { class: "bd-thing" }, text, groups));
    rows.push({ id: part.id, picks, text });
  }
  fieldset.append(h("p", { class: "bd-how" }, t("how_categorise")), list);
  draw();

  function draw() {
    const open = withoutAnswer(rows);
    [...list.children].forEach((one, i) => one.classList.toggle("is-on", !open.some((row) => row === rows[i])));
  }

  return {
    read: () => pairsIn(rows),
    missing: () => t("missing_rows", { n: withoutAnswer(rows).length }),
    focus() {
      const row = withoutAnswer(rows)[0] || rows[0];
      if (row) focusIn(row.picks);
    },
    lock(locked) {
      for (const { picks } of rows) for (const { input } of picks) input.disabled = locked;
    },
    spoken: () => spokenPairs(rows, t),
  };
}
