"""flask evidence pack, verify-pack, freeze and rules: beside the commands that check single pieces of evidence."""

import os
import tempfile
from pathlib import Path

import click
import sqlalchemy as sa

from completion.evidence_commands import evidence_group, in_district
from core.cli import answer, as_json
from core.database import db, transaction
from core.errors import Refused
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.cli import require_district
from people.disclosures import disclose
from people.models import District, SchoolYear
from proof import making, verifying
from proof.freezing import fault_of_year
from proof.holding import Scene, scene_of
from proof.kept import choose, rule_of

of_year = click.option("--year", "year_name", required=True, help="The school year, as in 2026-27.")
MOST_SHOWN = 20


class NotWritten(Refused):
    code = "not_written"


class NoSuchYear(Refused):
    code = "no_such_year"


@evidence_group.command("pack")
@in_district
@of_year
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The zip to write."
)
@click.option(
    "--deidentified", is_flag=True, help="Leave out everything with somebody in it, and counts under ten."
)
@as_json
def pack(slug: str, year_name: str, out: Path, deidentified: bool, json: bool) -> None:
    """Write everything that shows what was taught and signed in a school year, for E-rate and CIPA, as one zip.

    It names pupils by their SIS number unless it is de-identified: keep it as you keep pupil records.
    """
    with transaction():
        district, year = _district_and_year(slug, year_name)
    made = _write(out, district, year, deidentified)
    answer(
        json,
        f"wrote {out}: {made.files} files about {made.pupils} pupils of {year.name}, "
        f"content SHA-256 {made.content_sha256}",
        file=str(out), year=year.name, deidentified=deidentified, files=made.files, pupils=made.pupils,
        bytes=out.stat().st_size, content_sha256=made.content_sha256, manifest_sha256=made.manifest_sha256,
    )  # fmt: skip


@evidence_group.command("verify-pack")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--hashes-only", is_flag=True, help="Do not ask who signed it: for a pack of another installation."
)
@as_json
def verify_pack(file: Path, hashes_only: bool, json: bool) -> None:
    """Check every file of a pack against its manifest, and the manifest against its signature; exit 1 and say which."""
    with transaction():
        checked = verifying.check(file, hashes_only=hashes_only)
        noted = _in_the_log(checked)
    if checked.faults and not json:
        for name, what in checked.faults[:MOST_SHOWN]:
            click.echo(f"{name}  {what}")
    if json or not checked.faults:
        of = f"{checked.manifest['district']['slug']} {checked.manifest['year']['name']}"
        signed = "its signature was not asked for" if hashes_only else "the signature holds"
        answer(
            json,
            f"{checked.files} files of {of}, all as the manifest says; {signed}"
            + (f"; entry {noted} of the audit log" if noted else ""),
            files=checked.files, district=checked.manifest["district"]["slug"], year=checked.manifest["year"]["name"],
            audit_entry=noted, faults=[{"file": name, "what": what} for name, what in checked.faults],
        )  # fmt: skip
    if checked.faults:
        raise Refused(f"{len(checked.faults)} faults in {file.name}")


@evidence_group.command("years")
@in_district
@as_json
def years(slug: str, json: bool) -> None:
    """List the school years: open, ended or frozen, and whether what was frozen still stands; exit 1 if not."""
    with transaction():
        district = require_district(slug)
        rows = db.scalars(
            sa.select(SchoolYear).filter_by(district_id=district.id).order_by(SchoolYear.starts_at)
        )
        found = [_year_facts(scene_of(district, each)) for each in rows]
        lines = [
            f"{each['year']}  {each['state']}"
            + (f"  {each['fault'] or 'the figures hold'}" if each["sha256"] else "")
            for each in found
        ]
        answer(json, "\n".join(lines), years=found)
        if any(each["fault"] for each in found):
            raise Refused(f"figures of {slug} are not what was frozen")


@evidence_group.command("rules")
@in_district
@click.option(
    "--freeze-after-days", type=click.IntRange(0, 120), help="Days from the end of a year to its freeze."
)
@click.option(
    "--public-report", type=click.Choice(["on", "off"]), help="Whether anybody may read frozen figures."
)
@as_json
def rules(slug: str, freeze_after_days: int | None, public_report: str | None, json: bool) -> None:
    """Say when a school year is frozen, and whether its figures are public; without options, what holds now."""
    with transaction():
        district = require_district(slug)
        rule = rule_of(district.id)
        days = rule.freeze_after_days if freeze_after_days is None else freeze_after_days
        public = rule.public_report if public_report is None else public_report == "on"
        choose(district.id, COMMAND, freeze_after_days=days, public_report=public)
        answer(
            json,
            f"years of {slug} are frozen {days} days after their end; the public report is {'on' if public else 'off'}",
            freeze_after_days=days,
            public_report=public,
        )


def _year_facts(scene: Scene) -> dict[str, str | None]:
    return {
        "year": scene.year.name,
        "state": scene.state,
        "frozen_at": scene.freeze.frozen_at.isoformat() if scene.freeze else None,
        "sha256": scene.freeze.sha256 if scene.freeze else None,
        "fault": fault_of_year(scene),
    }


def _district_and_year(slug: str, year_name: str) -> tuple[District, SchoolYear]:
    """Raises Refused, NoSuchYear."""
    district = require_district(slug)
    year = db.scalars(sa.select(SchoolYear).filter_by(district_id=district.id, name=year_name)).one_or_none()
    if year is None:
        known = db.scalars(
            sa.select(SchoolYear.name).filter_by(district_id=district.id).order_by(SchoolYear.name)
        )
        raise NoSuchYear(f"{slug} has no school year {year_name}; there are: {', '.join(known)}")
    return district, year


def _write(out: Path, district: District, year: SchoolYear, deidentified: bool) -> making.Made:
    """Whole or not at all: under another name beside it first, which its owner alone may read."""
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    except OSError as error:
        raise NotWritten(f"{out} can not be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            made = making.make(file, district.id, year.id, deidentified=deidentified, by=COMMAND)
            file.flush()
            os.fsync(file.fileno())
        with transaction():
            making.note(district.id, year.name, made, deidentified=deidentified, by=COMMAND)
            if not deidentified:
                disclose(district.id, COMMAND, "evidence_pack", "district", made.pupils)
        Path(beside).replace(out)
    except OSError as error:
        raise NotWritten(f"{out} can not be written: {error.strerror}") from error
    finally:
        Path(beside).unlink(missing_ok=True)
    return made


def _in_the_log(checked: verifying.Checked) -> int | None:
    """The audit entry of the pack's making, in the log of the district that it says it is of."""
    entries = db.execute(
        sa.select(AuditEntry.seq, AuditEntry.detail)
        .join(District, District.id == AuditEntry.district_id)
        .where(
            District.slug == checked.manifest["district"]["slug"],
            AuditEntry.action == "evidence_pack_made",
            AuditEntry.subject == f"year:{checked.manifest['year']['name']}",
        )
        .order_by(AuditEntry.seq.desc())
    )
    return next(
        (seq for seq, detail in entries if detail["manifest_sha256"] == checked.manifest_sha256), None
    )
