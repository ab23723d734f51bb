/**
 * The board's feed over HTTP: server-sent events, and plain polling where those do not come through.
 *
 * @param {{ stream: string, poll: string }} addresses
 * @returns {import("./board.js").Feed}
 */
export function httpFeed({ stream, poll }) {
  return {
    watch(looking, shown, state) {
      const query = `?${new URLSearchParams(asked(looking))}`;
      let ended = false;
      let timer = 0;
      let source = null;

      async function ask() {
        let refused = false;
        try {
          const response = await fetch(poll + query, { credentials: "same-origin", cache: "no-store" });
          refused = response.status === 403;
          if (ended) return;
          if (response.ok) {
            shown(await response.json());
            state("live");
          } else state(refused ? "refused" : "lost");
        } catch {
          if (!ended) state("lost");
        }
        if (!ended && !refused) timer = setTimeout(ask, POLL_MS);
      }
      function listen() {
        source = new EventSource(stream + query);
        source.addEventListener("board", (event) => {
          shown(JSON.parse(event.data));
          state("live");
        });
        source.addEventListener("error", () => {
          if (source.readyState === EventSource.CLOSED) ask(); // refused, or something between us that knows no streams
          else state("lost"); // the browser tries again by itself
        });
      }
      if (typeof EventSource === "function") listen();
      else ask();
      return () => {
        ended = true;
        clearTimeout(timer);
        source?.close();
      };
    },
  };
}

const POLL_MS = 2_000;

function asked(looking) {
  const query = {};
  for (const [name, value] of Object.entries(looking)) {
    if (typeof value === "boolean") query[name] = value ? "1" : "0";
    else if (value) query[name] = value;
  }
  return query;
}
