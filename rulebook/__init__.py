"""Floor 5: what a district asks of its staff, guests and pupils, to read in sentences and to change."""
