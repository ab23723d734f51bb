/** The same quiz in a notebook: an anywidget module. Traits: `form`, `lang`, `strings`, `media`. */
import { commChannel } from "./channel_comm.js";
import { h } from "./dom.js";
import { Quiz } from "./quiz.js";

/** @param {{ model: any, el: HTMLElement }} view */
function render({ model, el }) {
  // JupyterLab would take the arrow keys for itself and move between cells.
  const root = h("div", { "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const quiz = new Quiz(root, {
    form: model.get("form"),
    lang: model.get("lang"),
    media: model.get("media") || "",
    strings: model.get("strings") || {},
    channel: commChannel(model),
  });
  return () => {
    quiz.close();
    root.remove();
  };
}

export default { render };
