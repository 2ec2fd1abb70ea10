"""Floor 5, beside teaching: the set-up pages of a district's IT. Is it connected, and if not, what to click where."""
