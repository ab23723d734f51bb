/** What a page is shown on, coarsely: a finger or a mouse, and how wide. Never the browser's name, nothing that tells one phone from another. */

const PHONE_BELOW_PX = 600; // shorter side of the screen in CSS pixels: phones have 320 to 480, the smallest tablets 600

/** @returns {"phone" | "tablet" | "computer"} */
export function device() {
  const narrow = Math.min(screen.width, screen.height) < PHONE_BELOW_PX;
  const touched = matchMedia("(pointer: coarse)").matches || (narrow && matchMedia("(any-pointer: coarse)").matches);
  if (!touched) return "computer"; // a laptop whose screen can be touched, too
  return narrow ? "phone" : "tablet";
}
