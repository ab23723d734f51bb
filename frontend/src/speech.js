/** Reading aloud with a voice of the page's language, where the device has one. */

/** @param {string} lang "vi" or "en" @returns {SpeechSynthesisVoice | null} */
function voiceFor(lang) {
  const voices = speechSynthesis.getVoices().filter((voice) => voice.lang.replace("_", "-").toLowerCase().startsWith(lang));
  // A voice in the device works without a network.
  return voices.find((voice) => voice.localService) || voices[0] || null;
}

export class Reader {
  /**
   * @param {string} lang
   * @param {(state: { possible: boolean, reading: boolean }) => void} onChange
   */
  constructor(lang, onChange) {
    this.lang = lang;
    this.onChange = onChange;
    this.reading = false;
    this.turn = 0;
    this.tell = () => this.onChange({ possible: this.possible, reading: this.reading });
    this.onHide = () => this.stop();
    if (!("speechSynthesis" in window)) return;
    if (speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", this.tell);
    addEventListener("pagehide", this.onHide);
  }

  get possible() {
    return "speechSynthesis" in window && voiceFor(this.lang) !== null;
  }

  /** Reads these texts, one after the other: long ones are cut off by some voices. @param {string[]} lines */
  read(lines) {
    this.stop();
    const voice = voiceFor(this.lang);
    if (!voice) return;
    this.turn += 1;
    const { turn } = this;
    const spoken = lines.filter(Boolean);
    spoken.forEach((line, i) => {
      const utterance = new SpeechSynthesisUtterance(line);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = 0.9; // a little slower than talk: the listener reads along
      if (i === spoken.length - 1) utterance.onend = () => this.ended(turn);
      utterance.onerror = () => this.ended(turn);
      speechSynthesis.speak(utterance);
    });
    this.reading = spoken.length > 0;
    this.tell();
  }

  /** @param {number} turn */
  ended(turn) {
    if (turn !== this.turn) return; // the end of a reading that was stopped already
    this.reading = false;
    this.tell();
  }

  stop() {
    if (!this.reading) return;
    this.turn += 1;
    this.reading = false;
    speechSynthesis.cancel();
    this.tell();
  }

  close() {
    this.stop();
    if (!("speechSynthesis" in window)) return;
    if (speechSynthesis.removeEventListener) speechSynthesis.removeEventListener("voiceschanged", this.tell);
    removeEventListener("pagehide", this.onHide);
  }
}
