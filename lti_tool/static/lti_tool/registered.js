// The registration is over: the LMS may close its window (LTI Dynamic Registration 1.0, section 3.7). The message
// says nothing about anybody, so any opener or parent may hear it.
(window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
