// Pages without a cookie (docs/decisions/0011). Where a browser keeps our cookie back, this script fetches every page,
// form and call of ours with this tab's secret in a header, and puts what comes in place of the document. The window
// stays the same from page to page; the document, its listeners and its address do not.
//
// The secret stays in this window, in the state of its history entries (which a reload keeps, even where all storage is
// closed to us) and in sessionStorage under its own visit, so that two frames side by side keep apart. "" stands for a
// cookie that comes along by itself, where the reader allowed it (Storage Access).
const HEADER = "Browser";
const LOST = document.querySelector("main").dataset.lost;
const plainFetch = window.fetch;
let secret = null;
let asked = 0; // the newest request for a page; older ones are dropped when they come
let shown = 0; // pages shown so far
let standing = ""; // the address of the page that stands here, without its part

globalThis.carry = {
  // What an earlier page of this frame kept for the address it is at now; null when nothing was.
  kept() {
    try {
      return history.state?.carried ?? sessionStorage.getItem(placeOf(location.href));
    } catch {
      return null;
    }
  },

  // From now on pages are carried; `answer` is the first.
  async begin(known, answer) {
    secret = known;
    history.scrollRestoration = "manual";
    window.fetch = withSecret;
    // A document that is replaced while it loads never says that it has loaded, neither to tests nor to readers.
    if (document.readyState !== "complete") await new Promise((done) => { addEventListener("load", done, { once: true }); });
    return show(answer, "replace");
  },
};

const withoutPart = (address) => address.split("#")[0];
const placeOf = (address) => `carried-${new URL(address).searchParams.get("visit")}`;

function withSecret(input, options) {
  const request = new Request(input, options);
  if (secret && new URL(request.url).origin === location.origin) request.headers.set(HEADER, secret);
  return plainFetch(request);
}

// Fetch a page and show it. `entry` is what becomes of the history: "push", "replace" or "keep" (we came back to it).
async function go(address, options, entry, top = 0) {
  const mine = ++asked;
  document.documentElement.style.cursor = "progress";
  try {
    const answer = await withSecret(address, options);
    if (mine === asked) await show(answer, entry, new URL(address, location.href).hash, top);
  } catch {
    if (mine === asked) tell(LOST);
  } finally {
    document.documentElement?.style.removeProperty("cursor");
  }
}

async function show(answer, entry, hash = "", top = 0) {
  if (!/^text\/html/.test(answer.headers.get("Content-Type")) || isDownload(answer)) return save(answer);
  const html = await answer.text();
  dispatchEvent(new Event("pagehide")); // the page that stood here stops talking and watching
  turnTo(answer, entry, hash);
  shown += 1;
  document.open();
  listen(); // opening it took all listeners away
  document.write(withModulesOfItsOwn(html));
  document.close();
  document.addEventListener("DOMContentLoaded", () => place(top));
  if (document.readyState !== "loading") place(top);
}

// A refusal that answers a form has no address of its own that could be asked for again: the address stays.
function turnTo(answer, entry, hash) {
  if (entry !== "keep") write(answer, entry, hash);
  standing = withoutPart(location.href);
}

function write(answer, entry, hash) {
  const address = answer.redirected || answer.ok ? answer.url + (answer.url.includes("#") ? "" : hash) : location.href;
  const same = address === location.href;
  history[entry === "replace" || same ? "replaceState" : "pushState"]({ carried: secret }, "", address);
  try {
    sessionStorage.setItem(placeOf(address), secret);
  } catch {
    // Closed to us: the history entry has it.
  }
}

// A module runs once per address in one window; a fragment makes it another, from the same cached file.
function withModulesOfItsOwn(html) {
  return html.replace(/<script\b[^>]*\btype="module"[^>]*>/g, (tag) => tag.replace(/\bsrc="([^"#]+)"/, `src="$1#${shown}"`));
}

function place(top) {
  const part = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (part && !top) part.scrollIntoView();
  else scrollTo(0, top);
}

const isDownload = (answer) => /^attachment/.test(answer.headers.get("Content-Disposition") || "");

async function save(answer) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "")?.[1] || "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function tell(words) {
  const notice = document.createElement("p");
  notice.className = "notice look";
  notice.setAttribute("role", "alert");
  document.querySelector("main").prepend(notice);
  notice.textContent = words; // filled after it stands, so that it is announced
  notice.scrollIntoView({ block: "nearest" });
}

function listen() {
  addEventListener("click", followLink);
  addEventListener("submit", sendForm);
  addEventListener("popstate", comeBack);
}

function followLink(event) {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || !isOurs(link.href, link.target)) return;
  if (link.hash && withoutPart(link.href) === standing) return; // the browser goes there by itself, and comeBack looks after the new entry
  event.preventDefault();
  rememberPlace();
  go(link.href, {}, "push");
}

function sendForm(event) {
  const form = event.target;
  const button = event.submitter;
  const asks = (name, otherwise) => button?.getAttribute(`form${name}`) || form.getAttribute(name) || otherwise;
  const method = asks("method", "get").toUpperCase();
  const address = new URL(asks("action", location.href), location.href);
  if (event.defaultPrevented || method === "DIALOG" || !isOurs(address.href, asks("target", ""))) return;
  event.preventDefault();
  const said = new FormData(form);
  if (button?.name) said.append(button.name, button.value);
  rememberPlace();
  if (method === "GET") {
    address.search = new URLSearchParams(said);
    go(address.href, {}, "push");
  } else if (!form.hasAttribute("aria-busy")) {
    form.setAttribute("aria-busy", "true"); // a second tap does not send it twice
    const body = asks("enctype", "") === "multipart/form-data" ? said : new URLSearchParams(said);
    go(address.href, { method, body }, "push").finally(() => form.removeAttribute("aria-busy"));
  }
}

function isOurs(address, target) {
  return new URL(address).origin === location.origin && (!target || target === "_self");
}

function rememberPlace() {
  history.replaceState({ ...history.state, carried: secret, top: scrollY }, "");
}

// Back, forward, or a part of the same page. An entry the browser made by itself is given the secret.
function comeBack() {
  if (!history.state) history.replaceState({ carried: secret }, "");
  const top = history.state.top || 0;
  if (withoutPart(location.href) === standing) place(top);
  else go(location.href, {}, "keep", top);
}
