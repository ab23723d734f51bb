/** The result: six domains as evidence, what to learn next, and each item again where the form shows it. */
import { h, setHtml } from "./dom.js";
import { icon } from "./icons.js";
import { feedbackView } from "./view_feedback.js";

/** @typedef {import("./types").Texts} Texts */
/** @typedef {import("./types").Result} Result */

const MOST_BLOCKS = 12; // more would be too thin to count on a phone; then one bar stands for all

/**
 * After a placement what to begin with comes first: for that it was taken.
 * @param {Result} result @param {Texts} t @param {{ isPlacement?: boolean }} [form] @returns {Node[]}
 */
export function resultScreen(result, t, { isPlacement = false } = {}) {
  const lessons = result.next.length ? [
    h("h3", { class: "bd-subheading" }, t(isPlacement ? "first_lessons" : "next_lessons")),
    h("ul", { class: "bd-nexts" }, ...result.next.map(nextView)),
  ] : [];
  return [
    h("div", { class: "bd-result" },
      h("h2", { class: "bd-heading", tabindex: "-1" }, result.title),
      h("p", { class: "bd-summary" }, result.summary),
      ...(isPlacement ? lessons : []),
      result.bands ? h("p", { class: "bd-fine" }, result.bands) : null,
      result.domains.length ? legend(t) : null,
      h("ul", { class: "bd-domains" }, ...result.domains.map((domain) => domainView(domain, result, t))),
      ...(isPlacement ? [] : lessons),
      result.review.length ? h("details", { class: "bd-more" }, h("summary", {}, t("review")), reviewView(result.review, t)) : null,
      result.notice ? h("p", { class: "bd-fine" }, result.notice) : null,
    ),
  ];
}

/** @param {Texts} t */
function legend(t) {
  return h("p", { class: "bd-legend" },
    h("span", {}, h("i", { class: "bd-block bd-alone" }), t("legend_alone")),
    h("span", {}, h("i", { class: "bd-block bd-with-help" }), t("legend_helped")),
    h("span", {}, h("i", { class: "bd-block" }), t("legend_not_yet")),
  );
}

/** @param {import("./types").DomainResult} domain @param {Result} result @param {Texts} t */
function domainView(domain, result, t) {
  const inside = result.competences.filter(({ code }) => code.split(".")[0] === domain.code);
  return h("li", { class: "bd-domain" },
    h("h3", {}, domain.name),
    bar(domain),
    h("p", {}, domain.sentence),
    domain.band ? h("p", { class: "bd-band" }, domain.band) : null,
    domain.band_sentence ? h("p", { class: "bd-fine" }, domain.band_sentence) : null,
    inside.length
      ? h("details", { class: "bd-more" },
          h("summary", {}, t("competences")),
          h("ul", { class: "bd-competences" }, ...inside.map((one) => h("li", {}, h("strong", {}, one.name), h("span", {}, one.sentence)))),
        )
      : null,
  );
}

/** One block a task: full, hatched, or empty. The sentence below says the same. @param {import("./types").DomainResult} domain */
function bar({ alone, helped, total }) {
  const blocks = [];
  if (total > MOST_BLOCKS) {
    for (const [share, look] of /** @type {[number, string][]} */ ([[alone, "bd-alone"], [helped, "bd-with-help"], [total - alone - helped, ""]])) {
      const block = h("i", { class: `bd-block ${look}` });
      block.style.flexGrow = String(share);
      if (share > 0) blocks.push(block);
    }
  } else {
    for (let i = 0; i < total; i += 1) {
      blocks.push(h("i", { class: `bd-block ${i < alone ? "bd-alone" : i < alone + helped ? "bd-with-help" : ""}` }));
    }
  }
  return h("div", { class: "bd-blocks", "aria-hidden": "true" }, ...blocks);
}

/** @param {{ title: string, href: string }} next */
function nextView({ title, href }) {
  const safe = /^(https?:\/\/|[./#?]|[\w-]+(?:[/.?#]|$))/i.test(href) ? href : null; // never javascript: and its kin
  return h("li", {}, h("a", { class: "bd-button bd-lesson", href: safe }, icon("book"), h("span", {}, title), icon("next")));
}

/** @param {import("./types").Reviewed[]} review @param {Texts} t */
function reviewView(review, t) {
  return h("ol", { class: "bd-review" }, ...review.map(({ stem, yours, feedback, outcome }, i) =>
    h("li", {},
      h("h3", {}, t("question", { n: i + 1 })),
      setHtml(h("div", { class: "bd-review-stem" }), stem),
      outcome === "answered" ? null : h("p", { class: "bd-fine" }, t(`outcome_${outcome}`)),
      yours ? h("div", { class: "bd-yours" }, h("h4", {}, t("yours")), setHtml(h("div"), yours)) : null,
      feedback ? feedbackView(feedback, t) : null,
    ),
  ));
}
