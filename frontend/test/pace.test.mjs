import assert from "node:assert/strict";
import { test } from "node:test";
import { nextAfter } from "../src/attempt.js";
import { ALONE, changesWhatIsSaid, stand } from "../src/pace.js";

const led = (item, more = {}) => ({ item, n: 1, total: 3, held: false, opened: [item], ...more });
const pace = (forms, revealed = []) => ({ v: 1, rev: 1, gate: "begun", forms, revealed });

test("everybody goes alone until the class is led, and only in the form that is", () => {
  assert.equal(stand(ALONE, "one", "a"), "free");
  assert.equal(stand(pace({ two: led("a") }), "one", "a"), "free");
});

test("an item is ahead, open, held, passed or revealed", () => {
  const now = pace({ one: led("b", { opened: ["a", "b", "z"] }) }, ["z"]);
  assert.deepEqual(["a", "b", "c", "z"].map((item) => stand(now, "one", item)), ["passed", "open", "ahead", "revealed"]);
  assert.equal(stand(pace({ one: led("b", { held: true }) }), "one", "b"), "held");
  assert.equal(stand(pace({}, ["z"]), "one", "z"), "revealed", "also when everybody goes alone again");
});

test("states are fetched anew when what may be said has changed, and only then", () => {
  assert.equal(changesWhatIsSaid(ALONE, pace({ one: led("a") }), "one"), true);
  assert.equal(changesWhatIsSaid(pace({ one: led("a") }), pace({ one: led("b") }), "one"), false);
  assert.equal(changesWhatIsSaid(pace({ one: led("a") }), pace({ one: led("a") }, ["a"]), "one"), true);
  assert.equal(changesWhatIsSaid(ALONE, pace({ two: led("a") }), "one"), false);
});

test("who goes on alone is not led round in circles by what nobody can answer any more", () => {
  const items = ["a", "b", "c"].map((id) => ({ id }));
  const states = Object.fromEntries(items.map(({ id }) => [id, { status: id === "c" ? "answered" : "new" }]));
  assert.equal(nextAfter({ items, states }, "c"), "a");
  assert.equal(nextAfter({ items, states }, "c", ["a"]), "b");
  assert.equal(nextAfter({ items, states }, "c", ["a", "b"]), null);
});
