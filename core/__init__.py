"""Floor 0: what every part needs and nothing of schools (settings, database, web, time, outgoing calls)."""
