"""Floor 3: what is taught. Reads the curriculum, publishes versions of it, and plays lessons."""
