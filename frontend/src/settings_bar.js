/** The small row on top: letter size in the open, colours behind one button. */
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { change, watch } from "./settings.js";

/**
 * @param {import("./types").Texts} t
 * @returns {{ element: HTMLElement, close: () => void }}
 */
export function settingsBar(t) {
  const letters = /** @type {const} */ ([1, 2, 3]).map((size) =>
    h("button", { type: "button", class: `bd-letter bd-letter-${size}`, "aria-label": t(`letters_${size}`), onclick: () => change({ letters: size }) }, "A"),
  );
  const contrast = h("button", { type: "button", class: "bd-set", onclick: () => change({ contrast: isOn(contrast) ? "normal" : "more" }) }, t("contrast_more"));
  const themes = /** @type {const} */ (["auto", "light", "dark"]).map((theme) =>
    h("button", { type: "button", class: "bd-set", onclick: () => change({ theme }) }, t(`theme_${theme}`)),
  );
  const panelId = uniqueId("colours");
  const panel = h("div", { class: "bd-panel", id: panelId, hidden: true },
    h("div", { class: "bd-sets" }, contrast),
    h("div", { class: "bd-sets", role: "group", "aria-label": t("theme") }, ...themes),
  );
  const colours = h("button", { type: "button", class: "bd-colours", "aria-expanded": "false", "aria-controls": panelId, onclick: toggle }, icon("colour"), h("span", {}, t("colours")));
  const element = h("div", { class: "bd-bar", role: "group", "aria-label": t("settings") },
    h("div", { class: "bd-letters", role: "group", "aria-label": t("letters") }, ...letters),
    colours,
    panel,
  );
  function toggle() {
    panel.hidden = !panel.hidden;
    colours.setAttribute("aria-expanded", String(!panel.hidden));
  }
  const close = watch((settings) => {
    letters.forEach((button, i) => press(button, settings.letters === i + 1));
    press(contrast, settings.contrast === "more");
    themes.forEach((button, i) => press(button, settings.theme === ["auto", "light", "dark"][i]));
  });
  return { element, close };
}

/** @param {HTMLElement} button @param {boolean} on */
function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

/** @param {HTMLElement} button */
function isOn(button) {
  return button.getAttribute("aria-pressed") === "true";
}
