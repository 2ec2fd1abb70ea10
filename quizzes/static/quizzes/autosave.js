// Keeps each tap on the server at once, one call after the other, so that an older answer never lands on a newer.
// Without this script the answer is kept when the button is pressed.
const form = document.querySelector("[data-autosave]");
const news = document.querySelector("[data-saved]");
const WAIT_MS = 3000;
const WORDS = {
  401: "We can not tell who you are any more. Open the quiz again from your course.",
  409: "This quiz was handed in already.",
};
let saving = null;
let again = false;

const picks = () => [...form.querySelectorAll("[name=pick]:checked")].map((input) => input.value);

async function send() {
  try {
    const answer = await fetch(form.action, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ picks: picks() }),
    });
    return answer.ok ? "Saved" : WORDS[answer.status] || "Not saved yet. Press the button to save.";
  } catch {
    return "Not saved yet. Look at your connection.";
  }
}

async function save() {
  let words;
  do {
    again = false;
    words = await send();
  } while (again);
  saving = null;
  news.textContent = words;
}

form.addEventListener("change", () => {
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
