"""flask district leave: a district announces that it leaves, is given its files, and is erased."""

import json as json_module
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from core.cli import answer, as_json
from core.current import current_settings
from core.database import db, transaction
from core.errors import Refused
from people.audit import COMMAND, record
from people.cli import require_district
from people.disclosures import disclose
from people.districts import district_by_slug
from people.models import Person
from privacy import departing
from privacy.district_files import write_district
from privacy.models import Departure

CERTIFICATE = "certificate.json"


@click.command("leave")
@click.argument("slug")
@click.option("--on", "last_day", type=click.DateTime(["%Y-%m-%d"]), help="Announce it: its last day here.")
@click.option("--by", "asked_by", help="Who says so: a contract's or letter's number, or an office. No name.")
@click.option("--stay", is_flag=True, help="Take the announcement back.")
@click.option(
    "--files", "folder", type=click.Path(file_okay=False, path_type=Path),
    help="Write everything of the district into this folder.",
)  # fmt: skip
@click.option("--erase", is_flag=True, help="After that, erase the district. Needs --files and --yes.")
@click.option("--now", "at_once", is_flag=True, help="With --erase: do not wait for the last day.")
@click.option("--yes", is_flag=True, help="With --erase: do it. Without this it only says what it would do.")
@as_json
@with_appcontext
def leave_command(
    *, slug: str, last_day: datetime | None, asked_by: str | None, stay: bool, folder: Path | None,
    erase: bool, at_once: bool, yes: bool, json: bool,
) -> None:  # fmt: skip
    """A district leaves. Two steps: --on DAY --by WHO announces it; --erase --files FOLDER --yes carries it out.

    With nothing but the district it says where its departure stands.
    """
    if sum((last_day is not None, stay, erase)) > 1:
        raise click.UsageError("one thing at a time: --on, --stay or --erase")
    if (last_day is None) != (asked_by is None):
        raise click.UsageError("to announce it give both, --on and --by")
    if erase and folder is None:
        raise click.UsageError("say with --files where everything of the district is written first")
    if last_day is not None and asked_by is not None:
        _announce(slug, last_day, asked_by, json)
    elif stay:
        with transaction():
            found = departing.stay(require_district(slug), COMMAND)
            answer(json, f"{slug} stays; what was closed stays closed until IT opens it", **_facts(found))
    elif erase and folder is not None:
        _erase(slug, folder, at_once=at_once, yes=yes, json=json)
    elif folder is not None:
        digest = _files(slug, folder)
        answer(json, f"everything of {slug} is in {folder}", folder=str(folder), manifest_sha256=digest)
    else:
        _say(slug, json)


def _announce(slug: str, last_day: datetime, asked_by: str, json: bool) -> None:
    if not 1 <= len(asked_by) <= 80 or not asked_by.isprintable():
        raise click.UsageError("--by: expected up to 80 characters")
    with transaction():
        made = departing.announce(require_district(slug), last_day.date(), asked_by, COMMAND)
        answer(json, f"{slug} leaves; its doors close at {made.leaves_at:%Y-%m-%d %H:%M} UTC", **_facts(made))


def _erase(slug: str, folder: Path, *, at_once: bool, yes: bool, json: bool) -> None:
    if district_by_slug(slug) is None:
        _finish(slug, folder, json)
        return
    with transaction():
        district = require_district(slug)
        departing.may_erase(departing.departure_of(slug), district, at_once=at_once)
        if not yes:
            raise Refused(f"this destroys everything of {slug}; say --yes to do it")
        departing.close(departing.departure_of(slug), district, COMMAND)
    digest = _files(slug, folder)
    with transaction():
        district = require_district(slug)
        departing.erase_district(departing.departure_of(slug), district, digest, at_once=at_once)
    _finish(slug, folder, json)


def _finish(slug: str, folder: Path, json: bool) -> None:
    """What follows when the rows are gone, and may be done again: bundles on this machine, and the certificate."""
    with transaction():
        found = departing.newest_departure(slug)
        if found is None or found.erased_at is None:
            raise Refused(f"there is no district {slug}, and none of that name has left")
        departing.forget_bundles(slug, Path(current_settings().retention_folder))
        said = departing.certificate(found)
        (folder / CERTIFICATE).write_text(json_module.dumps(said, indent=1) + "\n")
        rows = sum(said["removed"].values())
        answer(
            json, f"{slug} is erased, {rows} rows; certificate {found.public_id} in {folder}", **_facts(found)
        )


def _files(slug: str, folder: Path) -> str:
    with transaction():
        district = require_district(slug)
        district_id = district.id
        departing.departure_of(slug)
        record(district_id, COMMAND, "district_exported", f"district:{slug}")
        people = db.scalar(sa.select(sa.func.count()).select_from(Person).filter_by(district_id=district_id))
        disclose(district_id, COMMAND, "district_export", "district", max(1, people or 0))
    return write_district(district_id, folder)


def _say(slug: str, json: bool) -> None:
    with transaction():
        found = departing.newest_departure(slug)
        if found is None:
            require_district(slug)
            raise Refused(f"{slug} is not leaving; announce it with --on and --by")
        facts = _facts(found)
        answer(
            json, "\n".join(f"{name}: {value}" for name, value in facts.items() if value is not None), **facts
        )


def _facts(found: Departure) -> dict[str, Any]:
    names = (
        "asked_by",
        "announced_at",
        "leaves_at",
        "closed_at",
        "stays_at",
        "erased_at",
        "removed",
        "sha256",
    )
    return {"id": found.public_id, "district": found.slug} | {name: getattr(found, name) for name in names}
