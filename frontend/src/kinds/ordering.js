/**
 * Steps put in order by tapping: the first tapped gets number 1. Tapping again takes a step back, and those after it move up.
 * The cards stay where they are, so nothing runs away under the finger.
 */
import { fill, h, plainText, setHtml } from "../dom.js";
import { icon } from "../icons.js";

export const kind = "ordering";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  /** @type {import("../types").Part[]} */
  const steps = item.body.steps;
  /** @type {string[]} */
  let order = response ? [...response.order] : [];

  const buttons = steps.map((step) => {
    const place = h("span", { class: "bd-place" });
    const text = setHtml(h("span", { class: "bd-text" }), step.html);
    const button = h("button", { type: "button", class: "bd-card-option bd-step", onclick: () => tap(step.id) }, place, text);
    return { id: step.id, button, place, text };
  });
  const again = h("button", { type: "button", class: "bd-button bd-small", onclick: clear }, icon("redo"), h("span", {}, t("order_again")));
  fieldset.append(
    h("p", { class: "bd-how" }, t("how_ordering")),
    h("ul", { class: "bd-options bd-steps" }, ...buttons.map(({ button }) => h("li", {}, button))),
    again,
  );
  draw();

  function draw() {
    for (const { id, button, place } of buttons) {
      const index = order.indexOf(id);
      const on = index >= 0;
      button.setAttribute("aria-pressed", String(on));
      button.classList.toggle("is-on", on);
      fill(place,
        h("span", { "aria-hidden": "true" }, on ? String(index + 1) : ""),
        on ? h("span", { class: "bd-heard" }, t("order_place", { n: index + 1 })) : null,
      );
    }
    again.classList.toggle("bd-away", order.length === 0);
  }

  /** @param {string} id */
  function tap(id) {
    const on = !order.includes(id);
    order = on ? [...order, id] : order.filter((one) => one !== id);
    draw();
    onChange(on ? t("order_placed", { n: order.length, total: steps.length }) : t("order_taken_back"));
  }

  function clear() {
    order = [];
    draw();
    const first = buttons[0];
    if (first) first.button.focus();
    onChange(t("order_cleared"));
  }

  return {
    read: () => (order.length === steps.length ? { order: [...order] } : null),
    missing: () => (order.length ? t("missing_steps", { n: steps.length - order.length }) : t("missing_order")),
    focus() {
      const next = buttons.find(({ id }) => !order.includes(id)) || buttons[0];
      if (next) next.button.focus();
    },
    lock(locked) {
      for (const { button } of buttons) button.disabled = locked;
      again.disabled = locked;
      again.classList.toggle("bd-away", locked || order.length === 0);
    },
    spoken: () => [t("how_ordering"), ...buttons.map(({ text }) => plainText(text))],
  };
}
