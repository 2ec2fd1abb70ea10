// A tool that has registered itself says so (LTI Dynamic Registration 1.0, section 3.7): its frame is closed.
const frame = document.getElementById("tool");
window.addEventListener("message", (event) => {
  if (event.origin !== frame.dataset.origin || event.data?.subject !== "org.imsglobal.lti.close") return;
  location.assign(frame.dataset.done);
});
