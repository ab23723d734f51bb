/** A number, typed as people write it; the server reads it. */
import { typedField } from "../kinds_common.js";

export const kind = "numeric";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  const unit = item.body.unit || "";
  const value = response ? response.text : "";
  const input = typedField(fieldset, { label: t("label_number"), unit, inputmode: "decimal", maxlength: 40, value }, () => onChange());
  return {
    read: () => (input.value.trim() ? { text: input.value.trim() } : null),
    missing: () => t("missing_number"),
    focus: () => input.focus(),
    lock: (locked) => (input.readOnly = locked),
    spoken: () => [],
  };
}
