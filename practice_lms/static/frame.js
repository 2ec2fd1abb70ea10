// What an LMS offers the tool in its frame: its height, and word of the platform storage it has for it (storage.js).
// Only the tool's origin is listened to. A silent LMS is like a mobile app: it says nothing of what it can.
const frame = document.getElementById("tool");
const { origin, storage, silent } = frame.dataset;
const answers = {
  ...(silent === undefined && { "lti.capabilities": () => ({ supported_messages: supported() }) }),
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

function supported() {
  const here = Object.keys(answers).map((subject) => ({ subject, frame: "_parent" }));
  const there = ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, frame: storage }));
  return storage ? [...here, ...there] : here;
}

window.addEventListener("message", (event) => {
  if (event.origin !== origin || typeof event.data !== "object" || event.data === null) return;
  const { subject, message_id } = event.data;
  if (!Object.hasOwn(answers, subject)) return;
  const told = answers[subject](event.data);
  event.source.postMessage({ subject: `${subject}.response`, message_id, ...told }, event.origin);
});
