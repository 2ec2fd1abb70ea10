// A login in a frame without our cookie: finds the first place that keeps our secret until the launch, then goes on to
// the platform. Nothing is shown unless the reader has to choose.
const page = document.querySelector("main");
const { go, secret, key, browser } = page.dataset;
const carried = { headers: { Browser: secret } };
const here = document.querySelector("[data-here]");
const said = document.querySelector("[data-said]");

async function cookieCameBack() {
  try {
    return (await (await fetch(browser, carried)).json()).cookie;
  } catch {
    return false;
  }
}

function frameKeeps() {
  try {
    sessionStorage.setItem(key, secret);
    return sessionStorage.getItem(key) === secret;
  } catch {
    return false; // closed to us, as Chromium does with third-party cookies blocked
  }
}

async function findThePlace() {
  if ((await cookieCameBack()) || frameKeeps() || (await platformStorage(page.dataset).put(key, secret))) goOn();
  else letThemChoose();
}

function goOn() {
  location.replace(go);
}

function letThemChoose() {
  here.hidden = !document.requestStorageAccess;
  document.querySelector("[data-new-window] button")?.classList.toggle("quiet", !here.hidden);
  sayOtherwise();
}

here.addEventListener("click", async () => {
  said.textContent = "";
  try {
    await document.requestStorageAccess(); // first of all: it is the click that allows it
    await fetch(browser, { method: "POST", ...carried });
    if (await cookieCameBack()) return goOn();
  } catch {
    // The reader or the browser said no.
  }
  here.hidden = true;
  document.querySelector("[data-new-window] button")?.classList.remove("quiet");
  said.textContent = said.dataset.no;
  document.querySelector("[data-new-window] button")?.focus();
});

document.querySelector("[data-new-window]")?.addEventListener("submit", () => {
  said.textContent = said.dataset.yes;
});

findThePlace();
