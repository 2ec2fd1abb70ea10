// Sends the form by itself; without scripts the button does it.
document.forms[0].submit();
