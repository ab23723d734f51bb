/**
 * The host on the class server's pages: finds the mount points and gives each its quiz.
 *
 * A mount point is `<div data-bdhvs-embed='{"kind": "quiz", "form": "…"}'></div>`; texts lie in the JSON of
 * `#bdhvs-strings`; `[data-bdhvs-settings]` is where the page wants letter size and colours; `<html lang data-api data-media>` says the rest. `data-who` may carry an opaque mark of the
 * learner, so that on a shared phone one learner's cached form is never shown to the next.
 */
import { httpChannel } from "./channel_http.js";
import { Quiz } from "./quiz.js";
import { dress } from "./settings.js";
import { settingsBar } from "./settings_bar.js";
import { parsed } from "./storage.js";
import { texts } from "./texts.js";

function mountAll() {
  const page = document.documentElement;
  const json = document.getElementById("bdhvs-strings");
  const strings = parsed(json && json.textContent) || {};
  const { api = "/api/quiz", media = "/media/", who = "" } = page.dataset;
  dress(page); // the rest of the page follows the same settings
  const bar = document.querySelector("[data-bdhvs-settings]");
  if (bar instanceof HTMLElement) {
    dress(bar);
    bar.append(settingsBar(texts(strings)).element);
  }
  for (const place of document.querySelectorAll("[data-bdhvs-embed]")) {
    if (!(place instanceof HTMLElement) || place.dataset.bdhvsMounted) continue;
    const embed = parsed(place.dataset.bdhvsEmbed || null);
    if (!embed || embed.kind !== "quiz" || !embed.form) continue; // another host's
    place.dataset.bdhvsMounted = "true";
    new Quiz(place, {
      form: embed.form, lang: page.lang, media, who, strings, channel: httpChannel(api), bar: !bar,
    });
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
