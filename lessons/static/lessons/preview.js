// Loads the page again when a file of the lesson was saved. A preview that was ended is waited for.
const shown = document.querySelector("[data-state]").dataset.state;

setInterval(async () => {
  try {
    const now = await (await fetch("/state")).text();
    if (now !== shown) location.reload();
  } catch {
    // Not there just now.
  }
}, 1000);
