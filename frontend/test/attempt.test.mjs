import assert from "node:assert/strict";
import { test } from "node:test";
import { afterSaved, foreseen, nextAfter, sameResponse, stateOf } from "../src/attempt.js";

const opened = (mode, allow_back = true) => ({
  form: { mode, allow_back, tries: 2 }, items: ["a", "b", "c"].map((id) => ({ id })), states: {}, current: "a",
});
const answer = (item) => ({ type: "answer", item, response: { choice: "1" }, help: "none" });

test("the next item is the next one not dealt with, from the start again after the last", () => {
  const then = foreseen(opened("assessment"), [answer("b")]);
  assert.equal(nextAfter(then, "a"), "c");
  assert.equal(nextAfter(then, "c"), "a");
  assert.equal(nextAfter(foreseen(then, [answer("a"), { type: "skip", item: "c" }]), "c"), null);
});

test("an answer on its way is shown, and in practice waits for its marks", () => {
  const practice = stateOf(foreseen(opened("practice"), [answer("a")]), "a");
  assert.deepEqual([practice.status, practice.pending, practice.open], ["answered", true, false]);
  const assessment = stateOf(foreseen(opened("assessment"), [answer("a")]), "a");
  assert.deepEqual([assessment.pending, assessment.open], [true, true]);
  assert.equal(stateOf(foreseen(opened("assessment", false), [answer("a")]), "a").open, false);
});

test("facts of items that are not in the form change nothing", () => {
  assert.deepEqual(foreseen(opened("practice"), [answer("x"), { type: "finish" }]), opened("practice"));
});

test("two responses are the same whatever the order of their fields", () => {
  assert.ok(sameResponse({ pairs: { 1: "a", 2: "b" } }, { pairs: { 2: "b", 1: "a" } }));
  assert.ok(!sameResponse({ order: ["1", "2"] }, { order: ["2", "1"] }));
  assert.ok(!sameResponse({ choice: "1" }, null));
});

test("where items come one by one, a reply brings the next one, once", () => {
  const one = { ...opened("assessment", false), items: [{ id: "a" }], form: { mode: "assessment", allow_back: false, tries: 1, at_most: 16 } };
  const waiting = foreseen(one, [answer("a")]);
  assert.equal(waiting.current, null);
  const state = { status: "new", open: true };
  const saved = { item: "a", state: { status: "answered" }, current: "b", status: "started", next: { item: { id: "b" }, state } };
  const then = afterSaved(afterSaved(one, saved), saved); // sent again: the first reply was lost
  assert.deepEqual(then.items.map(({ id }) => id), ["a", "b"]);
  assert.equal(nextAfter(then, "a"), "b");
  assert.deepEqual(stateOf(then, "b"), state);
  assert.equal(afterSaved(then, { ...saved, item: "b", current: null, next: undefined }).items.length, 2);
});
