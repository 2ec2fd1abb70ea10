"""flask platform, flask keys: register an LMS, approve where it was installed, rotate our key."""

from flask.cli import AppGroup

platform_group = AppGroup("platform", help="Registered LMSs.")
keys_group = AppGroup("keys", help="Our signing keys.")
