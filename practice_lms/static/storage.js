// LTI platform storage: keeps small things for a tool whose cookies are refused (lti.put_data, lti.get_data), as long as
// this page stands. It runs in the course page itself (`_parent`) or in a frame beside the tool's. Only the tool's
// origin is listened to, and it gets back what itself has put.
(() => {
  const { origin } = document.currentScript.dataset;
  const kept = new Map();
  const answers = {
    "lti.put_data": ({ key, value }) => {
      if (value === null || value === undefined) kept.delete(key);
      else kept.set(key, String(value));
      return { key, value };
    },
    "lti.get_data": ({ key }) => ({ key, value: kept.get(key) ?? null }),
  };
  addEventListener("message", (event) => {
    if (event.origin !== origin || !Object.hasOwn(answers, event.data?.subject)) return;
    const { subject, message_id } = event.data;
    event.source.postMessage({ subject: `${subject}.response`, message_id, ...answers[subject](event.data) }, event.origin);
  });
})();
