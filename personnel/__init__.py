"""Floor 5: the pages of the personnel office. One person's record, and what waits for a second pair of eyes."""
