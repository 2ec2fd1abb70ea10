"""Who is on the district's own rolls: roster files, what they change, and people of a launch whom no roll names."""
