/** Which screen is shown, and what can be done on it. What is done there is decided in doings.js. */
import { sameResponse } from "./attempt.js";
import { fill, h } from "./dom.js";
import { button } from "./frame.js";
import { endScreen, plainScreen } from "./view_end.js";
import { ItemView } from "./view_item.js";
import { resultScreen } from "./view_result.js";

export class Stage {
  /**
   * @param {import("./frame").Frame} frame
   * @param {import("./session").Session} session
   * @param {import("./doings").Doings} doings what its buttons do
   * @param {{ t: import("./types").Texts, media: string, watch: import("./stopwatch").Stopwatch }} options
   */
  constructor(frame, session, doings, { t, media, watch }) {
    this.frame = frame;
    this.session = session;
    this.doings = doings;
    this.t = t;
    this.media = media;
    this.watch = watch;
    /** @type {ItemView | null} */
    this.view = null;
    /** @type {"item" | "awaiting" | "end" | "result" | "paused" | "other"} */
    this.screen = "other";
    this.acted = false; // nobody's focus is taken before the person has done something here
    for (const event of ["click", "keydown"]) frame.root.addEventListener(event, () => (this.acted = true), true); // before the button itself acts
  }

  /** The screen that fits the state of the attempt. */
  showWhereWeAre() {
    const { known, isHandedIn, led, pace } = this.session;
    if (known.status === "finished") this.showResult();
    else if (pace.gate === "waiting") this.show(plainScreen(this.t("lobby_title"), this.t("lobby")));
    else if (known.status === "paused") this.showPaused();
    else if (isHandedIn) this.showHandingIn();
    else if (led) this.showLed(led.item);
    else if (known.current) this.showItem(known.current);
    else this.showRest();
  }

  /** The item that the teacher has put on all screens. @param {string} item */
  showLed(item) {
    if (this.session.placeOf(item)) {
      this.showItem(item);
      this.doings.lookAtLed();
    } else this.show(plainScreen(this.t("led_title"), this.t("led_absent")));
  }

  /** The class has moved: the screen goes along. What the person has put in stays as long as its item does. */
  followPace() {
    const { session, view, screen } = this;
    const { led, pace } = session;
    if (session.known.status === "finished" && screen === "result") {
      this.tellPace();
      return;
    }
    const stays = screen === "item" && view && (!led || led.item === view.item.id) && pace.gate !== "waiting";
    if (!stays || session.known.status !== "started") {
      if (led || screen !== "end") this.showWhereWeAre(); // from the last screen nobody is thrown back when the class is freed
      return;
    }
    const state = session.state(view.item.id);
    if (!state.open || state.status === "answered" || state.feedback) this.refresh();
    else if (view.locked && !this.doings.waiting) this.openItem();
    if (led) this.doings.lookAtLed();
    this.tellPace();
  }

  /** The line above the card, with the way to the others when they are at another quiz. */
  tellPace() {
    const { session, frame, t } = this;
    const { joinHref } = session.channel;
    if (session.pace.gate === "begun" && session.isElsewhere && joinHref) {
      frame.setPace(t("led_elsewhere"), h("a", { class: "bd-button bd-small", href: joinHref }, t("led_join")));
    } else frame.setPace(this.paceLine());
  }

  paceLine() {
    const { session, view, t } = this;
    const { led } = session;
    if (session.pace.gate === "ended") return this.screen === "result" ? t("class_over") : "";
    if (!led || this.screen !== "item" || !view) return "";
    const stand = session.stand(view.item.id);
    if (stand === "revealed" || stand === "held") return t(`led_${stand}`);
    const state = session.state(view.item.id);
    if (state.status !== "answered") return t("led_open");
    return t(state.pending ? "kept" : "led_answered"); // "in" only when it is durable
  }

  /** @param {Node[]} body @param {(Node | null)[]} [actions] @param {Stage["screen"]} [screen] */
  show(body, actions = [], screen = "other") {
    this.screen = screen;
    this.view = null;
    this.watch.run(null);
    this.frame.say("");
    this.frame.setTitle(screen === "result" ? "" : this.formTitle); // the result has a title of its own
    this.frame.show({ body, actions });
    this.tellPace();
    if (this.acted) this.frame.focusStart();
  }

  get formTitle() {
    const { opened } = this.session;
    return opened ? opened.form.title : "";
  }

  /** @param {string} id */
  showItem(id) {
    const { session, t, media } = this;
    const n = session.placeOf(id);
    const item = session.known.items[n - 1];
    if (!item) return;
    const view = new ItemView(item, session.state(id), {
      t,
      media,
      askConfidence: Boolean(session.known.form.ask_confidence),
      draft: session.draft(id),
      onChange: (say) => this.frame.say(say),
      onSubmit: () => this.doings.answer(),
    });
    this.screen = "item";
    this.view = view;
    this.frame.say("");
    this.frame.setTitle(this.formTitle);
    this.frame.show({ body: [view.element], place: session.place(id), lines: () => view.lines() });
    this.rest();
    const { at_most: most } = session.known.form;
    if (most && n === 1) this.frame.say(t("at_most", { n: most }));
    if (this.acted) this.frame.focusStart();
  }

  /** No item is left here: the last one is done, or the next one is still to come from the server. */
  showRest() {
    if (this.session.awaitsNext) this.showAwaiting();
    else this.showEnd();
  }

  showAwaiting() {
    const { t, session } = this;
    this.show(plainScreen(t("kept_title"), t("awaiting")), [button(t("try_again"), () => session.link.knock(), { main: true })], "awaiting");
  }

  /** The item lies still: shut after feedback or when nothing more is taken, else open. */
  rest() {
    const { view } = this;
    if (!view) return;
    const state = this.session.state(view.item.id);
    const { led } = this.session;
    const over = Boolean(state.feedback) || !state.open || Boolean(led && state.status === "answered");
    view.lock(over);
    this.watch.run(over ? null : view.item.id);
    this.frame.setActions(over ? (led ? this.actionsTogether(state) : this.actionsAfter(state)) : this.actionsBefore(state));
    this.tellPace();
  }

  /** Nothing more can be done on this screen for now. @param {string} say */
  shut(say) {
    const { view, frame } = this;
    if (view) view.lock(true);
    this.watch.run(null);
    frame.setActions([]);
    frame.say(say);
  }

  /** The item takes an answer (again). */
  openItem() {
    const { view } = this;
    if (!view) return;
    view.clearSaid();
    view.lock(false);
    this.watch.run(view.item.id);
    this.frame.setActions(this.actionsBefore(this.session.state(view.item.id)));
    this.tellPace();
  }

  /** What has changed on the server comes to the screen that is already there; what the person has put in stays. */
  refresh() {
    const { view, frame, session } = this;
    if (this.screen === "awaiting" && !session.awaitsNext) this.showWhereWeAre(); // it has come
    if (this.screen === "end" && !frame.body.contains(document.activeElement)) fill(frame.body, ...this.endBody());
    if (this.screen !== "item" || !view) return;
    const state = session.state(view.item.id);
    if (this.watch.item === view.item.id && state.open) {
      view.update({ ...state, feedback: null }); // they are answering (again): what was said before stays away
      frame.setActions(this.actionsBefore(state));
      return;
    }
    if (view.mounted && state.response && !sameResponse(view.mounted.read(), state.response)) {
      this.showItem(view.item.id); // answered in another view of the same widget, or in another tab
      return;
    }
    const news = view.update(state);
    this.rest();
    if (news) view.focusSaid();
  }

  /** @param {import("./types").ItemState} state @returns {(Node | null)[]} */
  actionsBefore(state) {
    const { t, view, doings } = this;
    if (!view) return [];
    const { led } = this.session;
    const help = button(t(state.asked_help ? "help_called" : "ask_help"), () => doings.askHelp(), { drawing: "hand" });
    if (state.asked_help) help.setAttribute("aria-disabled", "true");
    return [
      view.mounted ? button(view.mounted.submit || t("answer"), () => doings.answer(), { main: true }) : null,
      h("div", { class: "bd-others" },
        view.item.has_hint && (!state.hint || view.hintsFollow) ? button(t("hint"), () => doings.askHint(), { drawing: "hint" }) : null,
        help,
        led ? null : state.status === "answered" ? button(t("next"), () => doings.goOn(), { drawing: "next" }) : button(t("skip"), () => doings.skip(), { drawing: "skip" }),
        led ? null : this.backButton(view.item.id),
      ),
    ];
  }

  /** While the class goes together and the item lies still: the teacher goes on, not the learner. @param {import("./types").ItemState} state @returns {(Node | null)[]} */
  actionsTogether(state) {
    if (!state.open || state.feedback) return [];
    return [button(this.t("led_change"), () => this.doings.change(), { drawing: "redo" })];
  }

  /** @param {import("./types").ItemState} state @returns {(Node | null)[]} */
  actionsAfter(state) {
    const { t, view, doings } = this;
    if (!view) return [];
    const next = t(this.session.nextAfter(view.item.id) ? "next" : "to_end");
    const retry = Boolean(state.feedback && state.feedback.retry && state.open);
    return [
      retry ? button(t("retry"), () => doings.retry(), { main: true }) : button(next, () => doings.goOn(), { main: true }),
      h("div", { class: "bd-others" },
        retry ? button(next, () => doings.goOn(), { drawing: "next" }) : null,
        this.backButton(view.item.id),
      ),
    ];
  }

  /** @param {string} item */
  backButton(item) {
    const { form, items } = this.session.known;
    const before = items[this.session.placeOf(item) - 2];
    return before && form.allow_back ? button(this.t("back"), () => this.doings.goTo(before.id), { drawing: "back" }) : null;
  }

  endBody() {
    return endScreen(this.session.known, this.t, (item) => this.doings.goTo(item));
  }

  showEnd() {
    const { t, doings } = this;
    const { form, items } = this.session.known;
    const last = items[items.length - 1];
    this.show(
      this.endBody(),
      [
        button(t(form.mode === "practice" ? "see_result" : "hand_in"), () => doings.finish(), { main: true }),
        form.allow_back && last ? h("div", { class: "bd-others" }, button(t("back"), () => doings.goTo(last.id), { drawing: "back" })) : null,
      ],
      "end",
    );
  }

  showHandingIn() {
    const { t } = this;
    if (this.session.trouble) this.show(plainScreen(t("kept_finish_title"), t("kept_finish")));
    else this.show(plainScreen(t("handing_in")));
  }

  showPaused() {
    const { t, doings } = this;
    this.show(plainScreen(t("paused_title"), t("paused")), [button(t("resume"), () => doings.resume(), { main: true })], "paused");
  }

  showResult() {
    const { t, doings } = this;
    const { result } = this.session.known;
    const body = result ? resultScreen(result, t, { isPlacement: Boolean(this.session.known.form.at_most) }) : plainScreen(t("finished_title"), t("finished"));
    this.show(body, this.session.pace.gate === "ended" ? [] : [button(t("again"), () => doings.again(), { drawing: "redo" })], "result");
  }
}
