/** A programming exercise: an anywidget module. Traits: `exercise`, `title`, `task`, `starter`, `goals`, `strings`. */
import { fill, h, setHtml, uniqueId } from "./dom.js";
import { dress } from "./settings.js";

const INDENT = "    ";
const SIGNS = ["(", ")", "[", "]", "{", "}", ":", "=", "+", '"', "_", "#"];
const PATIENCE_MS = 15_000; // a program may take 5 s, and others run theirs

/** Where this learner's program is kept in the browser. @param {string} exercise */
function place(exercise) {
  const page = /** @type {HTMLElement | null} */ (document.querySelector("[data-bdhvs-live]"));
  return `bdhvs-bai:${(page && page.dataset.who) || ""}:${exercise}`;
}

/** @param {string} key */
function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** @param {string} key @param {string} code */
function keep(key, code) {
  try {
    localStorage.setItem(key, code);
  } catch {
    // a browser that keeps nothing, or is full: the program stays on the screen
  }
}

/** Puts text where the cursor is, so that Undo takes it back. @param {HTMLTextAreaElement} area @param {string} text */
function insert(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
}

/** The line before the cursor. @param {HTMLTextAreaElement} area */
function lineBefore(area) {
  const before = area.value.slice(0, area.selectionStart);
  return before.slice(before.lastIndexOf("\n") + 1);
}

/** Takes one step of spaces from the line of the cursor. @param {HTMLTextAreaElement} area */
function outdent(area) {
  const at = area.selectionStart;
  const start = at - lineBefore(area).length;
  const spaces = /^ {1,4}/.exec(area.value.slice(start));
  if (!spaces) return;
  area.setSelectionRange(start, start + spaces[0].length);
  insert(area, "");
  const to = Math.max(start, at - spaces[0].length);
  area.setSelectionRange(to, to);
}

/** Tab, Enter and Esc as in a program editor. @param {HTMLTextAreaElement} area */
function programKeys(area) {
  let leaving = false;
  area.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation(); // JupyterLab's own keys
    if (event.isComposing) return; // a Vietnamese letter is being put together
    if (event.key === "Escape") {
      leaving = true;
      return;
    }
    if (event.key === "Tab" && !leaving) {
      event.preventDefault();
      if (event.shiftKey) outdent(area);
      else insert(area, INDENT);
    } else if (event.key === "Enter" && !event.shiftKey && area.selectionStart === area.selectionEnd) {
      const line = lineBefore(area);
      const spaces = (/^ */.exec(line) || [""])[0];
      event.preventDefault();
      insert(area, `\n${spaces}${line.trimEnd().endsWith(":") ? INDENT : ""}`);
    }
    if (event.key !== "Shift") leaving = false;
  });
}

/** @param {{ model: any, el: HTMLElement }} view */
function render({ model, el }) {
  /** @type {Record<string, string>} */
  const say = model.get("strings") || {};
  const key = place(model.get("exercise"));
  const ids = { area: uniqueId("code"), how: uniqueId("how") };
  let number = 0;
  let timer = 0;

  const lines = h("pre", { class: "lines", "aria-hidden": "true" });
  const area = h("textarea", {
    id: ids.area, class: "code", spellcheck: "false", autocapitalize: "off", autocorrect: "off", autocomplete: "off",
    wrap: "off", maxlength: "20000", "aria-describedby": ids.how,
  });
  area.value = kept(key) ?? model.get("starter");
  const draw = () => {
    const count = area.value.split("\n").length;
    lines.textContent = Array.from({ length: count }, (_, i) => String(i + 1)).join("\n");
    area.rows = Math.max(8, count + 1);
  };
  area.addEventListener("input", () => {
    draw();
    keep(key, area.value);
  });
  programKeys(area);

  const output = h("pre", { class: "output" });
  const said = h("p", { class: "said", role: "status" });
  const hint = h("div", { class: "hint" });
  const goals = h("ul", { class: "goals" });
  const runButton = h("button", { type: "button", class: "run", onclick: run }, say.run);
  const stopButton = h("button", { type: "button", hidden: true, onclick: () => model.send({ stop: true }) }, say.stop);
  const again = h("button", { type: "button", class: "quiet", onclick: beginAnew }, say.again);

  /** @param {boolean[]} reached */
  function showGoals(reached) {
    fill(goals, ...model.get("goals").map((/** @type {string} */ goal, /** @type {number} */ i) => {
      const state = reached.length ? (reached[i] ? "reached" : "not_yet") : "";
      const mark = state ? h("strong", { class: state }, `${state === "reached" ? "✓" : "○"} ${say[state]}: `) : "○ ";
      return h("li", {}, mark, setHtml(h("span"), goal));
    }));
  }

  function beginAnew() {
    if (area.value !== model.get("starter") && !confirm(say.again_sure)) return;
    area.value = model.get("starter");
    keep(key, area.value);
    draw();
    area.focus();
  }

  function run() {
    number = Math.floor(Math.random() * 2 ** 40);
    busy(true);
    said.textContent = say.running || "";
    said.className = "said";
    fill(hint);
    output.textContent = "";
    timer = window.setTimeout(() => settle(say.lost || "", "wrong"), PATIENCE_MS);
    model.send({ run: number, code: area.value });
  }

  /** @param {boolean} on */
  function busy(on) {
    runButton.hidden = on;
    stopButton.hidden = !on;
    if (on) stopButton.focus();
  }

  /** @param {string} text @param {string} kind */
  function settle(text, kind) {
    clearTimeout(timer);
    const follow = document.activeElement === stopButton;
    busy(false);
    if (follow) runButton.focus({ preventScroll: true });
    said.textContent = text;
    said.className = `said ${kind}`;
  }

  /** @param {any} told */
  function onMessage(told) {
    if (!told || told.run !== number) return;
    if (told.failed) {
      settle(say.failed || "", "wrong");
      return;
    }
    output.textContent = told.output || say.nothing;
    showGoals(told.reached);
    if (told.hint) fill(hint, h("strong", {}, `${say.hint}: `), setHtml(h("span"), told.hint));
    settle(told.passed ? say.passed || "" : told.said, told.passed ? "right" : told.said ? "wrong" : "");
  }
  model.on("msg:custom", onMessage);

  const keys = h("div", { class: "keys", role: "group", "aria-label": say.keys },
    h("button", { type: "button", "aria-label": say.indent, onclick: () => insert(area, INDENT) }, "⇥"),
    ...SIGNS.map((sign) => h("button", { type: "button", onclick: () => insert(area, sign) }, sign)));
  const root = h("section", { class: "bdhvs-exercise", lang: model.get("lang") },
    h("h3", {}, model.get("title")),
    setHtml(h("div", { class: "task" }), model.get("task")),
    h("h4", {}, say.checks), goals,
    h("label", { for: ids.area }, say.editor),
    h("div", { class: "editor" }, lines, area),
    h("p", { id: ids.how, class: "how" }, say.how_out),
    keys,
    h("div", { class: "doing" }, runButton, stopButton, again),
    said, hint,
    h("h4", {}, say.output), output);
  showGoals([]);
  draw();
  el.append(root);
  const undress = dress(root);
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", onMessage);
    undress();
    root.remove();
  };
}

export default { render };
