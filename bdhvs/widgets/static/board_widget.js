// The board's second home, a notebook: its feed comes over the comm. Stands behind board.js in one module
// (bdhvs/widgets/board.py) and uses its `mountBoard`. A shadow root keeps its style and the notebook's apart.

const STILL_HERE_MS = 15_000;
const KERNEL_SILENT_MS = 25_000; // the kernel says every 8 s that it is there

/** @returns {Feed} */
function commFeed(model) {
  return {
    watch(looking, shown, state) {
      const view = Math.floor(Math.random() * 2 ** 40); // several views share the comm
      let heardAt = Date.now();
      const say = (content) => {
        try {
          model.send(content);
        } catch {
          state("lost"); // the kernel was shut down
        }
      };
      const hear = (content) => {
        if (!content || content.view !== view) return;
        heardAt = Date.now();
        if (content.state) state(content.state);
        else state("live");
        if (content.shown) shown(content.shown);
      };
      const timer = setInterval(() => {
        if (Date.now() - heardAt > KERNEL_SILENT_MS) state("lost");
        say({ view, looking });
      }, STILL_HERE_MS);
      model.on("msg:custom", hear);
      say({ view, looking });
      return () => {
        clearInterval(timer);
        model.off("msg:custom", hear);
        say({ view });
      };
    },
  };
}

/** As the notebook around it, else as the device. */
function notebookIsDark() {
  const said = document.body.dataset.jpThemeLight;
  if (said) return said === "false";
  if (document.body.dataset.vscodeThemeKind) return document.body.dataset.vscodeThemeKind.endsWith("dark");
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Keeps keys from JupyterLab, which would move between cells by arrow keys and delete one at "d d". */
function keepKeysFrom(host) {
  host.dataset.lmSuppressShortcuts = "true";
  host.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
}

function renderBoard({ model, el }) {
  const host = h("div", { lang: model.get("lang") });
  const shadow = host.attachShadow({ mode: "open" });
  const place = h("div", {});
  const page = h("div", { class: "bdhvs-page board-page", "data-theme": notebookIsDark() ? "dark" : "light" }, place);
  if (matchMedia("(prefers-contrast: more)").matches) page.dataset.contrast = "more";
  shadow.append(h("style", {}, model.get("css")), page);
  el.append(host);
  keepKeysFrom(host);
  const end = mountBoard(place, { feed: commFeed(model), strings: model.get("strings") });
  return () => {
    end();
    host.remove();
  };
}

export default { render: renderBoard };
