"""What is held about people: every column of it named, why, how long, and the public notice that says so."""
