import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid7 } from "../src/uuid7.js";

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id has the shape of version 7", () => {
  for (let i = 0; i < 200; i += 1) assert.match(uuid7(), SHAPE);
});

test("the first 48 bits are the time in ms", () => {
  const later = Date.now() + 60_000;
  assert.equal(parseInt(uuid7(later).replace("-", "").slice(0, 12), 16), later);
});

test("ten thousand ids of one millisecond differ and sort as they were made", () => {
  const now = Date.now() + 120_000;
  const ids = Array.from({ length: 10_000 }, () => uuid7(now));
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual([...ids].sort(), ids);
});

test("a clock that steps back does not turn the order round", () => {
  const now = Date.now() + 240_000;
  const before = uuid7(now);
  assert.ok(uuid7(now - 100_000) > before);
});
