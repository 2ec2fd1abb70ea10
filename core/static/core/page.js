// What every page does once it stands: open dialogs, tell the LMS our height, move focus to news, read aloud.
import { offerReading } from "./read_aloud.js";
import { tellHeight } from "./frame.js";

for (const button of document.querySelectorAll("[data-open]")) {
  const dialog = document.getElementById(button.dataset.open);
  if (!dialog || !dialog.showModal) continue;
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

document.querySelector("[data-focus]")?.focus();
tellHeight();
offerReading();
