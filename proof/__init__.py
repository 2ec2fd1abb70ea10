"""The top floor: what was taught and signed in a school year, as a file that an auditor can check."""
