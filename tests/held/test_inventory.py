"""The inventory is whole: no table and no column that holds something about people is left out of it."""

import sqlalchemy as sa

from core.database import Base
from core.sealed import Sealed
from held.inventory import pointing_at_people, table_called, unknown, unnamed
from held.kinds import FIXED, KINDS
from held.tables import INVENTORY, NO_RECORDS
from held.topics import TOPICS

NAMES_IN_CLEAR = ("name", "email", "mail", "phone", "birth", "address", "street", "photo", "ip")
"""Words in a column's name that say: look twice."""

NO_NAME_OF_A_PERSON = {
    "api_client.name", "building.name", "departure.name", "district.name", "feed.name", "platform.name",
    "school_year.name",
    "identity.value", "attestation.typed_name", "enrollment.display_name",
    "district.email_domains", "curriculum_release.published_at",
}  # fmt: skip
"""Names of things; the last three of people are sealed, and of a district only the domains stand there."""


def test_every_column_that_holds_something_about_people_is_named(app):
    assert unnamed() == [], (
        "name it in held/tables.py: the export, the erasure and the public notice follow from there"
    )


def test_the_inventory_names_nothing_that_is_no_longer_there(app):
    assert unknown() == []


def test_a_new_table_and_a_new_column_are_noticed(app):
    diary = sa.Table("diary", Base.metadata, sa.Column("person_id", sa.ForeignKey("person.id")))
    line = sa.Table("diary_line", Base.metadata, sa.Column("diary_id", sa.Integer))
    table_called("person").append_column(sa.Column("shoe_size", sa.Integer))
    try:
        assert unnamed() == ["diary.person_id", "person.shoe_size"]
    finally:
        Base.metadata.remove(line)
        Base.metadata.remove(diary)
        person = table_called("person")
        person._columns.remove(person.c.shoe_size)  # type: ignore[attr-defined]


def test_each_entry_hangs_together(app):
    links = pointing_at_people()
    for name, held in INVENTORY.items():
        assert held.topic in TOPICS, name
        assert held.kind in {"work", "person", *KINDS, *FIXED}, name
        assert held.parent in INVENTORY, name
        if name == "person":
            continue
        assert (name, held.about) in links, name
        (key,) = table_called(name).c[held.about].foreign_keys
        assert key.column.table.name == held.parent, name
        for column in held.by:
            assert {each.column.table.name for each in table_called(name).c[column].foreign_keys} == {
                "person"
            }, name
    assert {held.topic for held in INVENTORY.values()} == set(TOPICS), "a topic of which nothing is held"
    assert not set(NO_RECORDS) & set(INVENTORY)
    assert set(NO_RECORDS) <= set(Base.metadata.tables)


def test_every_sealed_column_is_a_secret_or_named(app):
    secrets = {
        "evidence_key.private_pem", "feed.address", "feed.secrets", "kept_answer.answer", "mail_settings.login",
        "mail_settings.password", "signing_key.private_pem",
    }  # fmt: skip
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed) and table.name not in {*INVENTORY, *NO_RECORDS}
    }
    assert sealed == secrets


def test_no_column_holds_a_persons_name_in_clear(app):
    """Nor an address: what a column is called says what it is for, and those for people are sealed."""
    suspicious = {
        f"{table.name}.{column.name}": isinstance(column.type, Sealed)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name.split("_") for word in NAMES_IN_CLEAR)
        and isinstance(column.type, (sa.String, sa.Text, Sealed))
    }
    assert {name for name, sealed in suspicious.items() if not sealed} <= NO_NAME_OF_A_PERSON
    for name in ("attestation.typed_name", "enrollment.display_name"):
        assert suspicious[name]
    assert isinstance(table_called("identity").c.value.type, Sealed)
