/**
 * UUIDs of version 7 (RFC 9562): 48 bits of time in ms, then chance. Ids made one after the other in this page sort
 * in that order, also within a millisecond and when the phone's clock steps back.
 *
 * crypto.getRandomValues only: crypto.randomUUID is missing on http pages.
 */

const SEQUENCE_SIZE = 0x1000; // the 12 bits after the version count ids within one millisecond

let lastMs = 0;
let sequence = 0;

/** @param {number} [nowMs] @returns {string} */
export function uuid7(nowMs = Date.now()) {
  const chance = crypto.getRandomValues(new Uint8Array(10));
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = (((chance[0] ?? 0) << 8) | (chance[1] ?? 0)) & 0x7ff; // begin in the lower half, so there is room to count
  } else {
    sequence += 1;
    if (sequence >= SEQUENCE_SIZE) {
      lastMs += 1;
      sequence = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const count = (0x7000 | sequence).toString(16);
  chance[2] = ((chance[2] ?? 0) & 0x3f) | 0x80; // the variant of RFC 9562
  const rest = Array.from(chance.subarray(2), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
