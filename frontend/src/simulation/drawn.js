/**
 * One screen of a simulation as elements of the page: native ones, drawn once, then only shown, hidden and filled anew, so that
 * the focus stays where it is while something is typed. `plain` leaves out what is only to be looked at.
 */
import { h, setHtml, uniqueId } from "../dom.js";
import { isShown, openDialog } from "./machine.js";

/**
 * @typedef {import("./machine").Element_} Element_
 * @typedef {import("./machine").State} State
 * @typedef {import("./machine").Tapped} Tapped
 * @typedef {{ t: import("../types").Texts, media: (file: string) => string, plain: boolean, act: (action: import("./machine").Action) => void }} Means
 * @typedef {{ node: HTMLElement, refresh: (state: State, locked: boolean) => void }} Drawn
 */

/**
 * @param {import("./machine").Body} body
 * @param {import("./machine").Screen} screen
 * @param {State} state as it is when the screen comes
 * @param {Means} means
 * @returns {Drawn}
 */
export function drawScreen(body, screen, state, means) {
  const parts = screen.elements.map((element) => ({ element, drawn: draw(element, state, means) }));
  const back = screen.back ? h("button", { type: "button", class: "bd-phone-back", onclick: () => means.act(["back"]) }, means.t("sim_back")) : null;
  const dialogs = parts.filter(({ element }) => element.kind === "dialog"); // first, as they lie over the rest
  const rest = parts.filter(({ element }) => element.kind !== "dialog");
  const node = h("div", { class: "bd-phone-parts" }, ...[...dialogs, ...rest].map(({ drawn }) => drawn.node), back ? h("div", { class: "bd-phone-bar" }, back) : null);
  return {
    node,
    refresh(now, locked) {
      const dialog = openDialog(body, now);
      for (const { element, drawn } of parts) {
        drawn.node.hidden = element.kind === "dialog" ? element !== dialog : !isShown(element.when, now);
        drawn.refresh(now, locked || (dialog !== null && dialog !== element));
      }
      if (back) back.disabled = locked || dialog !== null;
    },
  };
}

/** The html of a text with the values of variables in it. @param {Element} element @param {string} html @param {State} state */
export function fillText(element, html, state) {
  setHtml(element, html);
  if (!html.includes("{v")) return;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    node.nodeValue = (node.nodeValue || "").replace(/\{(v\d+)\}/g, (_, name) => written(state.values[name]));
  }
}

/** @param {any} value */
function written(value) {
  return typeof value === "number" ? String(value).replace(/\B(?=(\d{3})+$)/g, ".") : String(value);
}

/** @param {Element_} element @param {State} state @param {Means} means @returns {Drawn} */
function draw(element, state, means) {
  const make = MAKERS[element.kind];
  return make(element, state, means);
}

/** @type {Record<Element_["kind"], (element: Element_, state: State, means: Means) => Drawn>} */
const MAKERS = {
  text: (element) => text(h("p", { class: "bd-phone-text" }), element.html),

  message(element, state, means) {
    const said = h("span", { class: "bd-bubble-text" });
    // A phone shows by its side and colour who wrote; the plain form and a screen reader need it in words.
    const from = element.from ? h("strong", { class: "bd-bubble-from" }) : h("strong", { class: means.plain ? "bd-bubble-from" : "bd-heard" }, means.t("sim_mine"));
    const node = h("p", { class: `bd-bubble${element.from ? "" : " is-mine"}` }, from, h("span", { class: "bd-heard" }, ": "), said);
    return {
      node,
      refresh(state) {
        fillText(said, element.html || "", state);
        if (element.from) fillText(from, element.from, state);
      },
    };
  },

  list(element, state, means) {
    const rows = (element.rows || []).map((row) => ({ row, drawn: tapped(row, "bd-phone-row", means) }));
    const items = rows.map(({ row, drawn }) => ({ row, drawn, item: h("li", {}, drawn.node) }));
    return {
      node: h("ul", { class: "bd-phone-list" }, ...items.map(({ item }) => item)),
      refresh(now, locked) {
        for (const { row, drawn, item } of items) {
          item.hidden = !isShown(row.when, now);
          drawn.refresh(now, locked);
        }
      },
    };
  },

  button: (element, state, means) => tapped(/** @type {any} */ (element), `bd-phone-button${element.main ? " is-main" : ""}`, means),

  field(element, state, means) {
    const id = uniqueId("field");
    const label = h("label", { for: id });
    const note = element.masked ? h("p", { class: "bd-phone-note", id: `${id}-note` }, means.t("sim_masked")) : null;
    const input = h("input", {
      type: element.masked ? "password" : "text", id, class: "bd-phone-field", "data-control": element.id, inputmode: element.digits ? "numeric" : "text", maxlength: element.longest,
      autocomplete: element.masked ? "new-password" : "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false", enterkeyhint: "done",
      "aria-describedby": note ? note.id : null,
    });
    const value = state.values[element.sets || ""];
    input.value = value ? String(value) : "";
    input.addEventListener("input", () => means.act(["type", element.id || "", input.value]));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it would hand in the answer
    });
    return {
      node: h("div", { class: "bd-phone-typed" }, label, input, note),
      refresh(now, locked) {
        fillText(label, element.html || "", now);
        input.readOnly = locked;
      },
    };
  },

  switch(element, state, means) {
    const input = h("input", { type: "checkbox", role: "switch", "data-control": element.id });
    input.addEventListener("change", () => means.act(["switch", element.id || "", input.checked]));
    const label = h("span");
    return {
      node: h("label", { class: "bd-phone-switch" }, label, input),
      refresh(now, locked) {
        fillText(label, element.html || "", now);
        input.checked = Boolean(now.values[element.sets || ""]);
        input.disabled = locked;
      },
    };
  },

  choice(element, state, means) {
    const name = uniqueId("choice");
    const legend = h("legend");
    const picks = (element.options || []).map((option) => {
      const input = h("input", { type: "radio", name, value: option.id });
      input.addEventListener("change", () => means.act(["choose", element.id || "", option.id]));
      return { option, input, label: h("span") };
    });
    return {
      node: h("fieldset", { class: "bd-phone-choice", "data-control": element.id }, legend, ...picks.map(({ input, label }) => h("label", {}, input, label))),
      refresh(now, locked) {
        fillText(legend, element.html || "", now);
        for (const { option, input, label } of picks) {
          fillText(label, option.html, now);
          input.checked = now.values[element.sets || ""] === option.id;
          input.disabled = locked;
        }
      },
    };
  },

  picture(element, state, means) {
    if (means.plain) return text(h("p", { class: "bd-phone-text" }), element.alt);
    const alt = setHtml(h("span"), element.alt || "").textContent;
    return still(h("img", { class: "bd-phone-picture", src: means.media(element.file || ""), alt }));
  },

  qr(element, state, means) {
    if (means.plain) return text(h("p", { class: "bd-phone-text" }), element.alt);
    const alt = setHtml(h("span"), element.alt || "").textContent || "";
    return still(h("div", { class: "bd-phone-qr", role: "img", "aria-label": alt }, modules(element.size || 0, element.path || "")));
  },

  dialog(element, state, means) {
    const id = uniqueId("dialog");
    const words = h("p", { id, tabindex: "-1", class: "bd-phone-asked" });
    const buttons = (element.buttons || []).map((button) => ({ button, drawn: tapped(button, "bd-phone-button", means) }));
    return {
      node: h("div", { class: "bd-phone-dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": id }, words, ...buttons.map(({ drawn }) => drawn.node)),
      refresh(now, locked) {
        fillText(words, element.html || "", now);
        for (const { button, drawn } of buttons) {
          drawn.node.hidden = !isShown(button.when, now);
          drawn.refresh(now, locked);
        }
      },
    };
  },
};

/** A text that nobody acts on. @param {HTMLElement} node @param {string | undefined} html @returns {Drawn} */
function text(node, html) {
  return { node, refresh: (state) => fillText(node, html || "", state) };
}

/** What never changes. @param {HTMLElement} node @returns {Drawn} */
function still(node) {
  return { node, refresh: () => {} };
}

/** A button, a row of a list, a button of a dialog. @param {Tapped} part @param {string} look @param {Means} means @returns {Drawn} */
function tapped(part, look, means) {
  const words = h("span");
  const note = part.note ? h("span", { class: "bd-phone-small" }) : null;
  const node = h("button", { type: "button", class: look, "data-control": part.id, onclick: () => means.act(["tap", part.id]) }, words, note);
  return {
    node,
    refresh(state, locked) {
      fillText(words, part.html, state);
      if (note) fillText(note, part.note || "", state);
      node.disabled = locked;
    },
  };
}

/** A QR code as a drawing. @param {number} size modules a side @param {string} path */
function modules(size, path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `-2 -2 ${size + 4} ${size + 4}`);
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  drawn.setAttribute("stroke", "#000");
  drawn.setAttribute("shape-rendering", "crispEdges");
  svg.append(drawn);
  return svg;
}
