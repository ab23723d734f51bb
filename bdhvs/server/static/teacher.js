// Refreshes the part of the teacher's page that changes. A plain poll: the page also works without it.
const live = document.querySelector("[data-live]");
const EVERY_MS = 3000;
let asking = false; // a large class takes longer to count than the pause between two questions

async function refresh() {
  if (document.hidden || asking) return;
  asking = true;
  try {
    show(await ask());
  } finally {
    asking = false;
  }
}

async function ask() {
  const response = await fetch(live.dataset.live, { credentials: "same-origin" });
  return response.ok ? response.text() : null;
}

/** @param {string | null} html */
function show(html) {
  if (html === null || html === live.dataset.shown) return;
  live.dataset.shown = html;
  const focused = document.activeElement?.closest?.("[aria-labelledby]")?.getAttribute("aria-labelledby");
  live.innerHTML = html; // our own template, escaped on the server
  if (focused) live.querySelector(`[aria-labelledby="${focused}"][tabindex]`)?.focus();
}

setInterval(() => refresh().catch(() => undefined), EVERY_MS); // the next tick tries again
document.addEventListener("visibilitychange", () => refresh().catch(() => undefined));
