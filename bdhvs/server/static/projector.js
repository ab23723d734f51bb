// Keeps the counts of the projector's page up to date. The feed is asked for without names.
const counts = document.querySelector("[data-counts]");

async function watch() {
  const { feed, stream, poll } = counts.dataset;
  const { httpFeed } = await import(feed);
  const looking = { form: "", item: "", marks: false, key: false, names: false };
  httpFeed({ stream, poll }).watch(looking, ({ view }) => show(view.counts), () => undefined);
}

function show(numbers) {
  for (const place of counts.querySelectorAll("[data-count]")) {
    const text = String(numbers[place.dataset.count]);
    if (place.textContent !== text) place.textContent = text;
  }
}

watch();
