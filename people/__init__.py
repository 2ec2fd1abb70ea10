"""Floor 1: who. Districts, people, the names other systems know them by, classrooms, sign-ins and API clients."""
