// The text side of the item editor (bdhvs/widgets/item_pane.py). Traits: text (at the start), findings, said, strings.

const PAUSE_MS = 400; // after the last key, before the text is read

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Keeps keys from JupyterLab, which would move between cells by arrow keys and delete one at "d d". */
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  root.addEventListener("focusin", (event) => {
    if (event.target instanceof Element) event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
}

function render({ model, el }) {
  const strings = model.get("strings");
  const numbers = make("div", { class: "bd-pane-numbers", "aria-hidden": "true" });
  const mirror = make("div", { class: "bd-pane-mirror", "aria-hidden": "true" }); // tells how high each line is when it wraps
  const field = make("textarea", { class: "bd-pane-text", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  field.value = model.get("text");
  const label = make("label", { class: "bd-pane-label" }, strings.label, make("span", { class: "bd-pane-field" }, numbers, field, mirror));
  const title = make("h4", {}, strings.findings);
  const list = make("ul", { class: "bd-pane-findings" });
  const said = make("p", { class: "bd-pane-said", role: "status" });
  const save = make("button", { type: "button", class: "bd-pane-save", onclick: () => send({ text: field.value, save: true }) }, strings.save);
  const root = make("div", { class: "bd-pane", lang: model.get("lang") }, label, make("p", {}, save), said, title, list);
  let timer = 0;
  let tops = [0]; // where each line begins, in pixels

  function send(content) {
    clearTimeout(timer);
    try {
      model.send(content);
    } catch {
      said.textContent = strings.lost;
    }
  }
  function showNumbers() {
    const lines = field.value.split("\n");
    const wrong = new Map(model.get("findings").map(([line, severity]) => [line, severity]));
    mirror.style.width = `${field.clientWidth}px`;
    mirror.replaceChildren(...lines.map((line) => make("div", {}, line || " ")));
    tops = [0];
    for (const line of mirror.children) tops.push(tops[tops.length - 1] + line.offsetHeight);
    numbers.replaceChildren(...lines.map((_, place) => {
      const severity = wrong.get(place + 1);
      const number = make("div", severity ? { class: `is-${severity}` } : {}, String(place + 1));
      number.style.height = `${tops[place + 1] - tops[place]}px`;
      return number;
    }));
    field.style.height = `${Math.min(Math.max(tops[lines.length] + 60, 400), 900)}px`;
    numbers.scrollTop = field.scrollTop;
  }
  function showFindings() {
    const found = model.get("findings");
    list.replaceChildren(...found.map(([line, severity, message]) => {
      const words = [make("strong", {}, `${line ? strings.line.replace("{n}", line) : strings.whole} · ${strings[severity]}: `), message];
      const inner = line ? make("button", { type: "button", onclick: () => goTo(line) }, ...words) : make("span", {}, ...words);
      return make("li", { class: `is-${severity}` }, inner);
    }));
    if (!found.length) list.append(make("li", { class: "is-fine" }, `✓ ${strings.fine}`));
    showNumbers();
  }
  function goTo(line) {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1] || "").length);
    field.scrollTop = Math.max(0, tops[line - 1] - 120);
  }
  const showSaid = () => (said.textContent = model.get("said"));

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => send({ text: field.value }), PAUSE_MS);
    showNumbers();
  });
  field.addEventListener("scroll", () => (numbers.scrollTop = field.scrollTop));
  model.on("change:findings", showFindings);
  model.on("change:said", showSaid);
  keepKeys(root);
  el.append(root);
  let width = 0;
  const resized = new ResizeObserver(() => {
    if (field.clientWidth === width) return; // our own change of the height
    width = field.clientWidth;
    showNumbers();
  });
  resized.observe(field);
  showFindings();
  showSaid();
  return () => {
    clearTimeout(timer);
    resized.disconnect();
    model.off("change:findings", showFindings);
    model.off("change:said", showSaid);
    root.remove();
  };
}

export default { render };
