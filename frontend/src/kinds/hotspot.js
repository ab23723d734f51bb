/**
 * Places of a picture, and the same places as a list of labelled radio buttons or check boxes.
 *
 * The list holds the answer; a tap on the picture presses its control there. So keyboard and screen reader go through the list
 * alone, and the marks on the picture are hidden from them: everything would be there twice. What was tapped is said in words.
 */
import { fill, h, plainText } from "../dom.js";
import { icon } from "../icons.js";
import { cards, chosenIn, focusIn } from "../kinds_common.js";

export const kind = "hotspot";

/** @typedef {{ id: string, html: string, left: number, top: number, width: number, height: number }} Spot */

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t) {
  /** @type {{ spots: Spot[], several: boolean }} */
  const { spots, several } = /** @type {any} */ (item.body);
  const picks = cards(several ? "checkbox" : "radio", spots, response ? response.choices : [], () => {
    draw();
    onChange();
  });
  const marks = spots.map((spot, i) => {
    const mark = h("span", { class: "bd-spot" }, icon("right"));
    for (const side of /** @type {const} */ (["left", "top", "width", "height"])) mark.style[side] = `${spot[side]}%`;
    mark.addEventListener("click", () => {
      const pick = picks[i];
      if (pick && !pick.input.disabled) pick.input.click();
    });
    return mark;
  });
  const chosen = h("p", { class: "bd-chosen", role: "status" });
  const list = h("details", { class: "bd-more bd-spot-list" },
    h("summary", {}, t("hotspot_list")),
    h("div", { class: "bd-options" }, ...picks.map(({ label }) => label)),
  );
  const picture = fieldset.querySelector("img");
  fieldset.append(h("p", { class: "bd-how" }, t(several ? "how_hotspot_several" : "how_hotspot")));
  if (picture) {
    picture.addEventListener("error", () => (list.open = true));
    fieldset.append(h("div", { class: "bd-spots" }, picture, h("div", { class: "bd-marks", "aria-hidden": "true" }, ...marks)));
  }
  fieldset.append(chosen, list);
  draw();

  /** What is chosen, in words. */
  function told() {
    const what = picks.filter(({ input }) => input.checked).map(({ label }) => plainText(label)).join("; ");
    return what ? t("hotspot_chosen", { what }) : t("hotspot_none");
  }

  function draw() {
    marks.forEach((mark, i) => {
      const pick = picks[i];
      mark.classList.toggle("is-on", Boolean(pick && pick.input.checked));
    });
    if (chosen.textContent !== told()) fill(chosen, told());
  }

  return {
    read() {
      const choices = chosenIn(picks);
      return choices.length ? { choices } : null;
    },
    missing: () => t("missing_spot"),
    focus() {
      list.open = true;
      focusIn(picks);
    },
    lock: (locked) => picks.forEach(({ input }) => (input.disabled = locked)),
    spoken: () => [...(picture ? [picture.alt] : []), ...picks.map(({ label }) => plainText(label))],
  };
}
