// Keeps each tap on the server at once, one call after the other, so that an older answer never lands on a newer.
// Without this script the answer is kept when the button is pressed.
const form = document.querySelector("[data-autosave]");
const news = document.querySelector("[data-saved]");
const WAIT_MS = 3000;
const words = form.dataset; // in the reader's language, from the page
const REFUSED = { 401: words.strangerWords, 409: words.handedInWords };
let saving = null;
let again = false;

const picks = () => [...new FormData(form)].filter(([name, value]) => /^pick(-|$)/.test(name) && value).map(([, value]) => value);

async function send() {
  try {
    const answer = await fetch(form.action, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ picks: picks() }),
    });
    return answer.ok ? words.savedWords : REFUSED[answer.status] || words.unsavedWords;
  } catch {
    return words.offlineWords;
  }
}

async function save() {
  let said;
  do {
    again = false;
    said = await send();
  } while (again);
  saving = null;
  news.textContent = said;
}

form.addEventListener("change", () => {
  if (form.hasAttribute("data-story")) return; // a choice counts when the button is pressed: it can not be taken back
  form.elements.shown?.remove(); // from now on the form itself must be kept, whatever it says
  news.textContent = "";
  if (saving) again = true;
  else saving = save();
});

form.addEventListener("submit", async (event) => {
  if (!saving) return;
  event.preventDefault();
  await Promise.race([saving, new Promise((done) => { setTimeout(done, WAIT_MS); })]);
  saving = null;
  form.requestSubmit(event.submitter);
});
