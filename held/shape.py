"""How the inventory speaks of one table."""

from dataclasses import dataclass

ALWAYS = frozenset({"id", "created_at", "district_id"})
"""Columns of every table: its own number, when the row was made, whose district it is."""


@dataclass(frozen=True)
class Held:
    """A table with rows about people, and what becomes of them.

    topic     one of held.topics
    about     the column that says whom a row is about; through `parent` for a row that hangs from another one
    parent    the table that `about` points at: `person` itself, or one that is in the inventory
    by        columns that say who else had a hand in it
    columns   everything else it holds
    secret    columns that open something; an export leaves them out
    kind      the term it is kept for, one of held.kinds: `work` is `staff_evidence` of staff and `pupil_records` of
              everybody else; `person` is as long as the person is here
    period    the column its term is counted by: the number of a school year (its own or its parent's), or an instant;
              the first of several that has a value; none: it goes with the person
    evidence  of staff it stays when they are erased, for as long as its term says
    """

    table: str
    topic: str
    columns: tuple[str, ...]
    about: str = "person_id"
    parent: str = "person"
    by: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    kind: str = "work"
    period: tuple[str, ...] = ()
    evidence: bool = False

    @property
    def every_column(self) -> set[str]:
        own = () if self.table == "person" else (self.about,)
        return {*own, *self.by, *self.columns, *self.secret}
