/**
 * What stays on the screen while items come and go: settings, title, progress, the card, and the places where the status
 * is spoken. These live regions must not be made anew, or screen readers miss what is said in them.
 */
import { fill, focusOn, h, plainText } from "./dom.js";
import { icon } from "./icons.js";
import { dress } from "./settings.js";
import { settingsBar } from "./settings_bar.js";
import { Reader } from "./speech.js";

export class Frame {
  /**
   * @param {HTMLElement} root
   * @param {{ t: import("./types").Texts, lang: string, bar: boolean }} options `bar`: false where the page has its own
   */
  constructor(root, { t, lang, bar }) {
    this.root = root;
    this.t = t;
    root.classList.add("bdhvs");
    root.lang = lang;
    this.bar = bar ? settingsBar(t) : null;
    this.title = h("h2", { class: "bd-title", hidden: true });
    this.count = h("h3", { class: "bd-count", tabindex: "-1" });
    this.most = h("span", { class: "bd-most", hidden: true });
    this.listen = h("button", { type: "button", class: "bd-button bd-small bd-listen", hidden: true });
    this.progress = h("progress", { class: "bd-progress", "aria-hidden": "true" });
    this.where = h("div", { class: "bd-where", hidden: true }, h("div", { class: "bd-where-row" }, this.count, this.most, this.listen), this.progress);
    this.pace = h("p", { class: "bd-pace", role: "status" });
    this.time = h("p", { class: "bd-time", hidden: true });
    this.notices = h("div", { class: "bd-notices", role: "status" });
    this.body = h("div", { class: "bd-body" });
    this.status = h("p", { class: "bd-status", role: "status" });
    this.actions = h("div", { class: "bd-actions" });
    this.network = h("p", { class: "bd-network", role: "status" });
    fill(root,
      this.bar && this.bar.element, this.title, this.where, this.time, this.pace, this.notices,
      h("div", { class: "bd-card" }, this.body, this.status, this.actions),
      this.network,
    );
    this.undress = dress(root);
    /** @type {() => string[]} */
    this.lines = () => [];
    this.reader = new Reader(lang, ({ possible, reading }) => this.drawListen(possible, reading));
    this.listen.addEventListener("click", () => (this.reader.reading ? this.reader.stop() : this.reader.read(this.lines())));
    this.reader.tell();
  }

  /** @param {boolean} possible @param {boolean} reading */
  drawListen(possible, reading) {
    this.listen.hidden = !possible;
    fill(this.listen, icon(reading ? "stop" : "listen"), h("span", {}, this.t(reading ? "listen_stop" : "listen")));
  }

  /** @param {string} title */
  setTitle(title) {
    this.title.hidden = !title;
    if (this.title.textContent !== title) this.title.textContent = title;
  }

  /**
   * A new screen: what is in the card, what can be done, and where in the form we are.
   * @param {{ body: Node[], actions?: (Node | null)[], place?: { n: number, total: number | null, most?: number } | null, lines?: () => string[] }} screen
   */
  show({ body, actions = [], place = null, lines = () => [] }) {
    this.reader.stop();
    this.lines = lines;
    fill(this.body, ...body);
    this.setActions(actions);
    this.where.hidden = !place;
    if (place) {
      const { n, total, most } = place; // no total where it is not known before the end
      this.count.textContent = total === null ? this.t("question", { n }) : this.t("count", { n, total });
      this.most.hidden = total !== null || !most;
      this.most.textContent = most ? this.t("most", { n: most }) : "";
      this.progress.hidden = total === null;
      this.progress.max = total || 1;
      this.progress.value = n;
    }
  }

  /** @param {(Node | null)[]} actions */
  setActions(actions) {
    const { activeElement } = document;
    const had = activeElement instanceof HTMLElement && this.actions.contains(activeElement) ? activeElement.dataset.name : "";
    fill(this.actions, ...actions);
    const again = had && this.actions.querySelector(`[data-name="${had}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** Says a short sentence, politely; "" falls silent. @param {string} text @param {"" | "ask" | "done"} [tone] */
  say(text, tone = "") {
    this.status.textContent = text;
    this.status.className = `bd-status${tone ? ` bd-status-${tone}` : ""}`;
  }

  /** The line under the card that stays as long as something waits to be sent. @param {string} text */
  setNetwork(text) {
    if (this.network.textContent !== text) this.network.textContent = text;
  }

  /** The line above the card: what the whole class is doing. @param {string} text @param {HTMLElement | null} [link] */
  setPace(text, link = null) {
    if (this.pace.dataset.said === text) return; // a live region speaks at each change
    this.pace.dataset.said = text;
    fill(this.pace, text, link);
  }

  /**
   * A sentence that stays until it is put away. Gives how to put it away.
   * @param {string} text
   * @param {HTMLElement | null} [link]
   */
  notice(text, link = null) {
    const same = Array.from(this.notices.children).find((one) => plainText(one).startsWith(text));
    if (same) return () => same.remove();
    const away = h("button", { type: "button", class: "bd-button bd-small", onclick: () => box.remove() }, this.t("understood"));
    const box = h("div", { class: "bd-notice" }, h("p", {}, text), h("div", { class: "bd-notice-actions" }, link, away));
    this.notices.append(box);
    return () => box.remove();
  }

  clearNotices() {
    fill(this.notices);
  }

  /** Moves the focus to where a new screen begins, and shows it from its top. */
  focusStart() {
    const heading = this.where.hidden ? this.body.querySelector(".bd-heading") : this.count;
    if (!(heading instanceof HTMLElement)) return;
    const top = this.title.hidden ? this.root : this.title;
    focusOn(heading);
    const { top: y } = top.getBoundingClientRect();
    if (y < 0 || y > window.innerHeight / 3) top.scrollIntoView({ block: "start" });
  }

  close() {
    if (this.bar) this.bar.close();
    this.undress();
    this.reader.close();
    fill(this.root);
  }
}

/**
 * A button with a word, and a drawing beside it where that helps.
 * @param {string} text
 * @param {() => void} onclick
 * @param {{ main?: boolean, drawing?: string }} [how]
 */
export function button(text, onclick, { main = false, drawing = "" } = {}) {
  const look = `bd-button${main ? " bd-main" : ""}`;
  return h("button", { type: "button", class: look, "data-name": drawing || "main", onclick }, drawing ? icon(drawing) : null, h("span", {}, text));
}
