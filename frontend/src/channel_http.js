/** The channel of the class server's pages: one POST a message; the cookie says who. */

const TIMEOUT_MS = 10_000;

/**
 * @param {string} api address of the quiz API
 * @returns {import("./types").Channel}
 */
export function httpChannel(api) {
  return {
    joinHref: "/",
    hearPace(listener) {
      const hear = (/** @type {Event} */ event) => listener(/** @type {CustomEvent} */ (event).detail);
      document.addEventListener("bdhvs:pace", hear); // from the page's stream: bdhvs/server/static/here.js
      return () => document.removeEventListener("bdhvs:pace", hear);
    },
    async send(message) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
      try {
        const response = await fetch(api, {
          method: "POST",
          credentials: "same-origin",
          cache: "no-store",
          headers: { "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify(message),
          signal: abort.signal,
        });
        const reply = await readReply(response);
        // 200 without our message: the sign-in page of a public Wi-Fi, say. The server has not spoken.
        if (!reply) return { status: response.status >= 400 ? response.status : 0, message: null };
        const seconds = Number(response.headers.get("Retry-After"));
        return { status: response.status, message: reply, retryAfterMs: seconds > 0 ? seconds * 1000 : undefined };
      } catch {
        return { status: 0, message: null }; // no network, refused connection, or ten seconds of silence
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** @param {globalThis.Response} response @returns {Promise<any>} */
async function readReply(response) {
  const text = await response.text();
  try {
    const message = JSON.parse(text);
    return message && message.v === 1 ? message : null;
  } catch {
    return null; // not JSON, so not our server
  }
}
