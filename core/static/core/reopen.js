// A page of ours asked for by its address alone, in a browser that keeps our cookie back: asks once more with the secret
// this frame keeps, and shows what comes. Where there is none, the page says how to open the lesson again.
async function allowed() {
  try {
    await document.requestStorageAccess(); // answers without a click only where it was allowed before
    return "";
  } catch {
    return null;
  }
}

async function reopen() {
  const secret = carry.kept() || (await allowed());
  if (secret !== null) {
    const answer = await fetch(location.href, { headers: secret ? { Browser: secret } : {} });
    if (secret || answer.ok) return carry.begin(secret, answer);
  }
  sayOtherwise();
}

reopen();
