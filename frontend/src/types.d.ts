/** Shapes of the quiz protocol, version 1 (docs/protocol.md), and of the parts of the front end that meet. */

export type Response = Record<string, any>;
/** "noted": what somebody said of themselves, which is not judged. */
export type Verdict = "right" | "partly" | "almost" | "wrong" | "noted" | "none";
export type Help = "none" | "hint" | "teacher";

export interface Part { id: string; html: string }

export interface ShownItem {
  id: string;
  version: number;
  kind: string;
  stem: string;
  body: Record<string, any>;
  picture: { file: string; alt: string } | null;
  has_hint: boolean;
}

export interface Feedback {
  verdict: Verdict;
  html: string[];
  solution: string | null;
  explanation: string | null;
  retry: boolean;
}

export interface ItemState {
  status: "new" | "answered" | "skipped";
  open: boolean;
  tries_left: number;
  response: Response | null;
  help: Help;
  asked_help: boolean;
  hint: string | null;
  feedback: Feedback | null;
  /** The teacher took it out: it does not count. */
  neutralised?: true;
  /** How sure the learner was of the last answer, 1 to 4. */
  confidence?: number;
  /** What another phone of this learner did here and did not hand in; only in the reply to `open`. */
  so_far?: { actions: any[] };
  /** Ours: an answer to this item is still on its way to the server. */
  pending?: boolean;
}

export interface Form {
  id: string;
  version: number;
  title: string;
  about: string;
  mode: "practice" | "assessment";
  allow_back: boolean;
  tries: number;
  minutes: number | null;
  limit_minutes: number | null;
  /** Items come one by one, at most so many. */
  at_most?: number;
  /** After choosing, the page asks how sure one is. */
  ask_confidence?: true;
}

export interface DomainResult {
  code: string; name: string; alone: number; helped: number; total: number;
  sentence: string; band: string | null; band_sentence: string | null;
}
export interface CompetenceResult { code: string; name: string; alone: number; helped: number; total: number; sentence: string }
export interface Reviewed {
  item: string; stem: string; yours: string | null; feedback: Feedback | null;
  outcome: "answered" | "skipped" | "not_reached" | "cut_off" | "neutralised";
}
export interface Result {
  title: string; summary: string; notice: string;
  /** How bands come about, or why none is named. */
  bands: string;
  domains: DomainResult[]; competences: CompetenceResult[];
  next: { title: string; href: string }[];
  review: Reviewed[];
}

export type AttemptStatus = "started" | "paused" | "finished";

/** A form that the class takes together: the item on all screens and its place, and all that were opened. */
export interface Led { item: string; n: number; total: number; held: boolean; opened: string[] }

/** The pace of the class; `rev` grows with each change. */
export interface Pace { v: 1; rev: number; gate: "waiting" | "begun" | "ended"; forms: Record<string, Led>; revealed: string[] }

export interface Opened {
  v: 1; type: "opened"; attempt: string; status: AttemptStatus; form: Form;
  items: ShownItem[]; states: Record<string, ItemState>; current: string | null; result: Result | null;
  /** Missing in what was cached before there was a pace. */
  pace?: Pace | null;
  /** Until the time is over; null without a limit and at the end. */
  time_left_ms: number | null;
  /** Ours: when this was kept, by this device's clock. */
  kept_at?: number;
}
export interface Saved {
  v: 1; type: "saved"; event_id: string; attempt: string;
  item: string | null; state: ItemState | null; current: string | null; status: AttemptStatus;
  time_left_ms?: number;
  /** The item on the screen now, where items come one by one. */
  next?: { item: ShownItem; state: ItemState };
}
export interface Finished { v: 1; type: "finished"; event_id: string; attempt: string; result: Result }
export interface Refused { v: 1; type: "refused"; code: string; text: string }

/** A fact on its way to the server. */
export interface Fact {
  v: 1;
  type: "answer" | "skip" | "go" | "hint" | "ask_help" | "pause" | "resume" | "finish";
  attempt: string;
  event_id: string;
  item?: string;
  version?: number;
  response?: Response;
  deeper?: boolean;
  help?: "none" | "teacher";
  confidence?: number;
  elapsed_ms?: number;
}

/** What came back. Status 0: nothing did (no network, too slow, or not our server). */
export interface Answer { status: number; message: any; retryAfterMs?: number }

export interface Channel {
  send(message: object): Promise<Answer>;
  /** Hears replies that another view of the same widget asked for; gives back how to stop. */
  overhear?(listener: (message: any) => void): () => void;
  /** Hears the pace of the class at each change; gives back how to stop. None in a notebook. */
  hearPace?(listener: (pace: Pace) => void): () => void;
  /** Where a learner without a session goes to join; none in a notebook. */
  joinHref?: string;
  close?(): void;
}

/** Gives the text of a key, with `{n}` and the like filled in. */
export type Texts = (key: string, values?: Record<string, string | number>) => string;

/** What an item kind gives back when it is mounted; see kinds/README.md. */
export interface Mounted {
  read(): Response | null;
  missing(): string;
  focus(): void;
  lock(locked: boolean): void;
  spoken(): string[];
  /** Asks about the person and not for a task: nothing is right or wrong. */
  aboutOneself?: true;
  /** The words on the main button, where "answer" does not fit. */
  submit?: string;
  /** Another try begins after feedback. */
  again?(): void;
  /** Where hints follow what is done: what is asked about. */
  hint?(): { response: Response; deeper: boolean };
}
/** Actions done and not yet handed in; they outlive a reload, and a change of phones. Null: none were ever done. */
export interface Draft { get(): any[] | null; set(actions: any[]): void }
export type Mount = (
  fieldset: HTMLFieldSetElement, item: ShownItem, response: Response | null,
  onChange: (say?: string) => void, t: Texts, more: { draft: Draft; media: (file: string) => string },
) => Mounted;
