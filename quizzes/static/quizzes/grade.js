// Looks after a grade that is on its way, so that the pupil sees it arrive. Without this script a link does it.
const LOOKS_MS = [1500, 2000, 3000, 5000, 10000, 30000, 60000];
const shown = document.querySelector("[data-grade]");

async function look(turn) {
  if (!shown?.isConnected || !shown.querySelector("a") || turn >= LOOKS_MS.length) return;
  await new Promise((done) => setTimeout(done, LOOKS_MS[turn]));
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-grade]");
    if (now && now.innerHTML !== shown.innerHTML) shown.replaceChildren(...now.childNodes);
  } catch {
    // Offline: the next look may find it.
  }
  look(turn + 1);
}

look(0);
