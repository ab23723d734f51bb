/** Any number of options. */
import { h, plainText } from "../dom.js";
import { cards, chosenIn, focusIn } from "../kinds_common.js";

export const kind = "multiple_choice";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  const picks = cards("checkbox", item.body.options, response ? response.choices : [], () => onChange());
  fieldset.append(
    h("p", { class: "bd-how" }, t("how_multiple")),
    h("div", { class: "bd-options" }, ...picks.map(({ label }) => label)),
  );
  return {
    read() {
      const choices = chosenIn(picks);
      return choices.length ? { choices } : null;
    },
    missing: () => t("missing_choices"),
    focus: () => focusIn(picks),
    lock: (locked) => picks.forEach(({ input }) => (input.disabled = locked)),
    spoken: () => [t("how_multiple"), ...picks.map(({ label }) => plainText(label))],
  };
}
