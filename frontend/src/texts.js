/** Texts for people: all of them come from the server's `strings`, none from here. */

/**
 * @param {Record<string, string>} strings
 * @returns {import("./types").Texts}
 */
export function texts(strings) {
  return (key, values = {}) =>
    (strings[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** "vi" or "en", from a page's language tag. @param {string | null | undefined} tag */
export function language(tag) {
  return (tag || "").toLowerCase().startsWith("en") ? "en" : "vi";
}
