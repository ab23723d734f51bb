// The teacher's page: mounts the live board over the table the server drew, and refreshes the results below it. Without
// this script the page shows both as they were when it was loaded.
// Modules come by the addresses in the page: a static file's address holds its digest, which no import can name.
const place = document.querySelector("[data-board]");
const live = document.querySelector("[data-live]");
const EVERY_MS = 15_000;
let asking = false; // a large class takes longer to count than the pause between two questions

async function mount() {
  const { module, feed, stream, poll } = place.dataset;
  const [{ mountBoard }, { httpFeed }] = await Promise.all([import(module), import(feed)]);
  const strings = JSON.parse(document.getElementById("bdhvs-board-strings").textContent);
  mountBoard(place, { feed: httpFeed({ stream, poll }), strings });
}

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

mount();
setInterval(() => refresh().catch(() => undefined), EVERY_MS); // the next tick tries again
document.addEventListener("visibilitychange", () => refresh().catch(() => undefined));
