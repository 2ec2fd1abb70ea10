// The lesson player, made quicker and closer: feedback without a page change, and meanings beside their words.
// Without it the same forms and links do the same things, a page at a time.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-swap]")) return;
  event.preventDefault();
  try {
    const said = new FormData(form);
    if (event.submitter?.name) said.append(event.submitter.name, event.submitter.value);
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(said) });
    if (!answer.ok) throw new Error(answer.status);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"), answer.url);
  } catch {
    delete form.dataset.swap;
    form.requestSubmit(); // the plain way also shows what went wrong
  }
});

function show(page, address) {
  document.dispatchEvent(new Event("reading-stop"));
  document.querySelector(".player").replaceWith(page.querySelector(".player"));
  document.querySelector("[data-languages]")?.replaceWith(page.querySelector("[data-languages]"));
  const marlo = document.querySelector("[data-marlo]");
  if (marlo) marlo.dataset.mood = page.querySelector("[data-marlo]").dataset.mood;
  history.replaceState(history.state, "", address); // the entry may hold what a carried page needs (core/carry.js)
  readyWords();
  document.querySelector(".player [data-focus]")?.focus({ preventScroll: true });
  document.querySelector(".player [data-focus]")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new Event("reading-news"));
}

// A word on the card opens its meaning right under its paragraph; again, or Escape, closes it.
document.addEventListener("click", (event) => {
  const word = event.target.closest("a.word");
  if (!word) return;
  event.preventDefault();
  const open = word.getAttribute("aria-expanded") === "true";
  closeMeanings();
  if (!open) openMeaning(word);
});
document.addEventListener("keydown", (event) => {
  const word = document.querySelector("a.word[aria-expanded='true']");
  if (event.key === "Escape" && word) {
    closeMeanings();
    word.focus();
  }
  if (event.key === " " && event.target.matches?.("a.word")) {
    event.preventDefault();
    event.target.click();
  }
});

function openMeaning(word) {
  const meaning = document.createElement("p");
  meaning.className = "meaning arrive";
  meaning.setAttribute("role", "status");
  const paragraph = word.closest("p");
  if (paragraph) paragraph.after(meaning);
  else word.closest("li").append(meaning);
  word.setAttribute("aria-expanded", "true");
  // Filled after it stands, so that it is announced.
  const entry = document.querySelector(word.getAttribute("href"));
  const term = document.createElement("b");
  term.textContent = `${entry.querySelector("dt").textContent}: `;
  meaning.append(term, entry.querySelector("dd").textContent);
}

function closeMeanings() {
  for (const meaning of document.querySelectorAll(".meaning")) meaning.remove();
  for (const word of document.querySelectorAll("a.word")) word.setAttribute("aria-expanded", "false");
}

function readyWords() {
  for (const word of document.querySelectorAll("a.word")) word.setAttribute("role", "button");
  closeMeanings();
}

readyWords();
