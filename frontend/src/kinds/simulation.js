/**
 * A simulation: the learner acts on a practised screen, or the same as a plain form. What is handed in is the list of actions.
 */
import { fill, focusOn, h, plainText, uniqueId } from "../dom.js";
import { change, watch } from "../settings.js";
import { drawScreen, fillText } from "../simulation/drawn.js";
import { fits, openDialog, play, screenOf, start, step, withAction } from "../simulation/machine.js";

export const kind = "simulation";

/** @type {import("../types").Mount} */
export function mount(fieldset, item, response, onChange, t, { draft, media }) {
  const body = /** @type {import("../simulation/machine").Body} */ (item.body);
  /** @type {import("../simulation/machine").Action[]} */
  let actions = draft.get() || (response ? response.actions : []);
  let state = play(body, actions);
  let locked = false;
  let plain = false;
  /** Where a hint was asked for last, so that asking again there means more of it. */
  let hintedAt = "";

  const titleId = uniqueId("screen");
  const title = h("h4", { class: "bd-phone-title", id: titleId, tabindex: "-1" });
  const said = h("div", { class: "bd-phone-said", role: "status" });
  const screen = h("div", { class: "bd-phone-screen" });
  const note = h("p", { class: "bd-phone-mark" }, t(body.frame === "story" ? "sim_story" : "sim_phone"));
  const box = h("section", { class: "bd-phone", "data-frame": body.frame, "aria-labelledby": titleId }, note, title, said, screen);
  const other = h("button", { type: "button", class: "bd-button bd-small bd-phone-other", onclick: () => change({ plain: plain ? "no" : "yes" }) });
  fieldset.append(h("p", { class: "bd-how" }, t("how_simulation")), box, other); // a small phone's first view has no room for more above the box

  /** @type {import("../simulation/drawn").Drawn} */
  let drawn = draw();
  let wasThere = false;
  const stop = watch((settings) => {
    if (wasThere && !fieldset.isConnected) {
      stop(); // the item has left the page
      return;
    }
    wasThere = fieldset.isConnected;
    const wanted = settings.plain === "yes" || (settings.plain === "auto" && settings.letters === 3); // a frame leaves very large letters no room
    if (wanted !== plain || !other.textContent) {
      plain = wanted;
      dressUp();
    }
  });

  function dressUp() {
    box.className = plain ? "bd-plain" : body.frame === "story" ? "bd-story" : "bd-phone";
    other.textContent = t(!plain ? "sim_as_text" : body.frame === "story" ? "sim_as_story" : "sim_as_phone");
    drawn = draw();
  }

  function draw() {
    const now = drawScreen(body, screenOf(body, state), state, { t, media, plain, act });
    fillText(title, screenOf(body, state).title, state);
    fill(screen, now.node);
    now.refresh(state, locked);
    return now;
  }

  /** @param {import("../simulation/machine").Action} action */
  function act(action) {
    if (locked) return;
    const then = withAction(actions, action);
    if (!fits(then)) {
      onChange(t("sim_full"));
      return;
    }
    const dialogBefore = openDialog(body, state);
    const before = state.screen;
    const after = step(body, state, action);
    actions = then;
    state = after.state;
    draft.set(actions);
    onChange();
    fillText(said, after.say, state);
    if (state.screen !== before) {
      drawn = draw();
      focusOn(title);
      box.scrollIntoView({ block: "nearest" });
    } else drawn.refresh(state, locked);
    const dialog = openDialog(body, state);
    if (dialog && dialog !== dialogBefore) {
      const words = screen.querySelector("[role=dialog]:not([hidden]) .bd-phone-asked");
      if (words instanceof HTMLElement) focusOn(words);
    } else if (!dialog && dialogBefore && state.screen === before) focusOn(title);
  }

  return {
    submit: t("sim_done"),
    read: () => (actions.length && (body.frame === "phone" || screenOf(body, state).end) ? { actions: actions.map((one) => [...one]) } : null),
    missing: () => t(body.frame === "story" ? "missing_story" : "missing_simulation"),
    focus: () => focusOn(title),
    lock(shut) {
      locked = shut;
      drawn.refresh(state, locked);
    },
    spoken: () => [plainText(title), plainText(said), ...Array.from(screen.querySelectorAll("p, button, label, legend")).filter((one) => one instanceof HTMLElement && one.offsetParent !== null).map(plainText)],
    again() {
      actions = [];
      state = start(body);
      draft.set(actions);
      hintedAt = "";
      fill(said);
      drawn = draw();
    },
    hint() {
      const here = JSON.stringify(state);
      const deeper = here === hintedAt;
      hintedAt = here;
      return { response: { actions }, deeper };
    },
  };
}
