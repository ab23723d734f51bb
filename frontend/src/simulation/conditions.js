/** Conditions of a simulation, as bdhvs/core/simulation/conditions.py sends and evaluates them; pure functions. */

/** @typedef {[string, ...any[]]} Condition */
/** @typedef {Record<string, any>} Values */

/** Letters without case and marks. @param {string} text */
export function folded(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").split(/\s+/).filter(Boolean).join(" ");
}

/** Which classes of signs a text has. @param {string} text */
function signs(text) {
  return {
    letter: /\p{L}/u.test(text),
    capital: /\p{Lu}/u.test(text),
    digit: /[0-9]/.test(text),
    sign: /[^\p{L}0-9\s]/u.test(text),
  };
}

/** Length in letters, as Python counts them. @param {string} text */
const length = (text) => Array.from(text).length;

/** @type {Record<string, (value: any, argument: any) => boolean>} */
const TESTS = {
  is: (value, wanted) => value === wanted,
  one_of: (value, wanted) => wanted.includes(value),
  at_least: (value, least) => value >= least,
  at_most: (value, most) => value <= most,
  min_length: (value, least) => length(value) >= least,
  max_length: (value, most) => length(value) <= most,
  contains: (value, part) => folded(value).includes(folded(part)),
  has: (value, classes) => {
    const found = /** @type {Record<string, boolean>} */ (signs(value));
    return classes.every((/** @type {string} */ one) => found[one]);
  },
  filled: (value, wanted) => Boolean(value) === wanted,
  same_as: (value, other) => value === other,
};

/** @param {Condition | undefined} condition @param {Values} values @returns {boolean} */
export function holds(condition, values) {
  if (!condition) return true;
  const [name, ...rest] = condition;
  if (name === "all") return rest.every((one) => holds(one, values));
  if (name === "any") return rest.some((one) => holds(one, values));
  if (name === "not") return !holds(rest[0], values);
  const test = TESTS[name];
  const [variable, argument] = rest;
  return Boolean(test && test(values[variable], name === "same_as" ? values[argument] : argument));
}
