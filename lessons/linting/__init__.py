"""What writers are told of the curriculum before it is published; the rules by code stand in lessons.rules."""
