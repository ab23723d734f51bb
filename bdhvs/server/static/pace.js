// Spares the teacher the reload: buttons of the pace act in place, counts follow the board. Without this script the same
// forms work with a page load each.
const place = document.querySelector("[data-pace]");
let asking = 0; // answers may overtake one another: only the last one asked for is shown

place.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form));
  if (submitter?.name) fields.set(submitter.name, submitter.value);
  fields.set("part", "1");
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  show({ method: "POST", body: fields }, submitter?.value).catch(() => form.submit()); // then the browser says what is wrong
});

// The board tells of each change (board.js): new counts are put in, anything else is fetched.
addEventListener("bdhvs:board", ({ detail: view }) => {
  if (!view.pace) return;
  const section = place.querySelector("[data-rev]");
  if (String(view.pace.rev) !== section?.dataset.rev) show({}).catch(() => undefined); // the next view tries again
  else count(view.pace.led);
});

function count(led) {
  const answered = place.querySelector("[data-answered]");
  if (!led || !answered) return;
  const text = answered.dataset.template.replace(/\{(\w+)\}/g, (all, name) => String(led[name] ?? all));
  if (answered.textContent !== text) answered.textContent = text;
}

async function show(request, pressed = "") {
  asking += 1;
  const mine = asking;
  const response = await fetch(place.dataset.pace, { credentials: "same-origin", cache: "no-store", ...request });
  if (!response.ok) throw new Error(String(response.status));
  const html = await response.text();
  if (mine !== asking) return;
  const focused = pressed || document.activeElement?.closest?.("[data-pace] button")?.value || "";
  const before = place.querySelector("details");
  place.innerHTML = html; // our own template, escaped on the server
  const fold = place.querySelector("details");
  if (before && fold && before.dataset.kind === fold.dataset.kind) fold.open = before.open;
  if (focused) (place.querySelector(`button[value="${focused}"]`) || place.querySelector("h2")).focus();
}
