/** Making elements. All text goes in as text; `setHtml` is the only door for markup. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, listeners and children.
 *
 * A function under `onclick` and the like becomes a listener; `true` is an empty attribute; null and false are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

/** @param {Element} parent @param {...Child} children */
function put(parent, ...children) {
  for (const child of children) if (child) parent.append(child);
}

/** Children of `parent` become these. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.textContent = "";
  put(parent, ...children);
}

/**
 * Puts markup of the server into an element. The server made it safe; nothing else may come this way.
 * @template {Element} E
 * @param {E} element
 * @param {string} html
 * @returns {E}
 */
export function setHtml(element, html) {
  element.innerHTML = html;
  return element;
}

/** What a person would hear of an element: its text with spaces made single. @param {Element} element */
export function plainText(element) {
  return (element.textContent || "").replace(/\s+/g, " ").trim();
}

/** Lets an element take the focus from a program, then gives it. @param {HTMLElement} element */
export function focusOn(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

let ids = 0;
const page = Math.random().toString(36).slice(2, 8);

/** An id no other element has, also when two bundles share the page. @param {string} stem */
export function uniqueId(stem) {
  ids += 1;
  return `bd-${stem}-${page}-${ids}`;
}
