/**
 * The channel of a notebook's widget: `{"request": n, "message": …}` over the comm, answered as
 * `{"reply": n, "status": …, "message": …}`.
 *
 * Two views of one widget share the comm and hear each other's replies. Request numbers begin at a random place, so a view
 * knows its own; what another view learned is passed on to `overhear`.
 */

const TIMEOUT_MS = 10_000;
const NUMBERS = 2 ** 40;

/**
 * @param {{ send(content: object): void, on(event: string, callback: Function): void, off(event: string, callback: Function): void }} model
 * @returns {import("./types").Channel & { close(): void }}
 */
export function commChannel(model) {
  let number = Math.floor(Math.random() * NUMBERS);
  /** @type {Map<number, (answer: import("./types").Answer) => void>} */
  const asked = new Map();
  /** @type {Set<(message: any) => void>} */
  const listeners = new Set();

  /** @param {any} content */
  const onMessage = (content) => {
    if (!content || typeof content.reply !== "number") return;
    const settle = asked.get(content.reply);
    if (settle) {
      asked.delete(content.reply);
      settle({ status: Number(content.status), message: content.message });
    } else {
      for (const listener of listeners) listener(content.message);
    }
  };
  model.on("msg:custom", onMessage);

  /** @param {number} request */
  const settleNow = (request) => {
    const settle = asked.get(request);
    asked.delete(request);
    if (settle) settle({ status: 0, message: null });
  };

  return {
    send(message) {
      number += 1;
      const mine = number;
      return new Promise((resolve) => {
        const timer = setTimeout(() => settleNow(mine), TIMEOUT_MS); // the kernel is busy, restarting or gone
        asked.set(mine, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        try {
          model.send({ request: mine, message });
        } catch {
          settleNow(mine); // the comm is closed: the kernel was shut down
        }
      });
    },
    overhear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      model.off("msg:custom", onMessage);
      listeners.clear();
    },
  };
}
