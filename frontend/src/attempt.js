/**
 * What is known of an attempt: the server's last word, and on top of it what will hold once the facts in the queue are saved.
 * Pure functions; the rules are those of the server (which item comes next, what stays open).
 */

/** @typedef {import("./types").Opened} Opened */
/** @typedef {import("./types").Fact} Fact */
/** @typedef {import("./types").ItemState} ItemState */

/**
 * The item to show after `from`: the next one not dealt with, searched onward and then from the start; null when none is left.
 * @param {Opened} opened
 * @param {string} from
 * @param {string[]} [closed] items that nobody can answer any more
 * @returns {string | null}
 */
export function nextAfter(opened, from, closed = []) {
  const ids = opened.items.map((item) => item.id);
  const after = ids.indexOf(from) + 1;
  const found = [...ids.slice(after), ...ids.slice(0, after)].find((id) => stateOf(opened, id).status === "new" && !closed.includes(id));
  return found === undefined ? null : found;
}

/** @param {Opened} opened @param {string} item @returns {ItemState} */
export function stateOf(opened, item) {
  return opened.states[item] || {
    status: "new", open: true, tries_left: opened.form.tries, response: null,
    help: "none", asked_help: false, hint: null, feedback: null,
  };
}

/** The attempt after a `saved` reply. @param {Opened} opened @param {import("./types").Saved} saved @returns {Opened} */
export function afterSaved(opened, saved) {
  const states = { ...opened.states };
  if (saved.item && saved.state) states[saved.item] = saved.state;
  const { time_left_ms = null, next } = saved;
  if (next) states[next.item.id] = next.state;
  const items = next && !opened.items.some(({ id }) => id === next.item.id) ? [...opened.items, next.item] : opened.items;
  return { ...opened, items, states, current: saved.current, status: saved.status, time_left_ms };
}

/** The attempt as it will be when these facts are saved. @param {Opened} opened @param {Fact[]} facts @returns {Opened} */
export function foreseen(opened, facts) {
  return facts.reduce(foreseeOne, opened);
}

/** @param {Opened} opened @param {Fact} fact @returns {Opened} */
function foreseeOne(opened, fact) {
  const { item } = fact;
  if (!item || !opened.items.some((one) => one.id === item)) return opened;
  const state = stateOf(opened, item);
  const practice = opened.form.mode === "practice";
  /** @param {Partial<ItemState>} change @returns {Opened} */
  const having = (change) => ({ ...opened, states: { ...opened.states, [item]: { ...state, ...change } } });
  /** @param {Opened} then @returns {Opened} */
  const movedOn = (then) => ({ ...then, current: nextAfter(then, item) });

  switch (fact.type) {
    case "answer":
      return movedOn(
        having({
          status: "answered",
          response: fact.response || null,
          help: fact.help === "teacher" ? "teacher" : state.help,
          confidence: fact.confidence,
          feedback: null,
          pending: true,
          open: !practice && opened.form.allow_back, // in practice the marks must come first
        }),
      );
    case "skip":
      return movedOn(having({ status: "skipped" }));
    case "go":
      return { ...opened, current: item };
    case "ask_help":
      return having({ asked_help: true });
    default:
      return opened;
  }
}

/** Whether two responses say the same. @param {any} one @param {any} other @returns {boolean} */
export function sameResponse(one, other) {
  return canonical(one) === canonical(other);
}

/** @param {any} value @returns {string} */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${key}:${canonical(value[key])}`).join()}}`;
  }
  return JSON.stringify(value) || "";
}
