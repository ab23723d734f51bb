/** "How sure are you?", after something was chosen. Four steps in words, none chosen beforehand; saying nothing is fine. */
import { h } from "./dom.js";
import { cards, chosenIn } from "./kinds_common.js";

const STEPS = ["1", "2", "3", "4"];

export class Confidence {
  /**
   * @param {number | undefined} before what was said the last time
   * @param {import("./types").Texts} t
   */
  constructor(before, t) {
    const parts = STEPS.map((id) => ({ id, html: "" }));
    this.picks = cards("radio", parts, before ? [String(before)] : [], () => undefined);
    this.picks.forEach(({ label }, i) => label.lastElementChild && (label.lastElementChild.textContent = t(`confidence_${STEPS[i]}`)));
    this.element = h("fieldset", { class: "bd-confidence bd-away" },
      h("legend", {}, t("confidence")),
      h("p", { class: "bd-how" }, t("confidence_free")),
      h("div", { class: "bd-options bd-chips" }, ...this.picks.map(({ label }) => label)),
    );
  }

  show() {
    this.element.classList.remove("bd-away");
  }

  /** 1 to 4, undefined when nothing was said. @returns {number | undefined} */
  read() {
    const [step] = chosenIn(this.picks);
    return step ? Number(step) : undefined;
  }

  /** @param {boolean} locked */
  lock(locked) {
    for (const { input } of this.picks) input.disabled = locked;
    this.element.classList.toggle("is-locked", locked);
  }
}
