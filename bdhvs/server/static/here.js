// Tells the class that a learner's page is open, for as long as it is: the teacher sees who lost the connection.
// Nothing else depends on it; a browser without EventSource is known by the messages it sends.
let stream = null;

function open() {
  if (!stream && typeof EventSource === "function") stream = new EventSource("/api/o-day");
}

function close() {
  stream?.close(); // a page put aside by the browser could not come back with an open stream
  stream = null;
}

if (document.readyState === "complete") open();
else addEventListener("load", open); // the lesson first
addEventListener("pageshow", (event) => event.persisted && open());
addEventListener("pagehide", close);
