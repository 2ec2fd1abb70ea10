// The LTI platform's storage for a tool whose cookie is kept back (1EdTech LTI Client Side postMessages 0.1 and
// LTI Platform Storage 0.1): a platform that says lti_storage_target keeps small things for us in one of its windows.
// What is secret is sent to, and believed from, the exact origin of its authorization endpoint alone.
const LIMIT_MS = 2500; // for the whole of it: mobile apps say that they keep things, and never answer

globalThis.platformStorage = ({ target, origin }) => {
  const limit = Date.now() + LIMIT_MS;

  async function use(subject, data) {
    if (!target || window.parent === window) return null;
    const around = await ask(window.parent, "*", { subject: "lti.capabilities" }); // says nothing, so any parent may hear it
    const able = around?.supported_messages?.find?.((each) => each?.subject === subject);
    if (!able) return null;
    return ask(windowNamed(able.frame || target), origin, { subject, ...data });
  }

  // Answers null when nothing comes back in time, or an error does.
  function ask(other, place, message) {
    return new Promise((answer) => {
      const id = crypto.randomUUID();
      const done = (told) => {
        removeEventListener("message", hear);
        clearTimeout(timer);
        answer(told);
      };
      const hear = ({ data, origin: from }) => {
        if (data?.message_id !== id || data.subject !== `${message.subject}.response`) return;
        if (place === "*" || from === place) done(data.error ? null : data);
      };
      const timer = setTimeout(done, Math.max(0, limit - Date.now()), null);
      addEventListener("message", hear);
      try {
        other.postMessage({ ...message, message_id: id }, place);
      } catch {
        done(null); // no such window, or an origin no browser takes
      }
    });
  }

  return {
    put: async (key, value) => (await use("lti.put_data", { key, value }))?.value === value,
    get: async (key) => (await use("lti.get_data", { key }))?.value || null,
  };
};

// `_parent`, or a frame of the platform's beside ours; inside editors it may be missing, and then the parent answers.
function windowNamed(name) {
  for (const around of [window.parent, window.top]) {
    try {
      if (name !== "_parent" && around.frames[name]) return around.frames[name];
    } catch {
      // Another site's window without a frame of that name.
    }
  }
  return window.parent;
}
