/**
 * The live board: learners × items, who asks for help, who is away, what was answered. It knows no host: a feed brings
 * the views (bdhvs/service/board_view.py), `strings` the texts.
 *
 * @typedef {{ form: string, item: string, marks: boolean, key: boolean, names: boolean }} Looking
 * @typedef {{ now_ms: number, health: string | null, view: any }} Shown
 * @typedef {{ watch: (looking: Looking, shown: (one: Shown) => void, state: (one: "live" | "lost" | "refused") => void) => () => void }} Feed
 */

/** A sign for each state; it never speaks alone: a colour and words for screen readers go with it. */
const SIGNS = { not_started: "·", thinking: "…", answered: "●", right: "✓", partly: "◐", wrong: "✗", skipped: "–" };
const HELPED = "⁺";
const CALLS = "✋";
const AWAY = "⊘";
const SPEAK_EVERY_MS = 10_000;
const TICK_MS = 10_000; // times are told in whole minutes
const KEEP_NAMES_HIDDEN = "bdhvs.board.names";

/**
 * @param {HTMLElement} root becomes the board
 * @param {{ feed: Feed, strings: Record<string, string> }} host
 * @returns {() => void} ends it
 */
export function mountBoard(root, { feed, strings }) {
  const t = texts(strings);
  /** @type {Looking} */
  let looking = { form: "", item: "", marks: false, key: false, names: remembered() };
  /** @type {Shown | null} */
  let last = null;
  let skew = 0; // the server's clock minus ours
  let opened = ""; // item whose details were just asked for: they take the focus once
  const board = frame(t);
  const voice = speaker(board.said);
  const grid = gridOf(board.table, t, (item) => details(item));
  root.replaceChildren(board.element);

  let close = () => {};
  function look(changes) {
    looking = { ...looking, ...changes };
    close();
    close = feed.watch(looking, show, (state) => {
      board.trouble.hidden = state === "live";
      board.trouble.textContent = state === "refused" ? t("feed_refused") : state === "lost" ? t("feed_lost") : "";
    });
  }
  function details(item) {
    opened = item;
    look({ item, key: false });
  }
  board.form.addEventListener("change", () => look({ form: board.form.value, item: "", key: false }));
  toggle(board.names, !looking.names, (on) => {
    remember(!on);
    look({ names: !on });
  });
  toggle(board.marks, false, (on) => look({ marks: on }));

  /** @param {Shown} shown */
  function show(shown) {
    skew = shown.now_ms - Date.now();
    const before = last && last.view;
    last = shown;
    const view = shown.view;
    board.health.hidden = !shown.health;
    put(board.health, shown.health || "");
    board.marks.hidden = view.practice;
    showForms(board.form, view, looking.form, t);
    showSummary(board.summary, view, t);
    showTimes();
    grid.show(view, agoOf);
    put(board.more, [view.adaptive ? t("own_questions") : "", view.hidden_rows ? t("hidden_rows", { n: view.hidden_rows }) : ""].filter(Boolean).join(" "));
    showMissed(board.missed, view, t, details);
    showDetails(board.details, view, looking, t, {
      key: () => look({ key: !looking.key }),
      close: () => {
        const item = looking.item;
        look({ item: "", key: false });
        board.details.replaceChildren();
        grid.focus(item);
      },
    });
    if (opened && view.details && view.details.item === opened) {
      opened = "";
      const heading = board.details.querySelector("h3");
      heading?.focus();
    }
    if (before && before.form === view.form) voice.say(news(before, view, t));
    root.dispatchEvent(new CustomEvent("bdhvs:board", { bubbles: true, detail: view })); // the pace's controls follow it
  }
  function showTimes() {
    if (last) showCalls(board.calls, last.view, agoOf, t);
  }
  function agoOf(ms) {
    return ago(Date.now() + skew - ms, t);
  }
  const timer = setInterval(() => {
    showTimes();
    if (last) grid.show(last.view, agoOf);
  }, TICK_MS);

  look({});
  return () => {
    clearInterval(timer);
    voice.stop();
    close();
    root.replaceChildren();
  };
}

// ── the frame ─────────────────────────────────────────────────────────────────────────────────────────

function frame(t) {
  const form = h("select", { id: "board-form" });
  const names = h("button", { type: "button", class: "secondary" }, t("hide_names"));
  const marks = h("button", { type: "button", class: "secondary" }, t("show_marks"));
  const table = h("table", { class: "grid" });
  const parts = {
    trouble: h("p", { class: "problem", role: "status", hidden: true }),
    health: h("p", { class: "problem", role: "alert", hidden: true }),
    summary: h("ul", { class: "board-sums" }),
    calls: h("section", { class: "board-calls", hidden: true, "aria-labelledby": "board-calls" }),
    missed: h("section", { class: "board-missed", hidden: true, "aria-labelledby": "board-missed" }),
    details: h("div", { class: "board-details" }),
    more: h("p", { class: "quiet" }),
    said: h("p", { class: "heard", role: "status" }),
    form, names, marks, table,
  };
  const tools = h("div", { class: "board-tools" },
    h("div", { class: "board-choice" }, h("label", { for: "board-form" }, t("form")), form), names, marks);
  const title = h("h2", { id: "board-title" }, t("grid_title"));
  const scroll = h("div", { class: "scroll board-scroll", tabindex: "0", role: "group", "aria-labelledby": "board-title" }, table);
  const element = h("div", { class: "board" },
    parts.trouble, parts.health, parts.summary, tools, parts.calls, title, scroll, parts.more, legend(t), parts.missed, parts.details, parts.said);
  return { element, ...parts };
}

function legend(t) {
  const entries = Object.entries(SIGNS).map(([state, sign]) =>
    h("li", {}, h("span", { class: `cell s-${state}`, "aria-hidden": "true" }, sign), t(state)));
  for (const [sign, key] of [[HELPED, "helped"], [CALLS, "row_call"], [AWAY, "row_lost"]]) {
    entries.push(h("li", {}, h("span", { class: "cell", "aria-hidden": "true" }, sign), t(key)));
  }
  return h("section", { class: "board-legend", "aria-label": t("legend") }, h("ul", {}, ...entries));
}

function toggle(button, on, changed) {
  button.setAttribute("aria-pressed", String(on));
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    changed(now);
  });
}

// ── above the grid ────────────────────────────────────────────────────────────────────────────────────

function showForms(select, view, chosen, t) {
  const options = [["", t("automatic")], ...view.forms.map((one) => [one.id, t("form_option", { title: one.title, n: one.opened })])];
  const now = JSON.stringify(options);
  if (select.dataset.shown !== now) {
    select.dataset.shown = now;
    select.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
  }
  select.value = chosen;
}

function showSummary(list, view, t) {
  const c = view.counts;
  const title = view.forms.find((one) => one.id === view.form)?.title;
  const lines = [
    ["", t("here", { here: c.here, total: c.in_class })],
    view.pace?.led
      ? ["led", t("led", { n: view.pace.led.n, answered: view.pace.led.answered, here: view.pace.led.here })]
      : ["", c.current ? t("current", { n: c.answered_here, here: c.here, number: c.current }) : ""],
    ["", c.finished ? t("finished", { n: c.finished }) : ""],
    ["calls", c.calls ? t("calls", { n: c.calls }) : ""],
    ["lost", c.lost ? t("lost", { n: c.lost }) : ""],
    ["title", title || ""],
  ].filter(([, text]) => text);
  const now = JSON.stringify(lines);
  if (list.dataset.shown === now) return;
  list.dataset.shown = now;
  list.replaceChildren(...lines.map(([kind, text]) => h("li", { class: kind ? `is-${kind}` : null }, text)));
}

function showCalls(section, view, agoOf, t) {
  const calls = view.rows.filter((row) => row.call);
  section.hidden = !calls.length;
  const lines = calls.map((row) => [nameOf(row, t), row.call.place, row.call.since_ms ? agoOf(row.call.since_ms) : ""]);
  const now = JSON.stringify(lines);
  if (section.dataset.shown === now) return;
  section.dataset.shown = now;
  section.replaceChildren(
    h("h2", { id: "board-calls" }, `${CALLS} ${t("help_title")}`),
    h("ol", {}, ...lines.map(([name, place, since]) => h("li", {}, h("strong", {}, name), h("span", {}, place), since && h("span", { class: "since" }, since)))),
  );
}

// ── the grid ──────────────────────────────────────────────────────────────────────────────────────────

/** Rows and cells stay the same elements while they can, so that whoever reads or scrolls is not thrown out. */
function gridOf(table, t, pressed) {
  let shape = "";
  let heads = new Map();
  let sums = [];
  const below = h("th", { scope: "row" });
  /** @type {Map<number, any>} */
  let rows = new Map();
  const body = h("tbody", {});

  function build(view) {
    heads = new Map(view.columns.map((column) => [column.item, view.adaptive
      ? h("span", { title: t("place", { n: column.number }) }, String(column.number))
      : h("button", { type: "button", "aria-label": t("look_at", { n: column.number }), onclick: () => pressed(column.item) }, String(column.number))]));
    sums = view.columns.map(() => h("td", {}));
    rows = new Map();
    body.replaceChildren();
    table.replaceChildren(
      h("caption", { class: "heard" }, t("grid_title")),
      h("thead", {},
        h("tr", {}, h("th", { scope: "col" }, t("name")), h("th", { scope: "col" }, t("progress")),
          ...[...heads.values()].map((button) => h("th", { scope: "col" }, button)))),
      body,
      h("tfoot", {}, h("tr", {}, below, h("td", {}), ...sums)),
    );
  }
  function show(view, agoOf) {
    const wanted = JSON.stringify([view.form, view.columns.map((one) => one.item)]);
    if (wanted !== shape) {
      shape = wanted;
      build(view);
    }
    view.columns.forEach((column, place) => put(sums[place], String(column.answered_here)));
    const open = view.pace?.led?.form === view.form ? view.pace.led.item : "";
    for (const [item, button] of heads) {
      button.parentElement.classList.toggle("is-led", item === open);
      if (item === open) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    put(below, t("answered_row", { n: view.counts.here }));
    if (view.rows.length && table.classList.contains("is-empty")) body.replaceChildren(); // somebody has joined by now
    const kept = new Set(view.rows.map((row) => row.number));
    for (const [number, row] of rows) {
      if (!kept.has(number)) {
        row.element.remove();
        rows.delete(number);
      }
    }
    view.rows.forEach((row, place) => {
      let held = rows.get(row.number);
      if (!held) rows.set(row.number, (held = newRow(view.columns.length)));
      fillRow(held, row, view, agoOf, t);
      if (body.children[place] !== held.element) body.insertBefore(held.element, body.children[place] || null);
    });
    table.classList.toggle("is-empty", !view.rows.length);
    if (!view.rows.length) body.replaceChildren(h("tr", {}, h("td", { colspan: String(2 + view.columns.length) }, t("nobody"))));
  }
  return { show, focus: (item) => heads.get(item)?.focus() };
}

function newRow(count) {
  const name = h("th", { scope: "row" });
  const status = h("td", { class: "status" });
  const cells = Array.from({ length: count }, () => {
    const sign = h("span", { "aria-hidden": "true" });
    const words = h("span", { class: "heard" });
    return { element: h("td", {}, sign, words), sign, words };
  });
  return { element: h("tr", {}, name, status, ...cells.map((one) => one.element)), name, status, cells };
}

function fillRow(held, row, view, agoOf, t) {
  put(held.name, nameOf(row, t));
  showStatus(held.status, row, view, agoOf, t);
  const kind = row.call ? "is-call" : row.here ? "" : "is-away";
  if (held.element.className !== kind) held.element.className = kind;
  row.cells.forEach(([state, helped], place) => {
    const { element, sign, words } = held.cells[place];
    const look = `cell s-${state}`;
    if (element.className !== look) element.className = look;
    put(sign, SIGNS[state] + (helped ? HELPED : ""));
    put(words, helped ? `${t(state)}, ${t("helped")}` : t(state));
  });
}

/** Short, so that a row stays a line: signs for the eye, words for the ear. */
function showStatus(place, row, view, agoOf, t) {
  const parts = [["", view.adaptive ? String(row.done) : `${row.done}/${view.columns.length}`, ""]];
  if (row.finished) parts.push(["", t("row_finished"), ""]);
  if (row.call) parts.push([CALLS, "", t("row_call")]);
  if (row.away_ms !== null) parts.push([AWAY, row.finished ? "" : agoOf(row.away_ms), t("row_lost")]);
  else if (!row.here) parts.push([AWAY, "", t("row_absent")]);
  const now = JSON.stringify(parts);
  if (place.dataset.shown === now) return;
  place.dataset.shown = now;
  place.replaceChildren(...parts.map(([sign, text, heard]) => h("span", { class: "part" },
    sign && h("span", { "aria-hidden": "true" }, sign), heard && h("span", { class: "heard" }, heard), text && ` ${text}`)));
}

// ── below the grid ────────────────────────────────────────────────────────────────────────────────────

function showMissed(section, view, t, pressed) {
  section.hidden = !view.missed.length;
  const columns = view.missed.map((place) => view.columns[place]);
  const now = JSON.stringify(columns);
  if (section.dataset.shown === now) return;
  section.dataset.shown = now;
  const focused = section.contains(focusIn(section)) ? focusIn(section).dataset.item : "";
  section.replaceChildren(
    h("h2", { id: "board-missed" }, t("missed_title")),
    h("ul", {}, ...columns.map((one) => h("li", {},
      h("button", { type: "button", class: "secondary", "data-item": one.item, onclick: () => pressed(one.item) },
        t("missed", { n: one.number, right: one.right, judged: one.judged }))))),
  );
  if (focused) section.querySelector(`[data-item="${CSS.escape(focused)}"]`)?.focus();
}

function showDetails(place, view, looking, t, acts) {
  const one = view.details;
  const now = JSON.stringify([one, looking.key]);
  if (place.dataset.shown === now) return;
  place.dataset.shown = now;
  const focused = place.contains(focusIn(place)) ? focusIn(place).dataset.act : "";
  if (!one) return place.replaceChildren();
  const most = Math.max(1, ...one.choices.map((choice) => choice.count));
  const rows = one.choices.map((choice) => h("tr", { class: choice.key ? "is-key" : null },
    h("th", { scope: "row" }, choice.key && h("span", { class: "key-sign" }, `✓ ${t("is_key")}: `), html("span", choice.html)),
    h("td", {}, String(choice.count)),
    h("td", { class: "bar" }, h("progress", { max: String(most), value: String(choice.count), "aria-hidden": "true" }))));
  place.replaceChildren(h("section", { class: "card", "aria-labelledby": "board-details" },
    h("h3", { id: "board-details", tabindex: "-1" }, t("details_title", { n: one.number, answers: one.answers })),
    html("div", one.stem),
    rows.length ? h("table", { class: "answers" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, one.typed ? t("typed") : t("option")), h("th", { scope: "col" }, t("count")), h("td", {}))),
      h("tbody", {}, ...rows)) : null,
    one.solution !== null && !one.choices.some((choice) => choice.key) ? h("div", { class: "solution" }, h("strong", {}, `${t("key")}: `), html("div", one.solution)) : null,
    h("p", { class: "board-tools" },
      h("button", { type: "button", class: "secondary", "data-act": "key", "aria-pressed": String(looking.key), onclick: acts.key }, t("show_key")),
      h("button", { type: "button", class: "secondary", "data-act": "close", onclick: acts.close }, t("close")))));
  if (focused) place.querySelector(`[data-act="${focused}"]`)?.focus();
}

// ── what is said ──────────────────────────────────────────────────────────────────────────────────────

function news(before, now, t) {
  const earlier = new Map(before.rows.map((row) => [row.number, row]));
  const said = [];
  for (const row of now.rows) {
    const old = earlier.get(row.number);
    if (row.call && !(old && old.call && old.call.place === row.call.place)) said.push(t("said_call", { name: nameOf(row, t), place: row.call.place }));
    if (row.away_ms !== null && old && old.here) said.push(t("said_lost", { name: nameOf(row, t) }));
  }
  return said;
}

/** Says things one after the other in a polite region, at most once in ten seconds. */
function speaker(region) {
  let waiting = [];
  let timer = 0;
  function speak() {
    timer = 0;
    if (!waiting.length) return;
    region.textContent = `${waiting.join(". ")}.`;
    waiting = [];
    timer = setTimeout(speak, SPEAK_EVERY_MS);
  }
  return {
    say(said) {
      waiting.push(...said);
      if (!timer) speak();
    },
    stop: () => clearTimeout(timer),
  };
}

// ── small things ──────────────────────────────────────────────────────────────────────────────────────

function nameOf(row, t) {
  return row.name || t("person", { n: row.number });
}

function ago(ms, t) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t("just_now");
  return minutes < 60 ? t("minutes", { n: minutes }) : t("hours", { n: Math.floor(minutes / 60) });
}

/** @param {Record<string, string>} strings */
function texts(strings) {
  return (key, values = {}) => (strings[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child));
  return element;
}

/** Markup of the server, which made it safe. */
function html(tag, markup) {
  const element = document.createElement(tag);
  element.innerHTML = markup;
  return element;
}

/** What has the focus; in a notebook the board lives in a shadow root, whose focus the document does not see. */
function focusIn(place) {
  return place.getRootNode().activeElement;
}

/** New text only when it is new: a live region speaks at each change, and layout costs. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function remembered() {
  try {
    return localStorage.getItem(KEEP_NAMES_HIDDEN) !== "hidden";
  } catch {
    return true; // no storage here: names are shown, as on the first visit
  }
}

function remember(names) {
  try {
    localStorage.setItem(KEEP_NAMES_HIDDEN, names ? "shown" : "hidden");
  } catch {
    return; // it holds until the page is closed
  }
}
