"""Floor 5: visitors and volunteers without an account sign the guest agreement by a code of the front office."""
