// While a pack is made, the list of packs is fetched again every few seconds and put in place. Nothing else on the
// page moves; without this script there is a link that does it. A reader is told when all are done, and not each count.
const EVERY = 3000;

async function look() {
  const list = document.querySelector("[data-packs]");
  // Whoever is on a button of the list keeps it: it is put in place at the next look.
  if (!list.contains(document.activeElement)) {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    // Signed out meanwhile: the page stands as it is, and the link says what to do.
    if (answer && !answer.ok) return;
    const there = answer && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-packs]");
    if (there) {
      list.querySelector(".table")?.replaceWith(there.querySelector(".table"));
      if (!("underWay" in there.dataset)) {
        list.querySelector("[data-progress]").textContent = "The pack is made.";
        return;
      }
    }
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
