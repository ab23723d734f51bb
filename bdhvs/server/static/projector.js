// Keeps the projector's page up to date: the counts, and the item the class takes together. The feed is asked for without
// names. The item comes as a part of the page, made on the server, which knows what may be shown.
const counts = document.querySelector("[data-counts]");
const wall = document.querySelector("[data-wall]");
const RETRY_MS = 2_000;
let shown = ""; // the pace of the item that is on the wall
let asking = 0;

async function watch() {
  const { feed, stream, poll } = counts.dataset;
  const { httpFeed } = await import(feed);
  const looking = { form: "", item: "", marks: false, key: false, names: false };
  httpFeed({ stream, poll }).watch(looking, ({ view }) => show(view), () => undefined);
}

function show(view) {
  for (const place of counts.querySelectorAll("[data-count]")) {
    const text = String(view.counts[place.dataset.count]);
    if (place.textContent !== text) place.textContent = text;
  }
  // With the answers so far: an answer that is changed moves the bars but no count of ours.
  const pace = JSON.stringify([view.pace, view.pace?.led?.shown ? view.columns : null]);
  if (pace !== shown) ask(pace);
}

async function ask(pace) {
  shown = pace;
  asking += 1;
  const mine = asking;
  try {
    const response = await fetch(wall.dataset.wall, { credentials: "same-origin", cache: "no-store" });
    const html = response.ok ? await response.text() : null;
    if (mine === asking && html !== null) wall.innerHTML = html; // our own template, escaped on the server
    if (html !== null) return;
  } catch {
    // as when it was refused
  }
  setTimeout(() => mine === asking && ask(pace), RETRY_MS);
}

watch();
