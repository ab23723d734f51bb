/**
 * localStorage and sessionStorage that never throw: they may be missing, full, or forbidden (private windows, frames,
 * old web views). What could not be kept is answered with false, and the caller decides.
 */

/** @param {() => Storage} area a function, because merely touching `window.localStorage` may throw */
export function safeStorage(area) {
  /**
   * @template T
   * @param {(storage: Storage) => T} act
   * @param {T} otherwise
   * @returns {T}
   */
  const attempt = (act, otherwise) => {
    try {
      return act(area());
    } catch {
      return otherwise; // the reasons differ by browser (SecurityError, QuotaExceededError, null); the answer is the same
    }
  };
  return {
    /** @param {string} key @returns {string | null} */
    get: (key) => attempt((storage) => storage.getItem(key), null),
    /** Whether the value is really there now. @param {string} key @param {string} value @returns {boolean} */
    set: (key, value) =>
      attempt((storage) => {
        storage.setItem(key, value);
        return storage.getItem(key) === value;
      }, false),
    /** @param {string} key */
    remove: (key) => attempt((storage) => storage.removeItem(key), undefined),
    /** @param {string} prefix @returns {string[]} */
    keys: (prefix) =>
      attempt((storage) => {
        const found = [];
        for (let i = 0; i < storage.length; i += 1) {
          const key = storage.key(i);
          if (key && key.startsWith(prefix)) found.push(key);
        }
        return found.sort();
      }, /** @type {string[]} */ ([])),
  };
}

/** @typedef {ReturnType<typeof safeStorage>} SafeStorage */

/** @param {string | null} text @returns {any} the value, or null when there is none or it is broken */
export function parsed(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // half-written or foreign: as good as none
  }
}
