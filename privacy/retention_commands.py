"""flask retention: how long a district keeps what, and carrying it out."""

from pathlib import Path

import click
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.current import current_settings
from core.database import only_reading, transaction
from held.kinds import FIXED, KINDS
from held.schedule import set_term, terms_of
from people.audit import COMMAND
from people.cli import require_district
from privacy.purging import purge_due, what_is_due

retention_group = AppGroup("retention", help="How long a district keeps what.")
in_district = click.option("--district", "slug", required=True, help="The district's short name.")


@retention_group.command("show")
@in_district
@as_json
def show(slug: str, json: bool) -> None:
    """Show the schedule: each kind, its term, and the bounds within which it may be set."""
    with transaction():
        terms = terms_of(require_district(slug).id)
    lines = [
        f"{kind:<16}{terms[kind]!s:<6}{rule.least} to {rule.most}, from {rule.counted_from}"
        for kind, rule in KINDS.items()
    ]
    lines += [f"{kind:<16}{how_long}, not to be set" for kind, (_title, how_long) in FIXED.items()]
    facts = {
        kind: {
            "term": str(terms[kind]),
            "least": str(rule.least),
            "most": str(rule.most),
            "because": rule.because,
        }
        for kind, rule in KINDS.items()
    }
    answer(json, "\n".join(lines), kinds=facts)


@retention_group.command("set")
@in_district
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("term")
@as_json
def set_one(slug: str, kind: str, term: str, json: bool) -> None:
    """Set the term of one kind, such as 90d or 6y. What the law does not allow is refused."""
    with transaction():
        before, after = set_term(require_district(slug), kind, term, COMMAND)
        answer(json, f"{kind}: {after} (was {before})", kind=kind, before=str(before), term=str(after))


@retention_group.command("run")
@click.option("--district", "slug", help="With --dry-run: the district to look at.")
@click.option("--dry-run", is_flag=True, help="Say what is past its term, and change nothing.")
@as_json
def run(slug: str | None, dry_run: bool, json: bool) -> None:
    """Set aside and destroy what is past its term, in all districts; the worker does the same by itself."""
    folder = Path(current_settings().retention_folder)
    if dry_run:
        if slug is None:
            raise click.UsageError("--dry-run needs --district")
        with only_reading():
            found = what_is_due(require_district(slug), folder)
        lines = [f"{name:<26}{count}" for name, count in found.items()]
        answer(json, "\n".join(lines) or "nothing is past its term", due=found)
        return
    if slug is not None:
        raise click.UsageError("--district goes with --dry-run; a run does every district")
    done = 0
    while True:
        with transaction():
            count = purge_due(folder)
        if count == 0:
            break
        done += count
    answer(json, f"{done} rows were past their term and are gone; copies stand in {folder}", rows=done)
