// Reads the page's own words aloud with a voice that lives on this device, and marks what it says.
//
// Only local voices: a network voice would send the text to its maker. Words are marked where the voice tells
// word boundaries (CSS highlights), otherwise the sentence, otherwise the paragraph. Never listens to anybody.
const speech = window.speechSynthesis;
const RATES = { slow: 0.7, fast: 1.15 };
const USUAL_RATE = 0.9;
const BLOCKS = "h1,h2,h3,p,li,legend,dt,dd,label";
const highlights = window.CSS?.highlights && window.Highlight ? CSS.highlights : null;

let reading = null; // { queue, button } while something is being said; the utterance is kept from being collected

function offerReading() {
  const button = document.querySelector("[data-listen]");
  if (!speech || !button) return;
  const show = () => {
    const able = Boolean(localVoice()) && blocks().length > 0;
    button.hidden = !able;
    for (const part of document.querySelectorAll("[data-if-voices]")) part.hidden = !able;
  };
  show();
  speech.addEventListener?.("voiceschanged", show); // lists often come late
  button.addEventListener("click", () => (reading ? stopReading() : start(button)));
  addEventListener("pagehide", stopReading);
  document.addEventListener("reading-stop", stopReading); // a page of ours is about to change its words
}

function stopReading() {
  if (!reading) return;
  const { button } = reading;
  reading = null;
  speech.cancel();
  unmark();
  label(button, false);
}

function localVoice() {
  const language = document.documentElement.lang.toLowerCase();
  const near = speech.getVoices().filter(
    (voice) => voice.localService && voice.lang.toLowerCase().replace("_", "-").split("-")[0] === language.split("-")[0]
  );
  return near.find((voice) => voice.default) || near.find((voice) => voice.lang.startsWith("en-US")) || near[0];
}

function blocks() {
  const all = [...document.querySelectorAll("main [data-read]")].flatMap((root) =>
    [...(root.matches(BLOCKS) ? [root] : []), ...root.querySelectorAll(BLOCKS)]
  );
  return [...new Set(all)].filter(
    (block) => block.checkVisibility?.() !== false && !block.querySelector(BLOCKS) && block.textContent.trim()
  );
}

function sentences(block) {
  if (block.dataset.say) return [{ block, text: block.dataset.say, at: null }];
  const text = block.textContent;
  if (!window.Intl?.Segmenter) return [{ block, text, at: 0 }];
  const parts = new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" }).segment(text);
  return [...parts].filter((part) => part.segment.trim()).map((part) => ({ block, text: part.segment, at: part.index }));
}

function start(button) {
  reading = { button, queue: blocks().flatMap(sentences), utterance: null };
  label(button, true);
  speech.cancel(); // whatever another page of ours left behind
  sayNext(reading);
}

function sayNext(mine) {
  if (reading !== mine) return;
  const sentence = mine.queue.shift();
  if (!sentence) return stopReading();
  const utterance = new SpeechSynthesisUtterance(sentence.text);
  utterance.voice = localVoice();
  utterance.lang = utterance.voice.lang;
  utterance.rate = RATES[document.documentElement.dataset.rate] || USUAL_RATE;
  utterance.onboundary = (event) => {
    if (reading === mine && event.name === "word") markWord(sentence, event);
  };
  utterance.onend = () => sayNext(mine);
  utterance.onerror = () => reading === mine && stopReading();
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

function label(button, on) {
  button.toggleAttribute("data-on", on);
  const words = button.querySelector("[data-label]");
  [words.textContent, button.dataset.stop] = [button.dataset.stop, words.textContent]; // each names the other
  button.querySelector("[data-when='quiet']").hidden = on;
  button.querySelector("[data-when='reading']").hidden = !on;
}

offerReading();
