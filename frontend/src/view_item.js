/** One item on the screen: stem, picture, the kind's controls, the hint, and what was said about the answer. */
import { kinds } from "bdhvs:kinds";
import { sameResponse } from "./attempt.js";
import { Confidence } from "./confidence.js";
import { fill, focusOn, h, plainText, setHtml } from "./dom.js";
import { icon } from "./icons.js";
import { feedbackView, waitingView } from "./view_feedback.js";

/** @typedef {import("./types").ItemState} ItemState */

export class ItemView {
  /**
   * @param {import("./types").ShownItem} item
   * @param {ItemState} state
   * @param {{ t: import("./types").Texts, media: string, draft: import("./types").Draft, askConfidence: boolean, onChange: (say: string) => void, onSubmit: () => void }} options
   */
  constructor(item, state, { t, media, draft, askConfidence, onChange, onSubmit }) {
    const view = this;
    this.item = item;
    this.t = t;
    this.stem = setHtml(h("div", { class: "bd-stem" }), item.stem);
    this.fieldset = h("fieldset", { class: `bd-item bd-kind-${item.kind}` }, h("legend", {}, this.stem));
    if (item.picture) {
      this.fieldset.append(h("img", { class: "bd-picture", src: address(media, item.picture.file), alt: item.picture.alt }));
    }
    const mount = kinds[item.kind];
    /** @type {import("./types").Mounted | null} null for a kind this front end does not know: it can be skipped */
    this.mounted = mount ? mount(this.fieldset, item, state.response, changed, t, { draft, media: (file) => address(media, file) }) : null;
    if (!this.mounted) this.fieldset.append(h("p", {}, t("unknown_kind")));

    const asks = askConfidence && this.mounted && !this.mounted.aboutOneself;
    this.confidence = asks ? new Confidence(state.confidence, t) : null;
    this.out = h("p", { class: "bd-out", role: "status" });
    this.hint = h("div", { class: "bd-hint" });
    /** A hint was asked for that fits only where the person stands; it goes with the next step. */
    this.hintAsked = false;
    /** What is said now, as one string; null before the first time. @type {string | null} */
    this.said = null;
    this.locked = false;
    this.helped = h("input", { type: "checkbox" });
    this.helped.checked = state.help === "teacher";
    this.helpedRow = h("label", { class: "bd-helped" }, this.helped, h("span", {}, t("was_helped")));
    this.after = h("div", { class: "bd-after" });
    this.form = h("form", { novalidate: true, onsubmit }, this.out, this.fieldset, this.confidence && this.confidence.element, this.hint, this.helpedRow);
    this.element = h("div", {}, this.form, this.after);
    this.lock(false);
    this.update(state);
    this.offerConfidence();

    /** @param {string} [say] */
    function changed(say = "") {
      view.offerConfidence();
      if (view.hintsFollow && view.hint) fill(view.hint); // it was about the step before
      onChange(say);
    }

    /** @param {Event} event */
    function onsubmit(event) {
      event.preventDefault();
      onSubmit();
    }
  }

  /** Shows what has changed around the controls; what the person has put in stays. Gives whether something new is said. @param {ItemState} state */
  update(state) {
    const first = this.said === null;
    const out = state.neutralised ? this.t("neutralised") : "";
    if (this.out.textContent !== out) this.out.textContent = out;
    if (state.hint && (this.hintAsked || !(this.hint.firstChild || this.hintsFollow))) {
      this.hintAsked = false;
      fill(this.hint, h("p", { class: "bd-hint-title" }, icon("hint"), h("strong", {}, this.t("hint"))), setHtml(h("div"), state.hint));
      if (!first) focusOn(this.hint); // the button that asked for it is gone
    }
    const waits = Boolean(state.pending && !state.open);
    const said = state.feedback ? JSON.stringify(state.feedback) : waits ? "waits" : "";
    if (said === this.said) return false;
    this.said = said;
    fill(this.after, state.feedback ? feedbackView(state.feedback, this.t, state.feedback.verdict === "none" ? "h4" : "h5") : waits ? waitingView(this.t) : null);
    return said !== "" && !first;
  }

  /** Asks how sure they are as soon as there is a whole answer; it stays then, so that nothing jumps. */
  offerConfidence() {
    if (this.confidence && this.mounted && this.mounted.read()) this.confidence.show();
  }

  /** How sure they said they are, as a part of the fact; empty when they did not say. @returns {{ confidence?: number }} */
  sure() {
    const confidence = this.confidence ? this.confidence.read() : undefined;
    return confidence ? { confidence } : {};
  }

  /** Whether this is what was answered before, how sure it was included. @param {ItemState} state */
  isAnswered(state) {
    if (state.status !== "answered" || !this.mounted || !sameResponse(this.mounted.read(), state.response)) return false;
    return !this.confidence || this.confidence.read() === state.confidence;
  }

  /** Whether hints follow what is done, and can be asked for again and again. */
  get hintsFollow() {
    return Boolean(this.mounted && this.mounted.hint);
  }

  /** What a message that asks for a hint says beyond the item. */
  askHint() {
    if (!this.mounted || !this.mounted.hint) return {};
    this.hintAsked = true;
    return this.mounted.hint();
  }

  /** The controls are shut or open for (another) answer. @param {boolean} locked */
  lock(locked) {
    this.locked = locked;
    if (this.mounted) this.mounted.lock(locked);
    if (this.confidence) this.confidence.lock(locked);
    this.fieldset.classList.toggle("is-locked", locked);
    this.helped.disabled = locked;
    const oneself = Boolean(this.mounted && this.mounted.aboutOneself); // nobody can help with that
    this.helpedRow.classList.toggle("bd-away", oneself || (locked && !this.helped.checked));
  }

  /** Takes what was said about the answer off the screen, for another try. */
  clearSaid() {
    this.said = "";
    fill(this.after);
  }

  focusSaid() {
    const heading = this.after.querySelector("h4");
    if (!(heading instanceof HTMLElement)) return;
    focusOn(heading);
    const said = heading.closest("section");
    if (said) said.scrollIntoView({ block: "nearest" });
  }

  /** Lines to read aloud. */
  lines() {
    return [plainText(this.stem), ...(this.mounted ? this.mounted.spoken() : [])];
  }
}

/**
 * Where a picture is: a file below `media`, or the picture itself as a `data:` address (a notebook has no server of ours).
 * @param {string} media
 * @param {string} file
 */
function address(media, file) {
  if (file.startsWith("data:image/")) return file;
  const base = media.endsWith("/") ? media : `${media}/`;
  return base + file.split("/").map(encodeURIComponent).join("/");
}
