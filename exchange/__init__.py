"""The curriculum in files: courses and questions out to other systems, questions of others in as drafts."""
