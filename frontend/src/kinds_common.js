/** What the item kinds share. */
import { h, setHtml, uniqueId } from "./dom.js";

/** @typedef {import("./types").Part} Part */
/** @typedef {{ input: HTMLInputElement, label: HTMLLabelElement }} Pick */

/**
 * Options as large cards, each a label around its native radio button or check box.
 * @param {"radio" | "checkbox"} type
 * @param {Part[]} parts
 * @param {string[]} chosen ids
 * @param {() => void} onChange
 * @returns {Pick[]}
 */
export function cards(type, parts, chosen, onChange) {
  const name = uniqueId("name");
  const picks = parts.map((part) => {
    const input = h("input", { type, name, value: part.id });
    input.checked = chosen.includes(part.id);
    const label = h("label", { class: "bd-card-option" }, input, setHtml(h("span", { class: "bd-text" }), part.html));
    return { input, label };
  });
  const mark = () => picks.forEach(({ input, label }) => label.classList.toggle("is-on", input.checked));
  picks.forEach(({ input }) => input.addEventListener("change", () => {
    mark();
    onChange();
  }));
  mark();
  return picks;
}

/** Ids of what is chosen. @param {Pick[]} picks */
export function chosenIn(picks) {
  return picks.filter(({ input }) => input.checked).map(({ input }) => input.value);
}

/** The chosen control, or the first. @param {Pick[]} picks */
export function focusIn(picks) {
  const pick = picks.find(({ input }) => input.checked) || picks[0];
  if (pick) pick.input.focus();
}

/**
 * The controls of a typed answer: a label, the field, and a unit after it.
 * @param {HTMLFieldSetElement} fieldset
 * @param {{ label: string, unit: string, inputmode: string, maxlength: number, value: string }} options
 * @param {() => void} onChange
 */
export function typedField(fieldset, { label, unit, inputmode, maxlength, value }, onChange) {
  const id = uniqueId("field");
  const unitId = uniqueId("unit");
  const input = h("input", {
    type: "text", id, class: "bd-field", inputmode, maxlength, autocomplete: "off", autocapitalize: "off",
    autocorrect: "off", spellcheck: "false", enterkeyhint: "done", "aria-describedby": unit ? unitId : null,
  });
  input.value = value;
  input.addEventListener("input", onChange);
  fieldset.append(
    h("label", { class: "bd-label", for: id }, label),
    h("div", { class: "bd-typed" }, input, unit ? h("span", { class: "bd-unit", id: unitId }, unit) : null),
  );
  return input;
}
