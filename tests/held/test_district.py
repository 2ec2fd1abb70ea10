"""What belongs to a district is found from the tables themselves: a new one can not be forgotten."""

import sqlalchemy as sa

from core.database import Base
from held.district import OF_THE_HOST, its_tables, of_district
from held.inventory import table_called
from held.tables import INVENTORY


def test_every_table_is_a_districts_or_the_hosts(app):
    theirs = {table.name for table in its_tables()}
    assert theirs | OF_THE_HOST.keys() == set(Base.metadata.tables)
    assert not theirs & OF_THE_HOST.keys()
    assert set(INVENTORY) <= theirs


def test_nothing_of_the_host_points_at_a_district(app):
    theirs = {table.name for table in its_tables()}
    for name in OF_THE_HOST:
        assert not {key.column.table.name for key in table_called(name).foreign_keys} & theirs, name


def test_a_new_table_is_found_by_its_column_or_by_what_it_hangs_from(app):
    diary = sa.Table("diary", Base.metadata, sa.Column("district_id", sa.ForeignKey("district.id")))
    line = sa.Table("diary_line", Base.metadata, sa.Column("client_id", sa.ForeignKey("api_client.id")))
    try:
        assert {diary, line} <= set(its_tables())
        assert "SELECT api_client.id" in str(of_district(line, 1))
        assert its_tables()[-1].name == "district"
    finally:
        Base.metadata.remove(line)
        Base.metadata.remove(diary)
