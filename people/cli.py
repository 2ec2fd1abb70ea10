"""flask district, flask client: who we serve and which programs may ask."""

from zoneinfo import ZoneInfo, available_timezones

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import db, transaction
from core.errors import Refused
from people.directory import KNOWN_BY, find_by_identity
from people.districts import district_by_slug
from people.models import District, Person
from people.roster_models import Building
from people.school_years import ensure_school_year

district_group = AppGroup("district", help="School districts.")


def _timezone(_context: click.Context, _param: click.Parameter, value: str) -> str:
    if value not in available_timezones():
        raise click.BadParameter(f"{value!r} is no IANA time zone; try America/Los_Angeles")
    return ZoneInfo(value).key


@district_group.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="As people write it.")
@click.option("--timezone", default="America/Los_Angeles", show_default=True, callback=_timezone)
@click.option(
    "--email-domain", "email_domains", multiple=True, help="A domain the district vouches for; repeatable."
)
@as_json
def add_district(slug: str, name: str, timezone: str, email_domains: tuple[str, ...], json: bool) -> None:
    """Add a district."""
    with transaction():
        if district_by_slug(slug):
            raise Refused(f"there is a district {slug} already")
        district = District(
            slug=slug, name=name, timezone=timezone, email_domains=[d.lower() for d in email_domains]
        )
        db.add(district)
        db.flush()
        year = ensure_school_year(district)
        answer(
            json, f"district {slug} added, school year {year.name}", id=district.id, slug=slug, year=year.name
        )


@district_group.command("list")
@as_json
def list_districts(json: bool) -> None:
    """List the districts."""
    with transaction():
        rows = db.scalars(sa.select(District).order_by(District.slug)).all()
        answer(
            json,
            "\n".join(f"{d.slug}  {d.name}  {d.timezone}" for d in rows) or "no district yet",
            districts=[{"slug": d.slug, "name": d.name, "timezone": d.timezone} for d in rows],
        )


@district_group.command("teacher-grades")
@click.argument("slug")
@click.argument("choice", type=click.Choice(["stand", "are-replaced"]))
@as_json
def teacher_grades(slug: str, choice: str, json: bool) -> None:
    """Say what a better score does to a grade that a teacher changed in the LMS: it stands, or is replaced."""
    with transaction():
        district = require_district(slug)
        district.teacher_grades_replaced = choice == "are-replaced"
        words = "a better score replaces them" if district.teacher_grades_replaced else "they stand"
        answer(
            json,
            f"grades that a teacher changes in the LMS: {words}",
            slug=slug,
            teacher_grades_replaced=district.teacher_grades_replaced,
        )


def require_district(slug: str) -> District:
    """Raises Refused, for commands."""
    district = district_by_slug(slug)
    if district is None:
        raise Refused(f"there is no district {slug}; add it with: flask district add {slug} --name ...")
    return district


def require_building(district: District, key: str) -> Building:
    """Raises Refused, for commands."""
    found = db.scalars(sa.select(Building).filter_by(district_id=district.id, key=key)).one_or_none()
    if found is None:
        raise Refused(f"there is no building {key} in {district.slug}")
    return found


def require_person(district: District, name: str, option: str = "--person") -> Person:
    """`name` is a scheme and a value, such as sis:100001. Raises Refused for nobody, BadParameter for no name."""
    scheme, _, value = name.partition(":")
    if scheme not in KNOWN_BY or not value:
        raise click.BadParameter("write it as sis:100001, email:... or username:...", param_hint=option)
    found = find_by_identity(district.id, scheme, value)
    if found is None:
        raise Refused(
            f"nobody in {district.slug} is known as {name}; they are known after their first launch or import"
        )
    return found
