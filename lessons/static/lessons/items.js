// Steps of an order item, moved on the spot. Without this script each move is a press of the same button and a page.
//
// One function for the whole document, as the player and pages carried by script put new forms in place.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-order] [name=move]");
    if (!button) return;
    event.preventDefault();
    const step = button.closest("[data-step]");
    const up = button.value.endsWith(".up");
    const other = up ? step.previousElementSibling : step.nextElementSibling;
    if (!other) return;
    if (up) other.before(step);
    else other.after(step);
    settle(step, button);
  });

  // Dragging is an addition: a step is taken anywhere but at its buttons, with a mouse or a pen. Fingers scroll.
  let held = null;
  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0 || event.target.closest("button, input, select")) return;
    held = event.target.closest("[data-order] [data-step]");
    if (held) event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    const over = held && document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-step]");
    if (!over || over === held || over.parentNode !== held.parentNode) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(held);
    else over.after(held);
    held.dataset.dragged = "";
  });
  document.addEventListener("pointerup", () => {
    if (held && "dragged" in held.dataset) {
      delete held.dataset.dragged;
      settle(held);
    }
    held = null;
  });

  // Numbers, ends of the list and marks follow the move; it is said, and the form knows that it changed.
  function settle(step, pressed) {
    const steps = [...step.parentNode.children];
    for (const [at, each] of steps.entries()) {
      const [up, down] = each.querySelectorAll("[name=move]");
      each.querySelector("[data-place]").textContent = at + 1;
      up.disabled = at === 0;
      down.disabled = at === steps.length - 1;
      each.querySelector(".step").classList.remove("good", "look");
      for (const old of each.querySelectorAll(".feedback, .step > svg, .step > .away")) old.remove();
    }
    if (pressed?.disabled) step.querySelector("[name=move]:enabled").focus();
    else pressed?.focus();
    const news = step.closest("fieldset").querySelector("[data-moved]");
    news.textContent = news.dataset.moved.replace("{at}", steps.indexOf(step) + 1).replace("{of}", steps.length);
    step.dispatchEvent(new Event("change", { bubbles: true }));
  }
})();
