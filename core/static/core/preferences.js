// The reader's own size, colors, spacing and movement, set on <html> before the first paint.
// Kept in this browser only. Inside some LMS frames storage is closed to us: then they last as long as the window,
// which is one page, or all of them where pages are carried (carry.js).
(() => {
  const NAMES = ["size", "spacing", "theme", "motion", "rate"];
  const KEY = "reading-preferences";
  const root = document.documentElement;

  const read = () => {
    try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return globalThis.readingPreferences || {}; }
  };
  const keep = (chosen) => {
    try { localStorage.setItem(KEY, JSON.stringify(chosen)); } catch { globalThis.readingPreferences = chosen; }
  };
  const apply = (chosen) => {
    for (const name of NAMES) {
      if (chosen[name]) root.dataset[name] = chosen[name];
      else delete root.dataset[name];
    }
  };

  apply(read());
  addEventListener("storage", (event) => { if (event.key === KEY) apply(read()); });
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-preferences]");
    if (!form) return;
    for (const name of NAMES) {
      const choice = form.querySelector(`[name="${name}"][value="${root.dataset[name] || ""}"]`);
      if (choice) choice.checked = true;
    }
    form.addEventListener("change", () => {
      const chosen = Object.fromEntries(new FormData(form));
      keep(chosen);
      apply(chosen);
    });
  });
})();
