// The one thing the pages between pages share: where there is no way on by itself, say so.
globalThis.sayOtherwise = () => {
  const otherwise = document.querySelector("[data-otherwise]");
  const heading = otherwise.querySelector("h1");
  document.querySelector("[data-wait]").hidden = true;
  otherwise.hidden = false;
  document.title = heading.textContent;
  heading.tabIndex = -1;
  heading.focus();
};
