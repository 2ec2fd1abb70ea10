"""What schools, personnel and the district see of everybody: coverage, standing, and who is behind the figures."""
