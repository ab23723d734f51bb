// Choosing three of twelve pictures by tapping: one grid in the place of the form's three groups of radios, which keep what
// was chosen. Without this script the groups themselves are the way. Texts come from the page.

/** @param {string} lang A voice for it, one in the device before one of a network; null when there is none. */
function voiceFor(lang) {
  if (!("speechSynthesis" in window)) return null;
  const voices = speechSynthesis.getVoices().filter((one) => one.lang.replace("_", "-").toLowerCase().startsWith(lang));
  return voices.find((one) => one.localService) || voices[0] || null;
}

/** @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node | string)} inside */
function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

class PictureGrid {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.texts = place.dataset;
    this.groups = [...place.querySelectorAll("fieldset")];
    this.submit = place.closest("form").querySelector("button[type=submit]");
    this.aloud = false;
    this.draw();
    addEventListener("pagehide", () => this.clear()); // nobody's pictures wait behind "back"; what is sent is on its way
    this.clear();
  }

  draw() {
    for (const group of this.groups) group.hidden = true;
    this.slots = element("ol", { class: "picture-slots", "aria-label": this.texts.slots });
    this.said = element("p", { class: "heard", role: "status" });
    this.grid = element("div", { class: "picture-grid", role: "group", "aria-label": this.texts.grid });
    for (const tile of this.groups[0].querySelectorAll(".picture-tile")) this.grid.append(this.button(tile));
    this.again = element("button", { type: "button", class: "secondary" }, this.texts.again);
    this.again.addEventListener("click", () => {
      this.clear();
      this.grid.querySelector("button").focus({ preventScroll: true });
    });
    this.speak = element("button", { type: "button", class: "secondary", "aria-pressed": "false", hidden: "" }, this.texts.aloud);
    this.speak.addEventListener("click", () => this.turnSpeech());
    this.place.append(this.slots, this.said, this.grid, element("div", { class: "picture-tools" }, this.again, this.speak));
    this.offerSpeech();
    if ("speechSynthesis" in window && speechSynthesis.addEventListener) {
      speechSynthesis.addEventListener("voiceschanged", () => this.offerSpeech()); // Chromium finds its voices late
    }
  }

  /** @param {Element} tile of the first group */
  button(tile) {
    const name = tile.querySelector("span").textContent;
    const made = element("button", { type: "button", class: "picture-tile" });
    made.append(tile.querySelector("svg").cloneNode(true), element("span", {}, name));
    made.addEventListener("click", () => this.choose(tile.querySelector("input").value, name, made));
    return made;
  }

  /** @param {string} value @param {string} name @param {Element} tile */
  choose(value, name, tile) {
    if (this.count === this.groups.length) return; // three are enough; "start again" is there
    this.groups[this.count].querySelector(`input[value="${value}"]`).checked = true;
    const slot = this.slots.children[this.count];
    slot.className = "";
    slot.replaceChildren(tile.querySelector("svg").cloneNode(true), element("span", {}, name));
    this.count += 1;
    this.said.textContent = this.texts.said.replace("{n}", String(this.count)).replace("{name}", name);
    this.say(name);
    this.showNext();
    if (this.count === this.groups.length) {
      this.submit.focus({ preventScroll: true });
      this.submit.scrollIntoView({ block: "nearest" });
    }
  }

  clear() {
    this.count = 0;
    for (const input of this.place.querySelectorAll("input:checked")) input.checked = false;
    this.slots.replaceChildren(...this.groups.map((_, i) => element("li", { class: "empty" }, String(i + 1))));
    this.said.textContent = "";
    this.showNext();
  }

  showNext() {
    [...this.slots.children].forEach((slot, i) => slot.classList.toggle("next", i === this.count));
    this.again.hidden = this.count === 0;
    for (const tile of this.grid.children) tile.setAttribute("aria-disabled", String(this.count === this.groups.length));
  }

  offerSpeech() {
    this.speak.hidden = voiceFor(document.documentElement.lang) === null;
  }

  turnSpeech() {
    this.aloud = !this.aloud;
    this.speak.setAttribute("aria-pressed", String(this.aloud));
    if (!this.aloud) return void speechSynthesis.cancel();
    const names = [...this.grid.querySelectorAll("span")].map((one) => one.textContent);
    this.say(names.join(", "));
  }

  /** @param {string} text */
  say(text) {
    const voice = this.aloud && voiceFor(document.documentElement.lang);
    if (!voice) return;
    speechSynthesis.cancel();
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    spoken.rate = 0.9;
    speechSynthesis.speak(spoken);
  }
}

for (const place of document.querySelectorAll("[data-pictures]")) new PictureGrid(place);
