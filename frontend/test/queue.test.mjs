import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../src/queue.js";
import { safeStorage } from "../src/storage.js";
import { uuid7 } from "../src/uuid7.js";
import { FakeStorage } from "./fake_storage.mjs";

const fact = (item, attempt = "a") => ({ v: 1, type: "answer", attempt, event_id: uuid7(), item });
const kept = (area) => safeStorage(() => area);
const items = (queue) => queue.facts().map((one) => one.item);

test("facts come out in the order they went in, also after a reload", () => {
  const area = new FakeStorage();
  const queue = new Queue("a", kept(area));
  for (const item of ["one", "two", "three"]) queue.add(fact(item));
  assert.deepEqual(items(queue), ["one", "two", "three"]);
  assert.deepEqual(items(new Queue("a", kept(area))), ["one", "two", "three"]);
});

test("twelve facts keep their order: places are not sorted as words", () => {
  const queue = new Queue("a", kept(new FakeStorage()));
  const all = Array.from({ length: 12 }, (_, i) => `item ${i}`);
  all.forEach((item) => queue.add(fact(item)));
  assert.deepEqual(items(queue), all);
});

test("a fact that was removed does not come back", () => {
  const area = new FakeStorage();
  const queue = new Queue("a", kept(area));
  queue.add(fact("one"));
  queue.add(fact("two"));
  queue.remove(queue.first().event_id);
  queue.add(fact("three"));
  assert.deepEqual(items(queue), ["two", "three"]);
  assert.deepEqual(items(new Queue("a", kept(area))), ["two", "three"]);
});

test("two tabs add to one queue without losing each other's facts", () => {
  const area = new FakeStorage();
  const [one, two] = [new Queue("a", kept(area)), new Queue("a", kept(area))];
  one.add(fact("from one"));
  two.add(fact("from two"));
  one.add(fact("from one again"));
  assert.deepEqual(items(two), ["from one", "from two", "from one again"]);
  two.remove(two.first().event_id);
  assert.deepEqual(items(new Queue("a", kept(area))), ["from two", "from one again"]);
});

test("a fact that another tab has sent stays until this tab has the reply itself", () => {
  const area = new FakeStorage();
  const [one, two] = [new Queue("a", kept(area)), new Queue("a", kept(area))];
  one.add(fact("mine"));
  two.remove(two.first().event_id);
  assert.deepEqual(items(one), ["mine"]);
});

test("attempts do not see each other's facts", () => {
  const area = new FakeStorage();
  new Queue("a", kept(area)).add(fact("of a", "a"));
  assert.equal(new Queue("b", kept(area)).first(), null);
});

test("a full storage keeps the rest in memory, in order, and says so", () => {
  const queue = new Queue("a", kept(new FakeStorage(1)));
  queue.add(fact("one"));
  assert.equal(queue.durable, true);
  queue.add(fact("two"));
  assert.equal(queue.durable, false);
  assert.deepEqual(items(queue), ["one", "two"]);
});

test("a storage that throws at every touch is as good as none", () => {
  const queue = new Queue("a", safeStorage(() => {
    throw new Error("SecurityError");
  }));
  queue.add(fact("one"));
  assert.deepEqual(items(queue), ["one"]);
  assert.equal(queue.durable, false);
});

test("a broken entry is passed over", () => {
  const area = new FakeStorage();
  area.setItem("bdhvs.queue.a.000000001.x", "{half");
  const queue = new Queue("a", kept(area));
  queue.add(fact("one"));
  assert.deepEqual(items(queue), ["one"]);
});

test("what the server cannot read is set aside, not lost", () => {
  const area = new FakeStorage();
  const queue = new Queue("a", kept(area));
  queue.add(fact("odd"));
  const odd = queue.first();
  queue.setAside(odd);
  assert.equal(queue.first(), null);
  assert.deepEqual(JSON.parse(area.getItem(`bdhvs.aside.a.${odd.event_id}`)), odd);
});

test("a fleeting fact is withdrawn when there is no network, and others stay", () => {
  const queue = new Queue("a", kept(new FakeStorage()));
  queue.add(fact("kept"));
  queue.add(fact("hint"), { fleeting: true });
  assert.deepEqual(queue.withdrawFleeting().map((one) => one.item), ["hint"]);
  assert.deepEqual(items(queue), ["kept"]);
});
