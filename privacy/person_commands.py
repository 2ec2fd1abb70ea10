"""flask person: everything held about somebody, and its destruction."""

import json as json_module
from pathlib import Path

import click
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import transaction
from core.errors import Refused
from people.audit import COMMAND, record
from people.cli import require_district
from privacy.collecting import everything_about
from privacy.erasing import Plan, certificate, erase, plan_for
from privacy.finding import find_person

person_group = AppGroup("person", help="What is held about one person.")
in_district = click.option("--district", "slug", required=True, help="The district's short name.")
whom = click.option("--id", "name", required=True, help="sis:100001, email:..., username:... or id:p_...")
into = click.option(
    "--out",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)


@person_group.command("export")
@in_district
@whom
@into
@as_json
def export(slug: str, name: str, target: Path, json: bool) -> None:
    """Write everything held about a person into a JSON file that nobody else can read."""
    with transaction():
        district = require_district(slug)
        person = find_person(district, name)
        found = everything_about(person, COMMAND, "person_export")
        record(district.id, COMMAND, "person_exported", f"person:{person.public_id}")
        _write_privately(target, json_module.dumps(found, indent=1, ensure_ascii=False))
        rows = sum(len(each) for each in found["records"].values())
        answer(json, f"{rows} rows in {target}", person=person.public_id, rows=rows, file=str(target))


@person_group.command("erase")
@in_district
@whom
@click.option("--yes", is_flag=True, help="Do it. Without this the command only says what it would do.")
@click.option(
    "--out", "target", type=click.Path(dir_okay=False, path_type=Path), help="Where the certificate goes."
)
@as_json
def erase_person(*, slug: str, name: str, yes: bool, target: Path | None, json: bool) -> None:
    """Destroy what is held about a person, except staff evidence within its term. Refused under a legal hold."""
    with transaction():
        district = require_district(slug)
        person = find_person(district, name)
        if not yes:
            plan = plan_for(person)
            answer(json, _said(plan), done=False, **vars(plan))
            return
        made = erase(person, COMMAND)
        said = certificate(made, district) | {"sha256": made.sha256}
        if target is not None:
            _write_privately(target, json_module.dumps(said, indent=1))
        words = f"erased; certificate {made.public_id}, SHA-256 {made.sha256}"
        answer(json, words, done=True, certificate=said)


def _said(plan: Plan) -> str:
    lines = [f"would remove  {name:<22}{count}" for name, count in plan.removed.items()]
    lines += [f"would keep    {name:<22}{count}" for name, count in plan.kept.items()]
    lines += [f"but           {each}" for each in plan.comes_back]
    if plan.under_hold:
        lines.append("but           a legal hold covers this person, so it would be refused")
    return "\n".join([*lines, "nothing is changed yet; add --yes to do it"])


def _write_privately(target: Path, text: str) -> None:
    """Raises Refused where no new file can be made; the transaction around it then undoes everything."""
    try:
        target.touch(mode=0o600, exist_ok=False)
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(f"{target} can not be written: {error.strerror}") from error
