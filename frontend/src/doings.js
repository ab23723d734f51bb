/** What the person does on a screen, turned into facts for the queue and into the next screen. */
import { Stage } from "./stage.js";
import { plainScreen } from "./view_end.js";

/** @typedef {import("./types").Fact} Fact */

export class Doings {
  /**
   * @param {import("./frame").Frame} frame
   * @param {import("./session").Session} session
   * @param {{ t: import("./types").Texts, media: string, watch: import("./stopwatch").Stopwatch, onSent: () => void }} options
   */
  constructor(frame, session, { t, media, watch, onSent }) {
    this.frame = frame;
    this.session = session;
    this.t = t;
    this.watch = watch;
    this.onSent = onSent;
    this.stage = new Stage(frame, session, this, { t, media, watch });
    /** The fact whose outcome the screen waits for. @type {Fact | null} */
    this.waiting = null;
  }

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
    if (view.isAnswered(state)) {
      if (session.led) this.stage.rest();
      else if (session.known.form.mode === "assessment") this.goOn();
      else frame.say(t("same_answer"), "ask");
      return;
    }
    frame.reader.stop();
    frame.say(t("saving"));
    view.lock(true);
    const elapsed = this.watch.take(id);
    this.watch.run(null);
    this.await({ type: "answer", item: id, version, response, help: view.helped.checked ? "teacher" : "none", ...view.sure(), elapsed_ms: elapsed });
  }

  /** Sends a fact whose outcome decides the next screen. @param {Partial<Fact> & { type: Fact["type"] }} what */
  await(what) {
    this.waiting = this.session.send(what);
    if (this.session.trouble) this.settle(false); // no need to wait for a network that we know is away
    this.onSent();
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
    if (session.led) {
      if (view && view.item.id === item) {
        view.update(session.state(item));
        stage.rest();
        frame.say(t(saved ? "saved" : "kept"), "done");
      }
    } else if (session.known.form.mode === "practice" && view && view.item.id === item) {
      view.update(session.state(item));
      stage.rest();
      frame.say(t(saved ? "saved" : "kept"), "done");
      view.focusSaid();
    } else {
      this.showNextAfter(item);
      if (waiting.type !== "skip" && stage.screen !== "awaiting") frame.say(t(saved ? "saved_item" : "kept_item", { n: session.placeOf(item) }), "done");
    }
  }

  retry() {
    this.frame.say("");
    const { view } = this.stage;
    if (view && view.mounted && view.mounted.again) view.mounted.again();
    this.stage.openItem();
    if (view && view.mounted) view.mounted.focus();
  }

  /** While the class goes together: another answer in place of the one that is saved. */
  change() {
    this.frame.say("");
    this.stage.openItem();
    const { view } = this.stage;
    if (view && view.mounted) view.mounted.focus();
  }

  /** Tells the server once that the item which the teacher opened is on this screen: at the end it was reached. */
  lookAtLed() {
    const { led, known } = this.session;
    if (led && !led.held && known.current !== led.item && this.session.state(led.item).status === "new") {
      this.session.send({ type: "go", item: led.item });
    }
  }

  goOn() {
    const { view } = this.stage;
    if (view && !this.waiting) this.showNextAfter(view.item.id);
  }

  /** @param {string} from */
  showNextAfter(from) {
    const next = this.session.nextAfter(from);
    if (next) this.goTo(next);
    else this.stage.showRest();
  }

  /** @param {string} id */
  goTo(id) {
    if (this.waiting) return;
    const { known } = this.session;
    if (known.current !== id && known.form.allow_back) this.session.send({ type: "go", item: id });
    this.stage.showItem(id);
    this.onSent();
  }

  skip() {
    const { view } = this.stage;
    if (!view || this.waiting) return;
    const { id } = view.item;
    if (this.session.known.form.at_most && this.session.state(id).status === "new") {
      view.lock(true);
      this.frame.setActions([]);
      this.await({ type: "skip", item: id }); // what comes next is the server's to say
      return;
    }
    if (this.session.state(id).status !== "skipped") this.session.send({ type: "skip", item: id });
    this.showNextAfter(id);
    this.onSent();
  }

  askHint() {
    const { view } = this.stage;
    if (!view || this.waiting) return;
    if (this.session.trouble) this.frame.say(this.t("hint_unavailable"), "ask");
    else this.session.send({ type: "hint", item: view.item.id, ...view.askHint() }, { fleeting: true });
  }

  askHelp() {
    const { stage, session, frame, t } = this;
    if (!stage.view || this.waiting) return;
    const { id } = stage.view.item;
    if (!session.state(id).asked_help) session.send({ type: "ask_help", item: id });
    frame.setActions(stage.actionsBefore(session.state(id)));
    frame.say(t(session.trouble ? "help_later" : "help_coming"), "done");
    this.onSent();
  }

  finish() {
    if (this.waiting) return;
    this.stage.showHandingIn();
    this.await({ type: "finish" });
  }

  /** Keeps what is chosen on the screen but was not yet pressed, if it is a whole answer and a new one. */
  keepChosen() {
    const { session, watch } = this;
    const { view } = this.stage;
    const response = view && view.mounted ? view.mounted.read() : null;
    if (!view || !response || this.waiting) return;
    const { id, version } = view.item;
    const state = session.state(id);
    if (!state.open || view.isAnswered(state)) return;
    const help = view.helped.checked ? "teacher" : "none";
    session.send({ type: "answer", item: id, version, response, help, ...view.sure(), elapsed_ms: watch.take(id) });
  }

  /** The time is over: what is chosen counts, and the quiz is handed in. */
  timeOver() {
    this.keepChosen();
    this.stage.showHandingIn();
    this.await({ type: "finish" });
  }

  resume() {
    this.session.send({ type: "resume" });
  }

  /** A new attempt at the same form. */
  again() {
    this.session.again = true;
    this.stage.show(plainScreen(this.t("opening")));
    this.session.link.forgetTrouble();
    this.session.link.reopen();
  }
}
