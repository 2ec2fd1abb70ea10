// What every page does once it stands: open dialogs, move focus to news, show the help card without leaving.
for (const button of document.querySelectorAll("[data-open]")) {
  const dialog = document.getElementById(button.dataset.open);
  if (!dialog.showModal) continue;
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

document.addEventListener("click", (event) => {
  if (event.target.matches?.("dialog")) event.target.close(); // the dimmed page around it
});

const help = document.querySelector("[data-help]");
const card = document.getElementById("help");
if (help && card?.showModal) {
  help.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(help.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      card.querySelector("[data-card]").replaceChildren(...page.getElementById("help-card").childNodes);
      card.showModal();
      card.scrollTop = 0;
    } catch {
      location.assign(help.href);
    }
  });
}

document.querySelector("[data-focus]")?.focus();
