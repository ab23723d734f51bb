/** One of several options. */
import { h, plainText } from "../dom.js";
import { cards, chosenIn, focusIn } from "../kinds_common.js";

export const kind = "single_choice";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  const picks = cards("radio", item.body.options, response ? [response.choice] : [], () => onChange());
  fieldset.append(h("div", { class: "bd-options" }, ...picks.map(({ label }) => label)));
  return {
    read() {
      const [choice] = chosenIn(picks);
      return choice === undefined ? null : { choice };
    },
    missing: () => t("missing_choice"),
    focus: () => focusIn(picks),
    lock: (locked) => picks.forEach(({ input }) => (input.disabled = locked)),
    spoken: () => picks.map(({ label }) => plainText(label)),
  };
}
