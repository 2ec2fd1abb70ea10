// The exit hides the page at once, before the answer comes. A page kept in the browser's memory is asked for again, so
// that Back shows the quiet page and not the lesson.
for (const form of document.querySelectorAll("[data-exit]")) {
  form.addEventListener("submit", () => {
    for (const child of document.getElementById("main").children) if (!child.contains(form)) child.hidden = true;
    document.title = "…";
  });
}

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
