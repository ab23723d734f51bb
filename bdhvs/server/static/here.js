// Tells the class that a learner's page is open, for as long as it is: the teacher sees who lost the connection. And hears
// what the class says to all phones: its pace, which goes on to the quiz on this page as the event "bdhvs:pace".
// Where no stream comes through (no EventSource, or something between that keeps it back), the pace is asked for instead.
const STREAM = "/api/o-day";
const ASK = "/api/nhip";
const ASK_MS = 10_000;
const FOLLOWS = document.querySelector("[data-follow]"); // a page without a quiz: it is loaded anew when the class moves
let stream = null;
let timer = 0;

function open() {
  clearTimeout(timer);
  timer = setTimeout(ask, ASK_MS);
  if (stream || typeof EventSource !== "function") return;
  stream = new EventSource(STREAM);
  stream.addEventListener("pace", (event) => {
    clearTimeout(timer); // it comes through
    timer = 0;
    hear(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    if (!timer) timer = setTimeout(ask, ASK_MS); // until the stream is back; refused for good, it never is
  });
}

function close() {
  stream?.close(); // a page put aside by the browser could not come back with an open stream
  stream = null;
  clearTimeout(timer);
}

async function ask() {
  timer = setTimeout(ask, ASK_MS);
  try {
    const response = await fetch(ASK, { credentials: "same-origin", cache: "no-store" });
    if (response.ok) hear(await response.json());
  } catch {
    return; // no network: the next time will tell
  }
}

function hear(pace) {
  if (FOLLOWS && FOLLOWS.dataset.follow !== [pace.gate, ...Object.keys(pace.forms)].join(":")) {
    location.reload();
    return;
  }
  document.dispatchEvent(new CustomEvent("bdhvs:pace", { detail: pace }));
}

if (document.readyState === "complete") open();
else addEventListener("load", open); // the lesson first
addEventListener("pageshow", (event) => event.persisted && open());
addEventListener("pagehide", close);
