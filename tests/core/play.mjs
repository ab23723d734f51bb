// Plays walks through a simulation with the browser's own rules. In: {body, walks: [[action, …], …]} as JSON on stdin.
// Out: for each walk, before the first action and after each: the screen, and what can be acted on.
import { readFileSync } from "node:fs";
import { isShown, openDialog, play, screenOf } from "../../frontend/src/simulation/machine.js";

const { body, walks } = JSON.parse(readFileSync(0, "utf-8"));

function here(actions) {
  const state = play(body, actions);
  const screen = screenOf(body, state);
  const dialog = openDialog(body, state);
  const shown = dialog ? [dialog] : screen.elements.filter(({ kind, when }) => kind !== "dialog" && isShown(when, state));
  const parts = shown.flatMap((one) => [...(one.rows || []), ...(one.buttons || [])].filter(({ when }) => isShown(when, state)).concat(one.id ? [one] : []));
  return { screen: state.screen, controls: parts.map(({ id }) => id).sort(), back: Boolean(screen.back) && !dialog };
}

console.log(JSON.stringify(walks.map((actions) => [...Array(actions.length + 1).keys()].map((n) => here(actions.slice(0, n))))));
