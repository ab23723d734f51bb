/** The screens between and around the items: opening, failing to open, pause, the end of the items, waiting to hand in. */
import { h } from "./dom.js";
import { stateOf } from "./attempt.js";

/** @typedef {import("./types").Texts} Texts */

/**
 * A heading and sentences.
 * @param {string} title
 * @param {...string} sentences
 */
export function plainScreen(title, ...sentences) {
  return [h("div", { class: "bd-plain" }, h("h3", { class: "bd-heading", tabindex: "-1" }, title), ...sentences.filter(Boolean).map((one) => h("p", {}, one)))];
}

/**
 * After the last item: how many are without an answer, with ways to them where the form allows going back.
 * @param {import("./types").Opened} opened
 * @param {Texts} t
 * @param {(item: string) => void} goTo
 */
export function endScreen(opened, t, goTo) {
  const { form, items } = opened;
  const answered = items.filter(({ id }) => stateOf(opened, id).status === "answered");
  const left = items.filter((item) => !answered.includes(item));
  /** @param {import("./types").ShownItem} item */
  const way = (item) => {
    const skipped = stateOf(opened, item.id).status === "skipped";
    return h("li", {},
      h("button", { type: "button", class: "bd-button bd-way", onclick: () => goTo(item.id) },
        h("strong", {}, t("question", { n: items.indexOf(item) + 1 })),
        h("span", { class: "bd-way-state" }, t(answered.includes(item) ? "state_answered" : skipped ? "state_skipped" : "state_new")),
      ),
    );
  };
  const ways = (/** @type {import("./types").ShownItem[]} */ some) => h("ul", { class: "bd-ways" }, ...some.map(way));
  return [
    h("div", { class: "bd-plain" },
      h("h3", { class: "bd-heading", tabindex: "-1" }, t("end_title")),
      h("p", {}, left.length ? t("end_left", { n: left.length, total: items.length }) : t("end_all", { total: items.length })),
      left.length && form.allow_back ? h("p", {}, t("end_go_back")) : null,
      left.length && form.allow_back ? ways(left) : null,
      answered.length && form.allow_back ? h("details", { class: "bd-more" }, h("summary", {}, t("end_answered")), ways(answered)) : null,
    ),
  ];
}
