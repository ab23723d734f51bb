/**
 * One quiz: decides which screen is shown and turns what the person does into facts for the queue.
 *
 * `opened` is the server's last word; `known` is that with the queue's facts on top. The screen says "saved" only after
 * the server did.
 */
import { afterSaved, foreseen, nextAfter, sameResponse, stateOf } from "./attempt.js";
import { fill, h, plainText } from "./dom.js";
import { button, Frame } from "./frame.js";
import { Link } from "./link.js";
import { parsed, safeStorage } from "./storage.js";
import { Stopwatch } from "./stopwatch.js";
import { language, texts } from "./texts.js";
import { uuid7 } from "./uuid7.js";
import { endScreen, plainScreen } from "./view_end.js";
import { ItemView } from "./view_item.js";
import { resultScreen } from "./view_result.js";

/** @typedef {import("./types").Fact} Fact */
/** @typedef {import("./types").Opened} Opened */
/** @typedef {{ form: string, lang: string, media: string, strings: Record<string, string>, channel: import("./types").Channel, who?: string, bar?: boolean }} Options */

const LOOK_AGAIN_MS = 12_000; // while paused: how often to ask whether it goes on

export class Quiz {
  /** @param {HTMLElement} root @param {Options} options */
  constructor(root, { form, lang, media, strings, channel, who = "", bar = true }) {
    this.form = form;
    this.lang = language(lang);
    this.media = media;
    this.channel = channel;
    this.t = texts(strings);
    this.frame = new Frame(root, { t: this.t, lang: this.lang, bar });
    this.watch = new Stopwatch();
    this.session = safeStorage(() => window.sessionStorage);
    this.cacheKey = `bdhvs.opened.${who}.${form}.${this.lang}`;
    /** @type {Opened | null} */
    this.opened = null;
    /** @type {ItemView | null} */
    this.view = null;
    /** @type {"" | "item" | "end" | "result" | "other"} */
    this.screen = "";
    /** The fact whose outcome the screen waits for. @type {Fact | null} */
    this.waiting = null;
    this.again = false;
    this.acted = false; // nobody's focus is taken before the person has done something here
    this.mustShow = true; // the next `opened` decides the screen, instead of leaving it as it is
    /** @type {import("./link").Trouble | null} */
    this.trouble = null;
    this.timer = 0;
    const open = () => ({ v: 1, type: "open", form, lang: this.lang, ...(this.again ? { again: true } : {}) });
    this.link = new Link(channel, safeStorage(() => window.localStorage), open, {
      opened: (opened) => this.onOpened(opened),
      replied: (fact, reply) => this.onReplied(fact, reply),
      refused: (fact, status, refusal) => this.onRefused(fact, status, refusal),
      unavailable: () => this.frame.say(this.t("hint_unavailable"), "ask"),
      trouble: (trouble) => this.onTrouble(trouble),
      noSession: () => this.onNoSession(),
    });
    this.stopOverhearing = channel.overhear ? channel.overhear((message) => this.onOverheard(message)) : () => {};
    this.onLeaving = (/** @type {BeforeUnloadEvent} */ event) => {
      if (!this.link.queue || this.link.queue.durable) return;
      event.preventDefault();
      event.returnValue = "";
    };
    addEventListener("beforeunload", this.onLeaving);
    root.addEventListener("click", () => (this.acted = true));
    this.plain(plainScreen(this.t("opening")));
    this.link.knock();
  }

  close() {
    clearTimeout(this.timer);
    removeEventListener("beforeunload", this.onLeaving);
    this.stopOverhearing();
    this.link.close();
    this.watch.close();
    this.frame.close();
    if (this.channel.close) this.channel.close();
  }

  // ── what the server says ────────────────────────────────────────────────────────────────────────

  /** The attempt as it will be when the queue is saved. @returns {Opened} */
  get known() {
    const opened = /** @type {Opened} */ (this.opened);
    return foreseen(opened, this.link.follow(opened.attempt).facts());
  }

  /** @param {Opened} opened */
  keep(opened) {
    this.opened = opened;
    this.session.set(this.cacheKey, JSON.stringify(opened));
  }

  /** @param {Opened} opened */
  onOpened(opened) {
    const same = this.opened !== null && this.opened.attempt === opened.attempt;
    const wasStatus = this.opened && this.opened.status;
    this.again = false;
    this.keep(opened);
    this.frame.setTitle(opened.form.title);
    if (this.mustShow || !same || opened.status !== wasStatus || this.screen === "other") this.showWhereWeAre();
    else this.refresh();
    this.tellNetwork();
  }

  /** @param {Fact} fact @param {any} reply */
  onReplied(fact, reply) {
    if (!this.opened || this.opened.attempt !== fact.attempt) return;
    if (reply.type === "finished") {
      this.waiting = null;
      this.keep({ ...this.opened, status: "finished", result: reply.result });
      this.showResult();
      return;
    }
    const { status } = this.opened;
    this.keep(afterSaved(this.opened, reply));
    this.tellNetwork();
    if (reply.current && !this.opened.items.some(({ id }) => id === reply.current)) {
      this.mustShow = true; // an adaptive form has chosen an item we have not got yet
      this.link.reopen();
    } else if (reply.status === "finished") {
      this.link.reopen();
    } else if (reply.status !== status) {
      this.showWhereWeAre();
    } else if (this.waiting && this.waiting.event_id === fact.event_id) {
      this.settle(true);
    } else {
      this.refresh();
    }
  }

  /** @param {Fact | null} fact @param {number} status @param {import("./types").Refused | null} refusal */
  onRefused(fact, status, refusal) {
    const text = (refusal && refusal.text) || this.t("refused");
    const mine = Boolean(fact && this.waiting && this.waiting.event_id === fact.event_id);
    if (mine) this.waiting = null;
    this.tellNetwork();
    if (!fact) {
      this.plain(plainScreen(this.t("open_failed"), text), [button(this.t("try_again"), () => this.tryOpening(), { main: true })]);
    } else if (status === 403 || status === 404) {
      this.frame.notice(text);
      this.mustShow = true; // the reply to the next `open` says where we truly are
    } else if (mine && this.view) {
      this.frame.say(text, "ask");
      this.openItem();
    } else {
      const n = this.opened ? this.opened.items.findIndex(({ id }) => id === fact.item) + 1 : 0;
      const item = this.opened && this.opened.items[n - 1];
      const goTo = item && this.opened && this.opened.form.allow_back ? button(this.t("question", { n }), () => this.goTo(item.id)) : null;
      this.frame.notice(n ? this.t("refused_item", { n, text }) : text, goTo);
      this.refresh();
    }
  }

  /** @param {import("./link").Trouble | null} trouble */
  onTrouble(trouble) {
    const before = this.trouble;
    this.trouble = trouble;
    if (!this.opened) {
      const cached = parsed(this.session.get(this.cacheKey));
      if (trouble && cached && cached.attempt) {
        this.keep(cached);
        this.frame.setTitle(cached.form.title);
        this.showWhereWeAre();
        this.mustShow = false; // once we are through, the person stays where they are by then
      } else if (trouble) {
        this.plain(
          plainScreen(this.t("open_failed"), this.t(trouble === "network" ? "open_failed_network" : "open_failed_store")),
          [button(this.t("try_again"), () => this.tryOpening(), { main: true })],
        );
      }
    } else if (trouble && this.waiting) {
      this.settle(false);
    } else if (!trouble && before && this.screen !== "result") {
      this.frame.say(this.t("back_online"), "done");
    }
    this.tellNetwork();
  }

  onNoSession() {
    const { joinHref } = this.channel;
    const link = joinHref ? h("a", { class: "bd-button bd-main", href: joinHref }, this.t("join")) : null;
    this.waiting = null;
    if (this.opened) this.frame.notice(this.t("no_session"), link);
    else this.plain(plainScreen(this.t("no_session_title"), this.t("no_session")), [link]);
    if (this.view) this.openItem();
  }

  /** Another view of the same widget got this reply. @param {any} message */
  onOverheard(message) {
    if (!message || !this.opened || message.attempt !== this.opened.attempt) return;
    if (message.type === "finished" || message.status !== this.opened.status) this.link.reopen();
    else if (message.type === "saved") {
      this.keep(afterSaved(this.opened, message));
      if (!this.waiting) this.refresh();
    }
  }

  // ── screens ─────────────────────────────────────────────────────────────────────────────────────

  showWhereWeAre() {
    const { known } = this;
    this.mustShow = false;
    this.waiting = null;
    clearTimeout(this.timer);
    if (known.status === "finished") this.showResult();
    else if (known.status === "paused") this.showPaused();
    else if (this.link.follow(known.attempt).facts().some(({ type }) => type === "finish")) this.showHandingIn();
    else if (known.current) this.showItem(known.current);
    else this.showEnd();
  }

  /** @param {Node[]} body @param {(Node | null)[]} [actions] @param {"other" | "end" | "result"} [screen] */
  plain(body, actions = [], screen = "other") {
    this.screen = screen;
    this.view = null;
    this.watch.run(null);
    this.frame.say("");
    this.frame.show({ body, actions });
    if (this.acted) this.frame.focusStart();
  }

  /** @param {string} id */
  showItem(id) {
    const { known, t } = this;
    const n = known.items.findIndex((one) => one.id === id) + 1;
    const item = known.items[n - 1];
    if (!item) return;
    this.screen = "item";
    const state = stateOf(known, id);
    const view = new ItemView(item, state, {
      t,
      media: this.media,
      onChange: (say) => this.frame.say(say),
      onSubmit: () => (state.open ? this.answer() : undefined),
    });
    this.view = view;
    this.frame.say("");
    this.frame.show({ body: [view.element], place: { n, total: known.items.length }, lines: () => view.lines() });
    this.rest();
    if (this.acted) this.frame.focusStart();
  }

  /** The item lies still: shut after feedback or when nothing more is taken, else open. */
  rest() {
    const { view } = this;
    if (!view) return;
    const state = stateOf(this.known, view.item.id);
    const over = Boolean(state.feedback) || !state.open;
    view.lock(over);
    this.watch.run(over ? null : view.item.id);
    this.frame.setActions(over ? this.actionsAfter(state) : this.actionsBefore(state));
  }

  /** The item takes an answer (again). */
  openItem() {
    const { view } = this;
    if (!view) return;
    view.clearSaid();
    view.lock(false);
    this.watch.run(view.item.id);
    this.frame.setActions(this.actionsBefore(stateOf(this.known, view.item.id)));
  }

  /** @param {import("./types").ItemState} state @returns {(Node | null)[]} */
  actionsBefore(state) {
    const { t, view } = this;
    const item = view && view.item;
    if (!item || !view) return [];
    const help = button(t(state.asked_help ? "help_called" : "ask_help"), () => this.askHelp(), { drawing: "hand" });
    if (state.asked_help) help.setAttribute("aria-disabled", "true");
    return [
      view.mounted ? button(t("answer"), () => this.answer(), { main: true }) : null,
      h("div", { class: "bd-others" },
        item.has_hint && !state.hint ? button(t("hint"), () => this.askHint(), { drawing: "hint" }) : null,
        help,
        state.status === "answered" ? button(t("next"), () => this.goOn(), { drawing: "next" }) : button(t("skip"), () => this.skip(), { drawing: "skip" }),
        this.backButton(),
      ),
    ];
  }

  /** @param {import("./types").ItemState} state @returns {(Node | null)[]} */
  actionsAfter(state) {
    const { t } = this;
    const next = nextAfter(this.known, this.view ? this.view.item.id : "") ? t("next") : t("to_end");
    if (!(state.feedback && state.feedback.retry && state.open)) {
      return [button(next, () => this.goOn(), { main: true }), h("div", { class: "bd-others" }, this.backButton())];
    }
    return [
      button(t("retry"), () => this.retry(), { main: true }),
      h("div", { class: "bd-others" }, button(next, () => this.goOn(), { drawing: "next" }), this.backButton()),
    ];
  }

  backButton() {
    const { opened, view } = this;
    if (!opened || !opened.form.allow_back || !view) return null;
    const before = opened.items[opened.items.indexOf(view.item) - 1] || opened.items[opened.items.findIndex(({ id }) => id === view.item.id) - 1];
    return before ? button(this.t("back"), () => this.goTo(before.id), { drawing: "back" }) : null;
  }

  showEnd() {
    const { known, t } = this;
    const last = known.items[known.items.length - 1];
    this.plain(
      endScreen(known, t, (item) => this.goTo(item)),
      [
        button(t(known.form.mode === "practice" ? "see_result" : "hand_in"), () => this.finish(), { main: true }),
        known.form.allow_back && last ? h("div", { class: "bd-others" }, button(t("back"), () => this.goTo(last.id), { drawing: "back" })) : null,
      ],
      "end",
    );
  }

  showHandingIn() {
    const { t } = this;
    const late = this.trouble !== null;
    this.plain(plainScreen(t(late ? "kept_finish_title" : "handing_in"), late ? t("kept_finish") : ""));
  }

  showPaused() {
    const { t } = this;
    this.plain(plainScreen(t("paused_title"), t("paused")), [button(t("resume"), () => this.send({ type: "resume" }), { main: true })]);
    this.timer = window.setTimeout(() => this.link.reopen(), LOOK_AGAIN_MS);
  }

  showResult() {
    const { opened, t } = this;
    if (!opened) return;
    const body = opened.result ? resultScreen(opened.result, t) : plainScreen(t("finished_title"), t("finished"));
    this.plain(body, [button(t("again"), () => this.startAgain(), { drawing: "redo" })], "result");
  }

  /** What changed on the server comes to the screen that is already there. */
  refresh() {
    const { view } = this;
    if (this.screen === "end" && !this.waiting) {
      const { activeElement } = document;
      if (!activeElement || !this.frame.body.contains(activeElement)) fill(this.frame.body, ...endScreen(this.known, this.t, (item) => this.goTo(item)));
      return;
    }
    if (this.screen !== "item" || !view || this.waiting) return;
    const state = stateOf(this.known, view.item.id);
    const had = plainText(view.after);
    const editing = this.watch.item === view.item.id;
    if (editing && state.feedback && !state.pending) {
      view.update({ ...state, feedback: null }); // they are trying again already: what was said before stays away
      this.frame.setActions(this.actionsBefore(state));
      return;
    }
    view.update(state);
    this.rest();
    if (plainText(view.after) !== had && view.after.firstChild) view.focusSaid();
  }

  // ── what the person does ────────────────────────────────────────────────────────────────────────

  /** @param {Partial<Fact> & { type: Fact["type"] }} what @param {{ fleeting?: boolean, wait?: boolean }} [how] */
  send(what, { fleeting = false, wait = false } = {}) {
    if (!this.opened) return;
    /** @type {Fact} */
    const fact = { v: 1, attempt: this.opened.attempt, event_id: uuid7(), ...what };
    if (wait) this.waiting = fact;
    this.link.send(fact, { fleeting });
    this.tellNetwork();
    if (wait && this.trouble) this.settle(false); // no need to wait for a network that we know is away
  }

  answer() {
    const { view, frame, t } = this;
    if (!view || !view.mounted || this.waiting) return;
    const state = stateOf(this.known, view.item.id);
    const response = view.mounted.read();
    if (!response) {
      frame.say(view.mounted.missing(), "ask");
      view.mounted.focus();
      return;
    }
    if (state.status === "answered" && sameResponse(response, state.response)) {
      if (this.known.form.mode === "assessment") this.goOn();
      else frame.say(t("same_answer"), "ask");
      return;
    }
    frame.reader.stop();
    frame.say(t("saving"));
    view.lock(true);
    this.send({
      type: "answer", item: view.item.id, version: view.item.version, response,
      help: view.helped.checked ? "teacher" : "none", elapsed_ms: this.watch.take(view.item.id),
    }, { wait: true });
    this.watch.run(null);
  }

  /** The awaited answer is saved, or at least safe in this browser: the person goes on. @param {boolean} saved */
  settle(saved) {
    const { waiting, frame, t, view } = this;
    this.waiting = null;
    if (!waiting) return;
    if (waiting.type === "finish") {
      this.showHandingIn();
      return;
    }
    const { known } = this;
    const n = known.items.findIndex(({ id }) => id === waiting.item) + 1;
    const said = saved ? t("saved_item", { n }) : t("kept_item", { n });
    const practice = known.form.mode === "practice" && waiting.type === "answer";
    if (practice && view && view.item.id === waiting.item) {
      view.update(stateOf(known, view.item.id));
      this.rest();
      frame.say(saved ? t("saved") : t("kept"), "done");
      view.focusSaid();
    } else {
      this.showNextAfter(waiting.item || "");
      frame.say(said, "done");
    }
  }

  retry() {
    this.frame.say("");
    this.openItem();
    if (this.view && this.view.mounted) this.view.mounted.focus();
  }

  goOn() {
    if (this.view && !this.waiting) this.showNextAfter(this.view.item.id);
  }

  /** @param {string} from */
  showNextAfter(from) {
    const next = nextAfter(this.known, from);
    if (next) this.goTo(next);
    else this.showEnd();
  }

  /** @param {string} id */
  goTo(id) {
    if (this.waiting) return;
    const { known } = this;
    if (known.current !== id && known.form.allow_back) this.send({ type: "go", item: id });
    this.showItem(id);
  }

  skip() {
    const { view } = this;
    if (!view || this.waiting) return;
    if (stateOf(this.known, view.item.id).status !== "skipped") this.send({ type: "skip", item: view.item.id });
    this.showNextAfter(view.item.id);
  }

  askHint() {
    const { view, frame, t } = this;
    if (!view || this.waiting) return;
    if (this.trouble) frame.say(t("hint_unavailable"), "ask");
    else this.send({ type: "hint", item: view.item.id }, { fleeting: true });
  }

  askHelp() {
    const { view, frame, t } = this;
    if (!view || this.waiting) return;
    if (!stateOf(this.known, view.item.id).asked_help) this.send({ type: "ask_help", item: view.item.id });
    this.frame.setActions(this.actionsBefore(stateOf(this.known, view.item.id)));
    frame.say(t(this.trouble ? "help_later" : "help_coming"), "done");
  }

  finish() {
    if (this.waiting) return;
    this.showHandingIn();
    this.send({ type: "finish" }, { wait: true });
  }

  startAgain() {
    this.again = true;
    this.mustShow = true;
    this.plain(plainScreen(this.t("opening")));
    this.link.reopen();
  }

  tryOpening() {
    this.plain(plainScreen(this.t("opening")));
    this.link.knock();
    if (this.trouble) this.trouble = null;
  }

  /** The line under the card: whether something waits, and why. */
  tellNetwork() {
    const { frame, link, t, trouble } = this;
    const waits = Boolean(link.queue && link.queue.first());
    if (!this.opened || (!trouble && !waits)) frame.setNetwork("");
    else if (waits && link.queue && !link.queue.durable && trouble) frame.setNetwork(t("kept_in_memory"));
    else if (trouble) frame.setNetwork(t(trouble === "network" ? "offline" : "store_unavailable"));
    else frame.setNetwork("");
  }
}
