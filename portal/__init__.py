"""Floor 5: the page of people whose network access waits, and how devices and gateways find it."""
