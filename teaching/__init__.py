"""Floor 5: the teacher's view of a class, put together from everything below."""
