// What an LMS offers the tool in its frame: its height, and platform storage where cookies are refused
// (LTI Platform Storage: lti.capabilities, lti.put_data, lti.get_data). Only the tool's origin is listened to.
const frame = document.getElementById("tool");
const origin = frame.dataset.origin;
const kept = new Map();
const answers = {
  "lti.capabilities": () => ({
    supported_messages: Object.keys(answers).map((subject) => ({ subject, frame: "_parent" })),
  }),
  "lti.put_data": ({ key, value }) => {
    if (value === null || value === undefined) kept.delete(key);
    else kept.set(key, String(value));
    return { key, value };
  },
  "lti.get_data": ({ key }) => ({ key, value: kept.get(key) ?? null }),
  "lti.frameResize": ({ height }) => {
    const pixels = Number(height);
    if (pixels > 0) frame.style.height = `${Math.min(Math.max(pixels, 320), 20000)}px`;
    return { height: frame.clientHeight };
  },
  "lti.scrollToTop": () => {
    frame.scrollIntoView();
    return {};
  },
};

window.addEventListener("message", (event) => {
  if (event.origin !== origin || typeof event.data !== "object" || event.data === null) return;
  const { subject, message_id } = event.data;
  if (!Object.hasOwn(answers, subject)) return;
  const told = answers[subject](event.data);
  event.source.postMessage({ subject: `${subject}.response`, message_id, ...told }, event.origin);
});
