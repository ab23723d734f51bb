/** What is said after an answer: a drawing, a word and a colour, then the author's sentences. */
import { h, setHtml } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {import("./types").Feedback} feedback
 * @param {import("./types").Texts} t
 * @param {"h4" | "h5"} [title] level of the headings inside: below the verdict's
 * @returns {HTMLElement}
 */
export function feedbackView(feedback, t, title = "h5") {
  const { verdict, html, solution, explanation } = feedback;
  return h("section", { class: `bd-feedback bd-${verdict}` },
    verdict === "none" // without an answer there is nothing to judge; the review says why there is none
      ? null
      : h("h4", { class: "bd-verdict", tabindex: "-1" }, h("span", { class: "bd-stamp" }, icon(verdict)), h("span", {}, t(`verdict_${verdict}`))),
    verdict === "noted" ? h("p", { class: "bd-said" }, t("noted")) : null,
    ...html.map((one) => setHtml(h("div", { class: "bd-said" }), one)),
    solution ? h("div", { class: "bd-solution" }, h(title, { class: "bd-part" }, t("solution")), setHtml(h("div"), solution)) : null,
    explanation ? h("div", { class: "bd-remember" }, h(title, { class: "bd-part" }, t("remember")), setHtml(h("div"), explanation)) : null,
  );
}

/** In place of feedback, while the answer is on its way. @param {import("./types").Texts} t */
export function waitingView(t) {
  return h("section", { class: "bd-feedback bd-waiting" },
    h("h4", { class: "bd-verdict", tabindex: "-1" }, h("span", { class: "bd-stamp" }, icon("wait")), h("span", {}, t("kept_title"))),
    h("p", {}, t("kept_practice")),
  );
}
