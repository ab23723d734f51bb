import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, MOST_ACTIONS, play, typedValue, withAction } from "../src/simulation/machine.js";

const body = {
  frame: "phone",
  variables: { v1: 0 },
  screens: [
    { id: "1", title: "", elements: [{ kind: "field", id: "1", sets: "v1", digits: true }, { kind: "button", id: "2", do: [{ when: ["at_least", "v1", 5], go: "2" }, { say: "…" }] }] },
    { id: "2", title: "", back: "1", elements: [] },
  ],
};

test("what stands in a field is one action, however it was typed", () => {
  let actions = [];
  for (const text of ["5", "50", "500"]) actions = withAction(actions, ["type", "1", text]);
  assert.deepEqual(actions, [["type", "1", "500"]]);
  assert.deepEqual(withAction([...actions, ["tap", "2"]], ["type", "1", "7"]).length, 3);
});

test("the state after a reload is that before it", () => {
  assert.deepEqual(play(body, [["type", "1", "4"], ["tap", "2"]]), { screen: "1", values: { v1: 4 } });
  assert.deepEqual(play(body, [["type", "1", "5"], ["tap", "2"]]), { screen: "2", values: { v1: 5 } });
  assert.equal(play(body, [["type", "1", "5"], ["tap", "2"], ["back"]]).screen, "1");
});

test("an amount is its digits, a text its letters composed", () => {
  assert.equal(typedValue("50.000 đ", true), 50000);
  assert.equal(typedValue("", true), 0);
  assert.equal(typedValue(" a\u0301 ", false), "á");
});

test("no more is kept than a message holds", () => {
  assert.equal(fits(Array(MOST_ACTIONS).fill(["tap", "99"])), true);
  assert.equal(fits(Array(MOST_ACTIONS + 1).fill(["tap", "99"])), false);
  assert.equal(fits(Array(60).fill(["type", "99", "ữ".repeat(100)])), false);
});
