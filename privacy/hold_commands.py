"""flask hold: legal holds, from the command line."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import db, transaction
from people import holds
from people.audit import COMMAND
from people.cli import require_building, require_district
from people.hold_models import LegalHold
from people.models import Person
from people.roster_models import Building
from privacy.finding import find_person

hold_group = AppGroup("hold", help="Legal holds: whose records nobody destroys while a matter is open.")
in_district = click.option("--district", "slug", required=True, help="The district's short name.")


@hold_group.command("place")
@in_district
@click.option("--matter", required=True, help="The code of the case in your own books, such as 2026-LIT-014.")
@click.option("--id", "name", help="One person: sis:100001, email:..., username:... or id:p_...")
@click.option("--building", "key", help="Everybody who ever stood on the roster of this building.")
@click.option("--everybody", is_flag=True, help="The whole district.")
@as_json
def place(*, slug: str, matter: str, name: str | None, key: str | None, everybody: bool, json: bool) -> None:
    """Keep the records of a person, a building or everybody until the hold is lifted."""
    if [name is not None, key is not None, everybody].count(True) != 1:
        raise click.UsageError("say whose: one of --id, --building and --everybody")
    with transaction():
        district = require_district(slug)
        person = find_person(district, name) if name else None
        building = require_building(district, key) if key else None
        hold = holds.place(district, matter, COMMAND, person=person, building=building)
        answer(
            json,
            f"hold {hold.public_id} is in force for {described(hold)}",
            id=hold.public_id,
            matter=matter,
            covers=described(hold),
        )


@hold_group.command("lift")
@in_district
@click.argument("hold_id")
@as_json
def lift(slug: str, hold_id: str, json: bool) -> None:
    """End a hold; what is past its term is destroyed at the worker's next turn."""
    with transaction():
        hold = holds.lift(require_district(slug).id, hold_id, COMMAND)
        answer(json, f"hold {hold_id} is lifted", id=hold_id, lifted_at=hold.lifted_at)


@hold_group.command("list")
@in_district
@as_json
def list_holds(slug: str, json: bool) -> None:
    """List the holds, newest first."""
    with transaction():
        found = [
            {
                "id": each.public_id,
                "matter": each.matter,
                "covers": described(each),
                "placed_at": each.placed_at.isoformat(),
                "placed_by": each.placed_by,
                "lifted_at": each.lifted_at.isoformat() if each.lifted_at else None,
            }
            for each in holds.holds_of(require_district(slug).id)
        ]
        lines = [
            f"{each['id']}  {each['matter']}  {each['covers']}  {'lifted' if each['lifted_at'] else 'in force'}"
            for each in found
        ]
        answer(json, "\n".join(lines) or "no hold yet", holds=found)


def described(hold: LegalHold) -> str:
    """Whom it covers, in the words of the audit log."""
    if hold.person_id:
        return f"person {db.scalar(sa.select(Person.public_id).filter_by(id=hold.person_id))}"
    if hold.building_id:
        return f"building {db.scalar(sa.select(Building.key).filter_by(id=hold.building_id))}"
    return "everybody in the district"
