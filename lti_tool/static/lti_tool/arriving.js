// A launch in a frame without our cookie: finds the secret where opening.js put it, and posts the launch once more with
// it. From then on pages are carried (core/carry.js). Trying is harmless: a launch is spent only by its own secret.
const page = document.querySelector("main");
const form = document.querySelector("[data-launch]");

function keptByFrame() {
  try {
    const kept = sessionStorage.getItem(page.dataset.key);
    sessionStorage.removeItem(page.dataset.key);
    return kept;
  } catch {
    return null;
  }
}

async function keptByPlatform() {
  return platformStorage(page.dataset).get(page.dataset.key);
}

// Where the reader opened our own windows' cookie to this frame, it comes along by itself: no secret to know.
async function allowed() {
  try {
    await document.requestStorageAccess();
    return "";
  } catch {
    return null;
  }
}

async function arrive() {
  for (const find of [keptByFrame, allowed, keptByPlatform]) {
    const secret = await find();
    if (secret !== null && (await opened(secret))) return;
  }
  sayOtherwise();
}

async function opened(secret) {
  const headers = secret ? { Browser: secret } : {};
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers });
  if (answer.headers.get("X-Refused") === "other_browser") return false;
  await carry.begin(secret, answer);
  return true;
}

arrive();
