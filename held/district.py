"""Every table that holds something of one district, found from the tables themselves, so that a new one is in it."""

import sqlalchemy as sa

from core.database import Base
from held.inventory import table_called

OF_THE_HOST = {
    "curriculum_release": "lessons as published, the same for all districts",
    "lesson_version": "lessons as published, the same for all districts",
    "requirement": "what must be shown, the same for all districts",
    "policy_edition": "agreements as published, the same for all districts",
    "policy_text": "agreements as shown, found by the hash of their words; two districts may share one",
    "signing_key": "our key towards every LMS",
    "evidence_key": "our key under all evidence",
    "spent_nonce": "numbers used once, gone within the hour",
    "departure": "the certificate that a district's rows are gone",
}
"""Tables that are nobody's in particular. tests/held/test_district.py wants each table here or in `its_tables`."""


def its_tables() -> list[sa.Table]:
    """Tables with rows of a district, in an order in which rows can be removed; the district itself is the last."""
    district = table_called("district")
    return [
        *(each for each in reversed(Base.metadata.sorted_tables) if each is not district and _reaches(each)),
        district,
    ]


def of_district(table: sa.Table, district_id: int) -> sa.ColumnElement[bool]:
    """Whether a row of this table is the district's; for SELECT and DELETE on the table alone."""
    if table.name == "district":
        return table.c.id == district_id
    if "district_id" in table.c:
        return table.c.district_id == district_id
    key = _key_to_its_own(table)
    assert key is not None, f"{table.name} is none of its_tables()"
    parent = key.column.table
    return key.parent.in_(sa.select(key.column).select_from(parent).where(of_district(parent, district_id)))


def _reaches(table: sa.Table) -> bool:
    return "district_id" in table.c or _key_to_its_own(table) is not None


def _key_to_its_own(table: sa.Table) -> sa.ForeignKey | None:
    """What a row without the district's number hangs from, as a token's allowance hangs from its client."""
    keys = sorted(table.foreign_keys, key=lambda key: key.parent.name)
    return next((key for key in keys if _reaches(key.column.table)), None)
