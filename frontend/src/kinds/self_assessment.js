/** What somebody thinks they can do: one step of a scale in words. Nothing is right or wrong, and skipping is as good as saying. */
import { h, plainText } from "../dom.js";
import { cards, chosenIn, focusIn } from "../kinds_common.js";

export const kind = "self_assessment";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  const picks = cards("radio", item.body.options, response ? [response.choice] : [], () => onChange());
  fieldset.append(h("p", { class: "bd-how" }, t("how_self")), h("div", { class: "bd-options" }, ...picks.map(({ label }) => label)));
  return {
    read() {
      const [choice] = chosenIn(picks);
      return choice === undefined ? null : { choice };
    },
    missing: () => t("missing_choice"),
    focus: () => focusIn(picks),
    lock: (locked) => picks.forEach(({ input }) => (input.disabled = locked)),
    spoken: () => [t("how_self"), ...picks.map(({ label }) => plainText(label))],
    aboutOneself: true,
  };
}
