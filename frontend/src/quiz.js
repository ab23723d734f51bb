/**
 * One quiz: turns what the person does into facts for the queue, and what the server says into screens.
 *
 * The screen says "saved" only after the server did. When the network is away the person is told that the answer is kept
 * on the device, and goes on.
 */
import { afterSaved, sameResponse } from "./attempt.js";
import { h } from "./dom.js";
import { button, Frame } from "./frame.js";
import { Session } from "./session.js";
import { Stage } from "./stage.js";
import { Stopwatch } from "./stopwatch.js";
import { language, texts } from "./texts.js";
import { plainScreen } from "./view_end.js";

/** @typedef {import("./types").Fact} Fact */
/** @typedef {import("./types").Opened} Opened */
/** @typedef {{ form: string, lang: string, media: string, strings: Record<string, string>, channel: import("./types").Channel, who?: string, bar?: boolean }} Options */

const LOOK_AGAIN_MS = 12_000; // while paused: how often to ask whether it goes on

export class Quiz {
  /** @param {HTMLElement} root @param {Options} options */
  constructor(root, { form, lang, media, strings, channel, who = "", bar = true }) {
    const spoken = language(lang);
    this.t = texts(strings);
    this.channel = channel;
    this.frame = new Frame(root, { t: this.t, lang: spoken, bar });
    this.watch = new Stopwatch();
    this.session = new Session({
      form, lang: spoken, who, channel,
      ears: {
        opened: (opened) => this.onOpened(opened),
        replied: (fact, reply) => this.onReplied(fact, reply),
        refused: (fact, status, refusal) => this.onRefused(fact, status, refusal),
        unavailable: () => this.frame.say(this.t("hint_unavailable"), "ask"),
        trouble: () => this.onTrouble(),
        noSession: () => this.onNoSession(),
      },
    });
    this.stage = new Stage(this.frame, this.session, {
      answer: () => this.answer(),
      retry: () => this.retry(),
      goOn: () => this.goOn(),
      goTo: (item) => this.goTo(item),
      skip: () => this.skip(),
      askHint: () => this.askHint(),
      askHelp: () => this.askHelp(),
      finish: () => this.finish(),
      resume: () => void this.session.send({ type: "resume" }),
      again: () => this.startAgain(),
    }, { t: this.t, media, watch: this.watch });
    /** The fact whose outcome the screen waits for. @type {Fact | null} */
    this.waiting = null;
    this.mustShow = true; // the next `opened` decides the screen, instead of leaving it as it is
    this.timer = 0;
    this.stopOverhearing = channel.overhear ? channel.overhear((message) => this.onOverheard(message)) : () => {};
    this.stage.show(plainScreen(this.t("opening")));
    this.session.link.knock();
  }

  close() {
    clearTimeout(this.timer);
    this.stopOverhearing();
    this.session.close();
    this.watch.close();
    this.frame.close();
  }

  // ── what the server says ────────────────────────────────────────────────────────────────────────

  /** @param {Opened} opened */
  onOpened(opened) {
    const { session, stage } = this;
    const before = session.opened;
    const same = before !== null && before.attempt === opened.attempt && before.status === opened.status;
    session.again = false;
    session.keep(opened);
    this.frame.setTitle(opened.form.title);
    if (this.mustShow || !same || stage.screen === "other") this.showWhereWeAre();
    else if (!this.waiting) stage.refresh();
    if (stage.screen === "paused") this.lookAgainLater();
    this.tellNetwork();
  }

  /** @param {Fact} fact @param {any} reply */
  onReplied(fact, reply) {
    const { session, stage } = this;
    const { opened } = session;
    if (!opened || opened.attempt !== fact.attempt) return;
    const mine = Boolean(this.waiting && this.waiting.event_id === fact.event_id);
    if (reply.type === "finished") {
      session.keep({ ...opened, status: "finished", result: reply.result });
      this.showWhereWeAre();
    } else {
      session.keep(afterSaved(opened, reply));
      if (reply.status === "finished" || (reply.current && !session.placeOf(reply.current))) {
        this.mustShow = true; // the result, or the item an adaptive form has chosen, is not here yet
        session.link.reopen();
      } else if (reply.status !== opened.status) this.showWhereWeAre();
      else if (mine) this.settle(true);
      else if (!this.waiting) stage.refresh();
    }
    this.tellNetwork();
  }

  /** @param {Fact | null} fact @param {number} status @param {import("./types").Refused | null} refusal */
  onRefused(fact, status, refusal) {
    const { t, frame, session, stage } = this;
    const text = (refusal && refusal.text) || t("refused");
    const mine = Boolean(fact && this.waiting && this.waiting.event_id === fact.event_id);
    if (mine) this.waiting = null;
    this.tellNetwork();
    if (!fact) {
      this.showClosedDoor(text);
    } else if (status === 403 || status === 404) {
      frame.notice(text);
      this.mustShow = mine || stage.screen !== "item"; // the reply to the next `open` says where we truly are
    } else if (mine && stage.view) {
      stage.openItem();
      frame.say(text, "ask");
      if (stage.view.mounted) stage.view.mounted.focus();
    } else {
      const n = session.placeOf(fact.item);
      const canGo = n && session.opened && session.opened.form.allow_back;
      frame.notice(n ? t("refused_item", { n, text }) : text, canGo ? button(t("question", { n }), () => this.goTo(fact.item || "")) : null);
      if (!this.waiting) stage.refresh();
    }
  }

  onTrouble() {
    const { t, session, stage, frame } = this;
    const { trouble } = session;
    if (!session.opened) {
      const cached = trouble && session.recall();
      if (cached) {
        frame.setTitle(cached.form.title);
        this.showWhereWeAre(); // and once we are through, the person stays where they are by then
      } else if (trouble) {
        this.showClosedDoor(t(trouble === "network" ? "open_failed_network" : "open_failed_store"));
      }
    } else if (trouble && session.again) {
      session.again = false;
      this.showWhereWeAre();
      frame.say(t(trouble === "network" ? "open_failed_network" : "open_failed_store"), "ask");
    } else if (trouble && this.waiting) {
      this.settle(false);
    } else if (!trouble && stage.screen !== "result") {
      frame.say(t("back_online"), "done");
    }
    this.tellNetwork();
  }

  onNoSession() {
    const { t, session, frame, stage } = this;
    const { joinHref } = this.channel;
    const link = joinHref ? h("a", { class: "bd-button bd-main", href: joinHref }, t("join")) : null;
    this.waiting = null;
    if (!session.opened) {
      stage.show(plainScreen(t("no_session_title"), t("no_session")), [link]);
      return;
    }
    frame.say("");
    frame.notice(t("no_session"), link);
    stage.refresh();
  }

  /** Another view of the same widget got this reply. @param {any} message */
  onOverheard(message) {
    const { session } = this;
    if (!message || !session.opened || message.attempt !== session.opened.attempt) return;
    if (message.type === "finished" || message.status !== session.opened.status) {
      session.link.reopen();
    } else if (message.type === "saved") {
      session.keep(afterSaved(session.opened, message));
      if (!this.waiting) this.stage.refresh();
    }
  }

  showWhereWeAre() {
    this.mustShow = false;
    this.waiting = null;
    this.stage.showWhereWeAre();
    if (this.stage.screen === "paused") this.lookAgainLater();
  }

  /** The quiz could not be opened. @param {string} text */
  showClosedDoor(text) {
    const { t, stage, session } = this;
    const tryAgain = () => {
      stage.show(plainScreen(t("opening")));
      session.link.forgetTrouble();
      session.link.knock();
    };
    stage.show(plainScreen(t("open_failed"), text), [button(t("try_again"), tryAgain, { main: true })]);
  }

  lookAgainLater() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.session.link.reopen(), LOOK_AGAIN_MS);
  }

  /** The line under the card: whether something waits, and why. */
  tellNetwork() {
    const { frame, session, t } = this;
    const { trouble, opened } = session;
    if (!opened || !trouble) frame.setNetwork("");
    else if (session.inMemoryOnly) frame.setNetwork(t("kept_in_memory"));
    else frame.setNetwork(t(trouble === "network" ? "offline" : "store_unavailable"));
  }

  // ── what the person does ────────────────────────────────────────────────────────────────────────

  answer() {
    const { frame, t, session } = this;
    const { view } = this.stage;
    if (!view || !view.mounted || view.locked || this.waiting) return;
    const { id, version } = view.item;
    const state = session.state(id);
    const response = view.mounted.read();
    if (!response) {
      frame.say(view.mounted.missing(), "ask");
      view.mounted.focus();
      return;
    }
    if (state.status === "answered" && sameResponse(response, state.response)) {
      if (session.known.form.mode === "assessment") this.goOn();
      else frame.say(t("same_answer"), "ask");
      return;
    }
    frame.reader.stop();
    frame.say(t("saving"));
    view.lock(true);
    const elapsed = this.watch.take(id);
    this.watch.run(null);
    this.await({ type: "answer", item: id, version, response, help: view.helped.checked ? "teacher" : "none", elapsed_ms: elapsed });
  }

  /** Sends a fact whose outcome decides the next screen. @param {Partial<Fact> & { type: Fact["type"] }} what */
  await(what) {
    this.waiting = this.session.send(what);
    if (this.session.trouble) this.settle(false); // no need to wait for a network that we know is away
    this.tellNetwork();
  }

  /** The awaited fact is saved, or at least safe in this browser: the person goes on. @param {boolean} saved */
  settle(saved) {
    const { waiting, frame, t, session, stage } = this;
    this.waiting = null;
    if (!waiting) return;
    if (waiting.type === "finish") {
      stage.showHandingIn();
      return;
    }
    const item = waiting.item || "";
    const { view } = stage;
    if (session.known.form.mode === "practice" && view && view.item.id === item) {
      view.update(session.state(item));
      stage.rest();
      frame.say(t(saved ? "saved" : "kept"), "done");
      view.focusSaid();
    } else {
      this.showNextAfter(item);
      frame.say(t(saved ? "saved_item" : "kept_item", { n: session.placeOf(item) }), "done");
    }
  }

  retry() {
    this.frame.say("");
    this.stage.openItem();
    const { view } = this.stage;
    if (view && view.mounted) view.mounted.focus();
  }

  goOn() {
    const { view } = this.stage;
    if (view && !this.waiting) this.showNextAfter(view.item.id);
  }

  /** @param {string} from */
  showNextAfter(from) {
    const next = this.session.nextAfter(from);
    if (next) this.goTo(next);
    else this.stage.showEnd();
  }

  /** @param {string} id */
  goTo(id) {
    if (this.waiting) return;
    const { known } = this.session;
    if (known.current !== id && known.form.allow_back) this.session.send({ type: "go", item: id });
    this.stage.showItem(id);
    this.tellNetwork();
  }

  skip() {
    const { view } = this.stage;
    if (!view || this.waiting) return;
    const { id } = view.item;
    if (this.session.state(id).status !== "skipped") this.session.send({ type: "skip", item: id });
    this.showNextAfter(id);
    this.tellNetwork();
  }

  askHint() {
    const { view } = this.stage;
    if (!view || this.waiting) return;
    if (this.session.trouble) this.frame.say(this.t("hint_unavailable"), "ask");
    else this.session.send({ type: "hint", item: view.item.id }, { fleeting: true });
  }

  askHelp() {
    const { stage, session, frame, t } = this;
    if (!stage.view || this.waiting) return;
    const { id } = stage.view.item;
    if (!session.state(id).asked_help) session.send({ type: "ask_help", item: id });
    frame.setActions(stage.actionsBefore(session.state(id)));
    frame.say(t(session.trouble ? "help_later" : "help_coming"), "done");
    this.tellNetwork();
  }

  finish() {
    if (this.waiting) return;
    this.stage.showHandingIn();
    this.await({ type: "finish" });
  }

  startAgain() {
    this.session.again = true;
    this.mustShow = true;
    this.stage.show(plainScreen(this.t("opening")));
    this.session.link.forgetTrouble();
    this.session.link.reopen();
  }
}
