/**
 * What a simulation does in the browser: the same rules as bdhvs/core/simulation/machine.py, so that it runs without a
 * network. It decides what is shown, never what it is worth: the server replays the actions and marks what it replayed.
 */
import { holds } from "./conditions.js";

/**
 * @typedef {import("./conditions").Condition} Condition
 * @typedef {{ when?: Condition, set?: Record<string, any>, go?: string, say?: string }} Step
 * @typedef {{ id: string, html: string, note?: string, when?: Condition, do: Step[] }} Tapped
 * @typedef {{
 *   kind: "text" | "message" | "list" | "field" | "switch" | "choice" | "picture" | "qr" | "button" | "dialog",
 *   when?: Condition, id?: string, sets?: string, do?: Step[], html?: string, from?: string | null, rows?: Tapped[], buttons?: Tapped[],
 *   options?: { id: string, html: string }[], longest?: number, masked?: boolean, digits?: boolean, main?: boolean,
 *   file?: string, alt?: string, size?: number, path?: string,
 * }} Element_
 * @typedef {{ id: string, title: string, back?: string, end?: boolean, elements: Element_[] }} Screen
 * @typedef {{ frame: "phone" | "story", variables: Record<string, any>, screens: Screen[] }} Body
 * @typedef {["tap", string] | ["type", string, string] | ["switch", string, boolean] | ["choose", string, string] | ["back"]} Action
 * @typedef {{ screen: string, values: Record<string, any> }} State
 */

export const MOST_ACTIONS = 200;
const MOST_CHARS = 12_000; // of all actions as JSON; a message holds 16 KB
const MOST_DIGITS = 12;

/** @param {Body} body @returns {State} */
export function start(body) {
  const [first] = body.screens;
  return { screen: first ? first.id : "", values: { ...body.variables } };
}

/** @param {Body} body @param {State} state @returns {Screen} */
export function screenOf(body, state) {
  return /** @type {Screen} */ (body.screens.find(({ id }) => id === state.screen));
}

/** What conditions are asked about. @param {State} state */
const known = (state) => ({ ...state.values, screen: state.screen });

/** @param {Condition | undefined} condition @param {State} state */
export function isShown(condition, state) {
  return holds(condition, known(state));
}

/** The dialog that stands open, if any. @param {Body} body @param {State} state */
export function openDialog(body, state) {
  return screenOf(body, state).elements.find(({ kind, when }) => kind === "dialog" && isShown(when, state)) || null;
}

/** What a typed text is as a value. @param {string} text @param {boolean | undefined} digits */
export function typedValue(text, digits) {
  return digits ? Number(text.replace(/[^0-9]/g, "").slice(0, MOST_DIGITS)) : text.normalize("NFC").trim();
}

/**
 * The state after an action on the screen, and what is said of it.
 * @param {Body} body
 * @param {State} state
 * @param {Action} action
 * @returns {{ state: State, say: string }}
 */
export function step(body, state, action) {
  const screen = screenOf(body, state);
  if (action[0] === "back") return { state: { ...state, screen: screen.back || state.screen }, say: "" };
  const [verb, id, given] = action;
  const { element, steps } = find(screen, id);
  const values = { ...state.values };
  if (element && element.sets && verb !== "tap") values[element.sets] = verb === "type" ? typedValue(String(given), element.digits) : given;
  const taken = steps.find(({ when }) => holds(when, { ...values, screen: state.screen }));
  if (!taken) return { state: { ...state, values }, say: "" };
  return { state: { screen: taken.go || state.screen, values: { ...values, ...taken.set } }, say: taken.say || "" };
}

/** @param {Screen} screen @param {string} id @returns {{ element: Element_ | null, steps: Step[] }} */
function find(screen, id) {
  for (const element of screen.elements) {
    if (element.id === id) return { element, steps: element.do || [] };
    const tapped = [...(element.rows || []), ...(element.buttons || [])].find((one) => one.id === id);
    if (tapped) return { element: null, steps: tapped.do };
  }
  return { element: null, steps: [] };
}

/** @param {Body} body @param {Action[]} actions @returns {State} */
export function play(body, actions) {
  return actions.reduce((state, action) => step(body, state, action).state, start(body));
}

/** The actions with one more: what stands in a field is one action, however it was typed. @param {Action[]} actions @param {Action} action @returns {Action[]} */
export function withAction(actions, action) {
  const last = actions[actions.length - 1];
  const goesOn = action[0] === "type" && last && last[0] === "type" && last[1] === action[1];
  return [...(goesOn ? actions.slice(0, -1) : actions), action];
}

/** Whether a message can hold these actions. @param {Action[]} actions */
export function fits(actions) {
  return actions.length <= MOST_ACTIONS && new TextEncoder().encode(JSON.stringify(actions)).length <= MOST_CHARS;
}
