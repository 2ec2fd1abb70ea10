"""flask roster: read the district's own roster files."""

import shlex
from pathlib import Path

import click
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import only_reading, transaction
from core.errors import Refused
from people.audit import COMMAND
from people.cli import require_district
from rosters.bounds import LARGEST_FILE, RosterRefused
from rosters.entries import RosterFile
from rosters.holding import Outcome, sha256_of, take, waiting
from rosters.opening import known_buildings, opened
from rosters.reporting import PEOPLE, QUARANTINED, in_words

roster_group = AppGroup("roster", help="Who is on the district's own rolls.")


class Held(Refused):
    """Too many would leave; nothing was changed."""

    code = "held"


@roster_group.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--district", "slug", required=True, help="The district's short name.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--approve", "token", metavar="TOKEN", help="Let this file through although many leave.")
@as_json
def import_(path: Path, slug: str, dry_run: bool, token: str | None, json: bool) -> None:
    """Take a OneRoster 1.1 or 1.2 zip, or a staff CSV file: all of it or nothing."""
    if not path.is_file():
        raise click.BadParameter(f"there is no file {path}", param_hint="FILE")
    if path.stat().st_size > LARGEST_FILE:
        raise RosterRefused(f"the file has more than {LARGEST_FILE // 1_000_000} MB")
    if dry_run and token:
        raise click.UsageError("--dry-run changes nothing, so there is nothing to approve")
    sha256 = sha256_of(path)
    with only_reading():  # checked before anything is locked
        district_id = require_district(slug).id
        keys = known_buildings(district_id)
    with opened(path, keys) as file:
        with transaction():
            outcome = take(require_district(slug), file, sha256, COMMAND, dry_run=dry_run, token=token)
            number = outcome.held.id if outcome.held else None
        if number is not None:
            raise Held(_held_words(outcome, slug, path, number))
        _say(outcome, file, json, dry_run)


@roster_group.command("waiting")
@click.option("--district", "slug", required=True, help="The district's short name.")
@as_json
def list_waiting(slug: str, json: bool) -> None:
    """List imports that are held because many people would leave."""
    with transaction():
        rows = waiting(require_district(slug).id)
        listed = [
            {"import": row.id, "source": row.source, "state": row.state, "left": row.counts["left"],
             "expires_at": row.expires_at, "sha256": row.sha256}
            for row in rows
        ]  # fmt: skip
        lines = [f"{row.id}  {row.source}  {row.state}  {in_words(row.counts)}" for row in rows]
        answer(json, "\n".join(lines) or "no import is held", imports=listed)


def _say(outcome: Outcome, file: RosterFile, json: bool, dry_run: bool) -> None:
    report = outcome.report
    counts = report.counts()
    rows = [
        {"file": each.entry.file, "line": each.entry.line, "reason": each.quarantine}
        for each in report.quarantined
    ]
    lines = [in_words(counts) if report.changed else f"{report.rows:,} people read, nothing changed"]
    lines += [f"  {each['file']}:{each['line']}: {QUARANTINED[str(each['reason'])]}" for each in rows[:100]]
    if dry_run:
        lines.append("this was a dry run: nothing was written")
    answer(
        json, "\n".join(lines), source=file.kind, version=file.version, bulk=file.bulk, dry_run=dry_run,
        changed=report.changed, quarantine=rows, **counts,
    )  # fmt: skip


def _held_words(outcome: Outcome, slug: str, path: Path, number: int) -> str:
    left = ", ".join(
        f"{count:,} of {outcome.report.before[audience]:,} {PEOPLE[audience]}"
        for audience, count in sorted(outcome.report.left.items())
    )
    return (
        f"held as import {number}: {left} would leave, and nothing was changed. If that is true, approve it at "
        f"/completion/rosters and run the same command again, or run: "
        f"flask roster import --district {slug} --approve {outcome.token} {shlex.quote(str(path))}"
    )
