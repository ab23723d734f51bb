/** One or a few words, typed. */
import { typedField } from "../kinds_common.js";

export const kind = "short_text";

/** @type {import("../types").Mount} */
export function mount(fieldset, _item, response, onChange, t) {
  const value = response ? response.text : "";
  const input = typedField(fieldset, { label: t("label_text"), unit: "", inputmode: "text", maxlength: 200, value }, () => onChange());
  return {
    read: () => (input.value.trim() ? { text: input.value.trim() } : null),
    missing: () => t("missing_text"),
    focus: () => input.focus(),
    lock: (locked) => (input.readOnly = locked),
    spoken: () => [],
  };
}
