/** The same quiz in a notebook: an anywidget module. Traits: `form`, `lang`, `strings`. */
import { commChannel } from "./channel_comm.js";
import { h } from "./dom.js";
import { Quiz } from "./quiz.js";

/**
 * Keeps keys from JupyterLab, which would move between cells by arrow keys and delete one at "d d".
 * @param {HTMLElement} root
 */
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  // Before 4.1 it listened ahead of us, and asked the element under focus alone whether it may.
  root.addEventListener("focusin", (event) => {
    if (event.target instanceof Element) event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
}

/** @param {{ model: any, el: HTMLElement }} view */
function render({ model, el }) {
  const root = h("div");
  el.append(root);
  keepKeys(root);
  const quiz = new Quiz(root, {
    form: model.get("form"),
    lang: model.get("lang"),
    media: "",
    strings: model.get("strings") || {},
    channel: commChannel(model),
  });
  return () => {
    quiz.close();
    root.remove();
  };
}

export default { render };
