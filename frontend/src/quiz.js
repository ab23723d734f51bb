/**
 * One quiz: puts the parts together and turns what the server says into screens; what the person does is in doings.js.
 *
 * The screen says "saved" only after the server did. When the network is away the person is told that the answer is kept
 * on the device, and goes on.
 */
import { afterSaved } from "./attempt.js";
import { Doings } from "./doings.js";
import { h } from "./dom.js";
import { button, Frame } from "./frame.js";
import { changesWhatIsSaid } from "./pace.js";
import { Session } from "./session.js";
import { Stopwatch } from "./stopwatch.js";
import { language, texts } from "./texts.js";
import { TimeLeft } from "./time_left.js";
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
    this.doings = new Doings(this.frame, this.session, { t: this.t, media, watch: this.watch, onSent: () => this.tellNetwork() });
    this.stage = this.doings.stage;
    this.mustShow = true; // the next `opened` decides the screen, instead of leaving it as it is
    this.timer = 0;
    this.overdue = false; // by this device's count the time is over, and the server is being asked
    this.time = new TimeLeft(this.frame.time, {
      t: this.t,
      say: (text) => this.frame.notice(text),
      over: () => this.onTimeOver(),
    });
    this.onBack = () => {
      const { opened } = this.session;
      // Time that this device slept through, more time, an attempt that was opened again: the server knows.
      if (!document.hidden && opened && (opened.time_left_ms !== null || opened.status === "finished")) this.session.link.reopen();
    };
    document.addEventListener("visibilitychange", this.onBack);
    this.stopOverhearing = channel.overhear ? channel.overhear((message) => this.onOverheard(message)) : () => {};
    this.stopHearingPace = channel.hearPace ? channel.hearPace((pace) => this.onPace(pace)) : () => {};
    this.stage.show(plainScreen(this.t("opening")));
    this.session.link.knock();
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onBack);
    this.time.close();
    this.stopOverhearing();
    this.stopHearingPace();
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
    const { again, pace } = session;
    session.again = false;
    session.keep(opened);
    const moved = session.pace !== pace;
    if (moved) session.link.sendPostponed();
    this.time.set(opened.time_left_ms);
    if (this.overdue && opened.time_left_ms === 0) {
      this.overdue = false;
      this.doings.timeOver();
    } else if (this.mustShow || again || !same || stage.screen === "other") this.showWhereWeAre();
    else if (moved) stage.followPace();
    else if (!this.doings.waiting) stage.refresh();
    if (opened.time_left_ms !== 0) this.overdue = false;
    if (stage.screen === "paused") this.lookAgainLater();
    this.tellNetwork();
  }

  /** The teacher has moved the class. @param {import("./types").Pace} pace */
  onPace(pace) {
    const { session, stage } = this;
    const before = session.pace;
    if (!session.takePace(pace)) return;
    session.link.sendPostponed();
    const { opened } = session;
    if (!opened || before.gate !== pace.gate) this.mustShow = true;
    if (!opened || (before.gate !== pace.gate && pace.gate !== "waiting")) session.link.reopen();
    else if (changesWhatIsSaid(before, pace, session.form)) session.link.reopen();
    if (!opened || pace.gate === "ended") return;
    if (opened.status !== "started") {
      stage.tellPace();
      return;
    }
    if (this.doings.waiting) this.frame.say("");
    this.doings.waiting = null; // its reply still comes, and the line above the card tells of it
    stage.followPace();
  }

  /** By this device's count the time is over. The server has the last word: the teacher may have given more. */
  onTimeOver() {
    const { session, stage, t } = this;
    if (!session.opened || this.overdue || session.isHandedIn || session.known.status === "finished") return;
    this.overdue = true;
    stage.shut(t("time_asking"));
    if (session.trouble) this.keepTillBack();
    session.link.reopen();
  }

  /** Without a network: what is chosen is kept like any other answer, and handed in when the network is back. */
  keepTillBack() {
    const { t, stage } = this;
    this.doings.keepChosen();
    this.doings.waiting = null;
    stage.show(plainScreen(t("time_over"), t("time_over_kept")));
  }

  /** @param {Fact} fact @param {any} reply */
  onReplied(fact, reply) {
    const { session, stage } = this;
    const { opened } = session;
    if (!opened || opened.attempt !== fact.attempt) return;
    const mine = Boolean(this.doings.waiting && this.doings.waiting.event_id === fact.event_id);
    if (reply.type === "finished") {
      session.keep({ ...opened, status: "finished", result: reply.result, time_left_ms: null });
      this.time.set(null);
      this.showWhereWeAre();
    } else {
      const then = afterSaved(opened, reply);
      session.keep(then);
      if (!this.overdue) this.time.set(then.time_left_ms);
      if (reply.status === "finished" || (reply.current && !session.placeOf(reply.current))) {
        this.mustShow = true; // the result, or the item an adaptive form has chosen, is not here yet
        session.link.reopen();
      } else if (reply.status !== opened.status) this.showWhereWeAre();
      else if (mine) this.doings.settle(true);
      else if (!this.doings.waiting) stage.refresh();
    }
    this.tellNetwork();
  }

  /** @param {Fact | null} fact @param {number} status @param {import("./types").Refused | null} refusal */
  onRefused(fact, status, refusal) {
    const { t, frame, session, stage } = this;
    const text = (refusal && refusal.text) || t("refused");
    const mine = Boolean(fact && this.doings.waiting && this.doings.waiting.event_id === fact.event_id);
    if (mine) this.doings.waiting = null;
    this.tellNetwork();
    if (!fact) {
      this.showClosedDoor(text);
    } else if (refusal && refusal.code === "time_over") {
      const n = session.placeOf(fact.item);
      if (fact.type === "answer") frame.notice(n ? t("refused_item", { n, text }) : text);
      this.mustShow = true;
    } else if (status === 403 || status === 404) {
      const n = session.placeOf(fact.item);
      const code = refusal ? refusal.code : "";
      if (code === "not_open" && fact.type === "answer") frame.notice(t("refused_item", { n, text: t("led_kept") }));
      else if (fact.type === "answer" && n) frame.notice(t("refused_item", { n, text }));
      else if (fact.type !== "go") frame.notice(text); // a look that came too late is nobody's concern
      this.mustShow = mine || stage.screen !== "item"; // the reply to the next `open` says where we truly are
    } else if (mine && stage.view) {
      stage.openItem();
      frame.say(text, "ask");
      if (stage.view.mounted) stage.view.mounted.focus();
    } else {
      const n = session.placeOf(fact.item);
      const canGo = n && session.opened && session.opened.form.allow_back;
      frame.notice(n ? t("refused_item", { n, text }) : text, canGo ? button(t("question", { n }), () => this.doings.goTo(fact.item || "")) : null);
      if (!this.doings.waiting) stage.refresh();
    }
  }

  onTrouble() {
    const { t, session, stage, frame } = this;
    const { trouble } = session;
    if (!session.opened) {
      const cached = trouble && session.recall();
      if (cached) {
        this.time.set(cached.time_left_ms);
      }
      if (cached && this.overdue) {
        this.keepTillBack();
      } else if (cached) {
        this.showWhereWeAre(); // and once we are through, the person stays where they are by then
      } else if (trouble) {
        this.showClosedDoor(t(trouble === "network" ? "open_failed_network" : "open_failed_store"));
      }
    } else if (trouble && this.overdue) {
      this.keepTillBack();
    } else if (trouble && session.again) {
      session.again = false;
      this.showWhereWeAre();
      frame.say(t(trouble === "network" ? "open_failed_network" : "open_failed_store"), "ask");
    } else if (trouble && this.doings.waiting) {
      this.doings.settle(false);
    } else if (!trouble && stage.screen !== "result") {
      frame.say(t("back_online"), "done");
    }
    this.tellNetwork();
  }

  onNoSession() {
    const { t, session, frame, stage } = this;
    const { joinHref } = this.channel;
    const link = joinHref ? h("a", { class: "bd-button bd-main", href: joinHref }, t("join")) : null;
    this.doings.waiting = null;
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
      if (!this.doings.waiting) this.stage.refresh();
    }
  }

  showWhereWeAre() {
    this.mustShow = false;
    this.doings.waiting = null;
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
    else if (session.awaitsNext) frame.setNetwork(""); // the card says what is waited for; there is nothing to go on with
    else frame.setNetwork(t(trouble === "network" ? "offline" : "store_unavailable"));
  }
}
