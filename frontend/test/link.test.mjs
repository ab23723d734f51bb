import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeStorage } from "./fake_storage.mjs";

globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.addEventListener = () => {};
globalThis.removeEventListener = () => {};
const { Link, pauseMs } = await import("../src/link.js");
const { safeStorage } = await import("../src/storage.js");

const OPENED = { status: 200, message: { v: 1, type: "opened", attempt: "a" } };
const saved = (message) => ({ status: 200, message: { v: 1, type: "saved", event_id: message.event_id } });
const refused = (status) => ({ status, message: { v: 1, type: "refused", code: "x", text: "no" } });
const fact = (id) => ({ v: 1, type: "answer", attempt: "a", event_id: id, item: id });

/** A link to a server that answers by `reply(message, how often it was asked)`. */
function linked(reply) {
  const sent = [];
  const heard = [];
  const storage = new FakeStorage();
  const channel = {
    async send(message) {
      sent.push(message.type === "open" ? "open" : message.event_id);
      return message.type === "open" && !reply.open ? OPENED : (reply.open && message.type === "open" ? reply.open() : reply(message, sent.length));
    },
  };
  const note = (what) => (one) => heard.push(one && one.event_id ? `${what} ${one.event_id}` : what);
  const link = new Link(channel, safeStorage(() => storage), () => ({ type: "open" }), {
    opened: note("opened"), replied: note("saved"), refused: note("refused"), unavailable: note("unavailable"),
    trouble: (trouble) => heard.push(`trouble ${trouble}`), noSession: note("no session"),
  });
  return { link, sent, heard };
}
const idle = async (link) => {
  for (let i = 0; i < 400 && link.running; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
};

test("it opens first, then sends one fact after the other", async () => {
  const { link, sent, heard } = linked(saved);
  link.send(fact("1"));
  link.send(fact("2"));
  await idle(link);
  assert.deepEqual(sent, ["open", "1", "2"]);
  assert.deepEqual(heard, ["opened", "saved 1", "saved 2"]);
});

test("what fails is sent again before anything after it", async () => {
  const failures = new Set(["1"]);
  const { link, sent, heard } = linked((message) => (failures.delete(message.event_id) ? { status: 0, message: null } : saved(message)));
  link.send(fact("1"));
  link.send(fact("2"));
  await idle(link);
  assert.deepEqual(sent, ["open", "1", "1", "2"]);
  assert.deepEqual(heard, ["opened", "trouble network", "trouble null", "saved 1", "saved 2"]);
});

test("403 drops the fact and opens again before the next", async () => {
  const { link, sent, heard } = linked((message) => (message.event_id === "1" ? refused(403) : saved(message)));
  link.send(fact("1"));
  link.send(fact("2"));
  await idle(link);
  assert.deepEqual(sent, ["open", "1", "open", "2"]);
  assert.deepEqual(heard, ["opened", "refused 1", "opened", "saved 2"]);
});

test("422 drops only that fact", async () => {
  const { link, sent } = linked((message) => (message.event_id === "1" ? refused(422) : saved(message)));
  link.send(fact("1"));
  link.send(fact("2"));
  await idle(link);
  assert.deepEqual(sent, ["open", "1", "2"]);
  assert.equal(link.queue.first(), null);
});

test("401 stops and keeps the queue; a knock tries to open again", async () => {
  let known = false;
  const { link, sent, heard } = linked((message) => (known ? saved(message) : refused(401)));
  link.send(fact("1"));
  await idle(link);
  assert.equal(link.queue.first().event_id, "1");
  known = true;
  link.knock();
  await idle(link);
  assert.deepEqual(sent, ["open", "1", "open", "1"]);
  assert.deepEqual(heard, ["opened", "no session", "opened", "saved 1"]);
});

test("pauses grow to 15 s and are never the same for all", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 9].map((n) => pauseMs(n, 0.5)), [1000, 2000, 4000, 8000, 15000, 15000]);
  assert.deepEqual([pauseMs(1, 0), pauseMs(1, 1)], [750, 1250]);
});

test("an answer to what the teacher has not opened stays in the queue, behind nobody, until the class moves", async () => {
  let open = false;
  const notOpen = { status: 403, message: { v: 1, type: "refused", code: "not_open", text: "wait" } };
  const { link, sent, heard } = linked((message) => (message.event_id === "1" && !open ? notOpen : saved(message)));
  link.send(fact("1"));
  link.send(fact("2"));
  await idle(link);
  assert.deepEqual(sent, ["open", "1", "open", "2"]);
  assert.deepEqual(heard, ["opened", "refused 1", "opened", "saved 2"]);
  assert.equal(link.queue.first().event_id, "1", "kept over a reload");
  open = true;
  link.sendPostponed();
  await idle(link);
  assert.deepEqual(sent.slice(4), ["1"]);
  assert.equal(link.queue.first(), null);
});

test("an answer that came after the reveal is told of and kept aside", async () => {
  const revealed = { status: 403, message: { v: 1, type: "refused", code: "revealed", text: "too late" } };
  const { link, heard } = linked(() => revealed);
  link.send(fact("1"));
  await idle(link);
  assert.deepEqual(heard, ["opened", "refused 1", "opened"]);
  assert.equal(link.queue.first(), null);
  assert.equal(link.storage.keys("bdhvs.aside.a.").length, 1);
});
