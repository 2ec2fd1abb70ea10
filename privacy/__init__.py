"""Privacy as behavior: what is held about somebody is shown, kept as long as it must be, and destroyed."""
