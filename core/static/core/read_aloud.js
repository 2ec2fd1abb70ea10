// Reads the page's own words aloud with a voice that lives on this device, and marks what it says.
//
// Only local voices: a network voice would send the text to its maker. Words are marked where the voice tells
// word boundaries (CSS highlights), otherwise the sentence, otherwise the paragraph. Never listens to anybody.
//
// For the youngest (K-2) it begins by itself, says every button and answer that is tapped or comes into focus, and Marlo
// moves his mouth. A browser speaks only after a tap somewhere on our pages; until then Marlo's button waits.
const speech = window.speechSynthesis;
const RATES = { slow: 0.7, fast: 1.15 };
const USUAL_RATE = 0.9;
const BLOCKS = "h1,h2,h3,p,li,legend,dt,dd,label,.name";
const CONTROLS = "a[href], button, select, .choice input, .bin input";
const VOICES_COME_WITHIN_MS = 2000;
const QUIET = "reading-quiet";
const young = document.body.dataset.band === "K-2";
const highlights = window.CSS?.highlights && window.Highlight ? CSS.highlights : null;

let reading = null; // { queue } while something is being said; the utterance is kept from being collected

function offerReading() {
  const buttons = [...document.querySelectorAll("[data-listen], [data-listen-too]")];
  if (!speech || !buttons.length) return sayThereIsNoVoice();
  let able = false;
  const show = () => {
    const before = able;
    able = blocks().some(voiceFor);
    for (const button of buttons) button.hidden = !able;
    for (const part of document.querySelectorAll("[data-if-voices], [data-say-part]")) part.hidden = !able;
    if (able) for (const words of document.querySelectorAll("[data-no-voice]")) words.hidden = true;
    if (able && !before && young && !isQuiet()) start(blocks());
  };
  show();
  speech.addEventListener?.("voiceschanged", show); // lists often come late
  if (!able) setTimeout(() => able || sayThereIsNoVoice(), VOICES_COME_WITHIN_MS);
  for (const button of buttons) button.addEventListener("click", toggle);
  addEventListener("pagehide", stopReading);
  document.addEventListener("reading-stop", stopReading); // a page of ours is about to change its words
  if (young) listenToTheYoung();
  document.addEventListener("reading-news", () => {
    show();
    if (young && able && !isQuiet()) start(newsFirst());
  });
}

function toggle() {
  keepQuiet(Boolean(reading));
  if (reading) stopReading();
  else start(blocks());
}

function sayThereIsNoVoice() {
  for (const words of document.querySelectorAll("[data-no-voice]")) words.hidden = false;
}

// Quiet lasts as long as the tab; where storage is closed to us, as long as the page.
function isQuiet() {
  try { return sessionStorage.getItem(QUIET) === "yes"; } catch { return false; }
}

function keepQuiet(quiet) {
  try { sessionStorage.setItem(QUIET, quiet ? "yes" : "no"); } catch { /* closed to us in this frame */ }
}

function listenToTheYoung() {
  document.addEventListener("click", (event) => {
    const part = event.target.closest("[data-say-part]");
    if (part) start([part.parentNode.querySelector(".name") || part], part.dataset.sayPart);
  });
  document.addEventListener("change", (event) => {
    const name = event.target.closest("label, .step")?.querySelector(".name");
    if (name && !isQuiet()) start([name]);
  });
  document.addEventListener("focusin", (event) => {
    const control = event.target;
    // Only where the keyboard moved: a tap says what it did by itself.
    if (!control.matches(CONTROLS) || !control.matches(":focus-visible") || control.matches("[data-listen], [data-listen-too], [data-say-part]")) return;
    if (!isQuiet() && !control.closest("dialog")) start([control.closest("label")?.querySelector(".name") || control]);
  });
}

// What was just said to an answer, then the button that leads on.
function newsFirst() {
  const all = blocks();
  const news = document.querySelector("main [data-focus]");
  const from = news ? all.findIndex((block) => news.contains(block)) : 0;
  return all.filter((block, at) => at >= from && (block.closest("[data-focus], .feedback") || block.matches(".button")));
}

function stopReading() {
  if (!reading) return;
  reading = null;
  speech.cancel();
  unmark();
  tell(false);
}

// A voice of this device for the language the words are in, else for that of the page. A card may be in English on a
// page in Spanish.
function voiceFor(block) {
  return localVoice(block.closest("[lang]").lang) || localVoice();
}

function localVoice(language = document.documentElement.lang) {
  const main = (tag) => tag.toLowerCase().replace("_", "-").split("-")[0];
  const near = speech.getVoices().filter((voice) => voice.localService && main(voice.lang) === main(language));
  return near.find((voice) => voice.default) || near.find((voice) => /[-_](US|MX|419)$/.test(voice.lang)) || near[0];
}

function blocks() {
  const all = [...document.querySelectorAll("main [data-read]")].flatMap((root) =>
    [...(root.matches(BLOCKS) ? [root] : []), ...root.querySelectorAll(BLOCKS)]
  );
  const controls = young ? document.querySelectorAll("main .go .button:last-child, main .button.big, main .go form .button") : [];
  return [...new Set([...all, ...controls])].filter(
    (block) => block.checkVisibility?.() !== false && !block.querySelector(BLOCKS) && block.textContent.trim()
  );
}

function sentences(block) {
  if (block.dataset.say) return [{ block, text: block.dataset.say, at: null }];
  const text = block.textContent;
  if (!window.Intl?.Segmenter) return [{ block, text, at: 0 }];
  const parts = new Intl.Segmenter(block.closest("[lang]").lang, { granularity: "sentence" }).segment(text);
  return [...parts].filter((part) => part.segment.trim()).map((part) => ({ block, text: part.segment, at: part.index }));
}

function start(what, words = null) {
  if (!localVoice()) return;
  reading = { queue: words ? [{ block: what[0], text: words, at: null }] : what.flatMap(sentences), utterance: null };
  tell(true);
  speech.cancel(); // whatever was being said before
  sayNext(reading);
}

function sayNext(mine) {
  if (reading !== mine) return;
  const sentence = mine.queue.shift();
  if (!sentence) return stopReading();
  if (!sentence.block.isConnected) return sayNext(mine);
  const utterance = new SpeechSynthesisUtterance(sentence.text);
  utterance.voice = voiceFor(sentence.block);
  if (!utterance.voice) return sayNext(mine);
  utterance.lang = utterance.voice.lang;
  utterance.rate = RATES[document.documentElement.dataset.rate] || USUAL_RATE;
  utterance.onboundary = (event) => {
    if (reading === mine && event.name === "word") markWord(sentence, event);
  };
  utterance.onend = () => sayNext(mine);
  utterance.onerror = () => reading === mine && stopReading(); // not allowed before the first tap, for one
  mine.utterance = utterance;
  markSentence(sentence);
  speech.speak(utterance);
}

function markSentence({ block, text, at }) {
  unmark();
  if (highlights && at !== null) highlights.set("spoken-sentence", new Highlight(rangeIn(block, at, text.length)));
  else block.classList.add("reading");
  block.scrollIntoView({ block: "nearest" });
}

function markWord({ block, text, at }, { charIndex, charLength }) {
  if (!highlights || at === null) return;
  const length = charLength || text.slice(charIndex).search(/\s|$/);
  highlights.set("spoken-word", new Highlight(rangeIn(block, at + charIndex, length)));
}

function unmark() {
  highlights?.delete("spoken-sentence");
  highlights?.delete("spoken-word");
  for (const block of document.querySelectorAll(".reading")) block.classList.remove("reading");
}

// The range of `length` characters from `from` in the text of a block, whatever elements lie in it.
function rangeIn(block, from, length) {
  const range = new Range();
  const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  range.selectNodeContents(block);
  for (let passed = 0, node = texts.nextNode(); node; passed += node.length, node = texts.nextNode()) {
    if (passed <= from && from < passed + node.length) range.setStart(node, from - passed);
    if (from + length <= passed + node.length) {
      range.setEnd(node, from + length - passed);
      break;
    }
  }
  return range;
}

// All buttons that start and stop, and Marlo.
function tell(on) {
  document.querySelector("[data-marlo]")?.toggleAttribute("data-talking", on);
  for (const button of document.querySelectorAll("[data-listen], [data-listen-too]")) {
    if (button.hasAttribute("data-on") === on) continue;
    button.toggleAttribute("data-on", on);
    const words = button.querySelector("[data-label]");
    [words.textContent, button.dataset.stop] = [button.dataset.stop, words.textContent]; // each names the other
    for (const sign of button.querySelectorAll("[data-when]")) sign.hidden = (sign.dataset.when === "reading") !== on;
  }
}

offerReading();
