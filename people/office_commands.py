"""flask office, flask audit: who may see and decide what, and whether the log of it is whole."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import db, transaction
from core.errors import Refused
from people import offices
from people.audit import COMMAND, broken_at, head_of
from people.cli import require_district, require_person
from people.directory import KNOWN_BY, identities_of, known_as
from people.models import District, Person
from people.office_models import OFFICES, Office
from people.roster_models import Building

office_group = AppGroup("office", help="Who may see and decide beyond their own classes.")
audit_group = AppGroup("audit", help="The log of what was decided by whom.")

in_district = click.option("--district", "slug", required=True, help="The district's short name.")
to_person = click.option("--person", "name", required=True, help="sis:100001, email:... or username:...")
which_office = click.option("--office", required=True, type=click.Choice(OFFICES))
at_building = click.option("--building", "key", help="For the office `school`: the building's key.")


@office_group.command("give")
@in_district
@to_person
@which_office
@at_building
@as_json
def give_office(slug: str, name: str, office: str, key: str | None, json: bool) -> None:
    """Let somebody see and decide what an office may."""
    with transaction():
        district = require_district(slug)
        offices.give(require_person(district, name), office, COMMAND, _building(district, office, key))
        answer(json, f"{name} holds the office {office}", person=name, office=office, building=key)


@office_group.command("take")
@in_district
@to_person
@which_office
@at_building
@as_json
def take_office(slug: str, name: str, office: str, key: str | None, json: bool) -> None:
    """Take an office from somebody."""
    with transaction():
        district = require_district(slug)
        if not offices.take(
            require_person(district, name), office, COMMAND, _building(district, office, key)
        ):
            raise Refused(f"{name} does not hold the office {office}")
        answer(json, f"{name} no longer holds the office {office}", person=name, office=office, building=key)


@office_group.command("list")
@in_district
@as_json
def list_offices(slug: str, json: bool) -> None:
    """Say who holds which office."""
    with transaction():
        district = require_district(slug)
        rows = db.execute(
            sa.select(Office.office, Office.person_id, Person.public_id, Building.key)
            .join(Person, Person.id == Office.person_id)
            .outerjoin(Building, Building.id == Office.building_id)
            .where(Office.district_id == district.id)
            .order_by(Office.office, Office.id)
        ).all()
        names = identities_of([row.person_id for row in rows], KNOWN_BY)
        held = [
            {"office": row.office, "person": row.public_id, "ids": names.get(row.person_id, {}), "building": row.key}
            for row in rows
        ]  # fmt: skip
        lines = [
            f"{each['office']}  {known_as(each['ids'], each['person'])}  {each['building'] or ''}".rstrip()
            for each in held
        ]
        answer(json, "\n".join(lines) or "nobody holds an office yet", offices=held)


@audit_group.command("verify")
@in_district
@as_json
def verify_audit(slug: str, json: bool) -> None:
    """Walk the whole log and say whether every entry is bound to the one before it."""
    with transaction():
        district = require_district(slug)
        broken = broken_at(district.id)
        if broken is not None:
            raise Refused(f"the audit log of {slug} does not hold from entry {broken} on")
        seq, head = head_of(district.id)
        answer(json, f"{seq} entries, all in order; the newest is {head}", entries=seq, head=head)


def _building(district: District, office: str, key: str | None) -> int | None:
    if (office == "school") != (key is not None):
        raise click.BadParameter("goes with the office `school`, and only with it", param_hint="--building")
    if key is None:
        return None
    found = db.scalars(sa.select(Building.id).filter_by(district_id=district.id, key=key)).one_or_none()
    if found is None:
        raise Refused(f"there is no building {key} in {district.slug}")
    return found
