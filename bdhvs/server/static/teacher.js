// Refreshes the part of the teacher's page that changes. A plain poll: the page also works without it.
const live = document.querySelector("[data-live]");
const EVERY_MS = 3000;

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(live.dataset.live, { credentials: "same-origin" });
  if (!response.ok) return;
  const html = await response.text();
  if (html === live.dataset.shown) return;
  live.dataset.shown = html;
  const focused = document.activeElement?.closest?.("[aria-labelledby]")?.getAttribute("aria-labelledby");
  live.innerHTML = html; // our own template, escaped on the server
  if (focused) live.querySelector(`[aria-labelledby="${focused}"][tabindex]`)?.focus();
}

setInterval(() => refresh().catch(() => undefined), EVERY_MS); // the next tick tries again
document.addEventListener("visibilitychange", () => refresh().catch(() => undefined));
