// Keys for the projector (arrows, and Page Up and Page Down, which is what a presenter's remote sends), and
// "Everyone was here" on the spot. Without this script the buttons do the same.
const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back" };

document.addEventListener("keydown", (event) => {
  const way = KEYS[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // In an answer and in a dialog the arrows belong to what has the focus.
  if (event.key.startsWith("Arrow") && event.target.closest("input, select, textarea")) return;
  if (document.querySelector("dialog[open]")) return;
  const link = document.querySelector(`.together [data-${way}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

document.querySelector("[data-everyone]")?.addEventListener("click", (event) => {
  event.preventDefault();
  for (const box of document.querySelectorAll("input[name=here]")) box.checked = true;
});
