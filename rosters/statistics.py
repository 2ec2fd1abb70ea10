"""Have PostgreSQL look at tables that a first import fills from nothing.

It plans by what a table was when it was last looked at, and keeps the plans of foreign-key checks for the session: in
an empty table it reads all rows, which a large import then does for each row it adds. Autovacuum sees none of it
before the transaction ends.
"""

import sqlalchemy as sa

from core.database import db, dialect_name

FILLED = ("person", "identity", "roster_interval")
FEW = 250
"""People added by one import up to whom no plan matters."""


class Growth:
    """Looks again each time twice as many people were added."""

    def __init__(self) -> None:
        self.next_at = FEW

    def added(self, people: int) -> None:
        if people < self.next_at or dialect_name() != "postgresql":
            return
        self.next_at = 2 * people
        db.execute(sa.text(f"ANALYZE {', '.join(FILLED)}"))
