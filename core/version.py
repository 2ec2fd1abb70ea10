"""Which version of the application this is, for records that outlive it. Agrees with pyproject.toml (tested)."""

VERSION = "0.1.0"
