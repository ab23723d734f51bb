/**
 * Letter size, contrast and theme: chosen once, kept in the browser, applied to every quiz on the page.
 *
 * A root gets `data-letters="1|2|3"`, `data-contrast="normal|more"` and `data-theme="light|dark"`; the style sheet does
 * the rest. "auto" is resolved here (JupyterLab's theme first, then the device's), so that the style sheet needs to say each theme once.
 */
import { parsed, safeStorage } from "./storage.js";

const KEY = "bdhvs.settings";
/** `plain`: simulations as a plain form. @typedef {{ letters: 1 | 2 | 3, contrast: "auto" | "more" | "normal", theme: "auto" | "light" | "dark", plain: "auto" | "yes" | "no" }} Settings */
/** @type {Settings} */
const USUAL = { letters: 1, contrast: "auto", theme: "auto", plain: "auto" };

const storage = safeStorage(() => window.localStorage);
/** @type {Set<HTMLElement>} */
const roots = new Set();
/** @type {Set<(settings: Settings) => void>} */
const listeners = new Set();
let current = read();

function read() {
  const kept = parsed(storage.get(KEY)) || {};
  /** @type {Settings} */
  const settings = {
    letters: [1, 2, 3].includes(kept.letters) ? kept.letters : USUAL.letters,
    contrast: ["auto", "more", "normal"].includes(kept.contrast) ? kept.contrast : USUAL.contrast,
    theme: ["auto", "light", "dark"].includes(kept.theme) ? kept.theme : USUAL.theme,
    plain: ["auto", "yes", "no"].includes(kept.plain) ? kept.plain : USUAL.plain,
  };
  return settings;
}

/** @param {string} query */
const media = (query) => matchMedia(query);
const dark = media("(prefers-color-scheme: dark)");
const more = media("(prefers-contrast: more)");

function isDark() {
  const jupyter = document.body && document.body.dataset.jpThemeLight;
  return jupyter ? jupyter === "false" : dark.matches;
}

/** The settings with "auto" resolved. */
function resolved() {
  return {
    letters: current.letters,
    contrast: current.contrast === "auto" ? (more.matches ? "more" : "normal") : current.contrast,
    theme: current.theme === "auto" ? (isDark() ? "dark" : "light") : current.theme,
  };
}

function apply() {
  const { letters, contrast, theme } = resolved();
  for (const root of roots) {
    root.dataset.letters = String(letters);
    root.dataset.contrast = contrast;
    root.dataset.theme = theme;
  }
  for (const listener of listeners) listener({ ...current, contrast: /** @type {"more" | "normal"} */ (contrast) });
}

for (const query of [dark, more]) {
  if ("addEventListener" in query) query.addEventListener("change", apply); // Safari 13 has none; there a reload does it
}
addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  current = read();
  apply();
});

/** @param {Partial<Settings>} changed */
export function change(changed) {
  current = { ...current, ...changed };
  storage.set(KEY, JSON.stringify(current));
  apply();
}

/** Keeps a root dressed. Gives how to stop. @param {HTMLElement} root */
export function dress(root) {
  roots.add(root);
  apply();
  return () => void roots.delete(root);
}

/** Hears now and later how things are set; contrast is resolved. @param {(settings: Settings) => void} listener */
export function watch(listener) {
  listeners.add(listener);
  apply();
  return () => void listeners.delete(listener);
}
