"""flask policy: which editions of an agreement there are, their exact texts, and the yearly look at them."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from completion import policy_texts
from completion.models import Attestation, PolicyEdition, PolicyText
from core.cli import answer, as_json
from core.database import db, transaction
from core.errors import Refused
from people.audit import COMMAND, record
from people.cli import require_district
from people.models import District

policy_group = AppGroup("policy", help="Agreements: their editions and texts, and that they were reviewed.")
in_district = click.option("--district", "slug", required=True, help="The district's short name.")
of_agreement = click.option(
    "--key", default=policy_texts.AGREEMENT, show_default=True, help="Which agreement."
)


@policy_group.command("list")
@in_district
@of_agreement
@as_json
def list_editions(slug: str, key: str, json: bool) -> None:
    """List the editions, newest first, each with the texts of it that people of the district signed."""
    with transaction():
        district = require_district(slug)
        editions = policy_texts.editions_of(key)
        current = policy_texts.current_edition(key) if editions else None
        signed = _signed(district, key)
        found = [_facts(each, signed.get(each.version, []), each is current) for each in editions]
        lines = [_line(each) for each in found]
        answer(json, "\n".join(lines) or f"there is no agreement {key} yet", editions=found)


@policy_group.command("text")
@in_district
@of_agreement
@click.option("--version", help="That edition, as the district fills it today.")
@click.option("--sha256", help="The very text that was signed, by its fingerprint.")
def text(slug: str, key: str, version: str | None, sha256: str | None) -> None:
    """Print a text byte for byte: `| sha256sum` gives the fingerprint that stands on the signed copies."""
    if (version is None) == (sha256 is None):
        raise click.UsageError("say either --version or --sha256")
    with transaction():
        district = require_district(slug)
        if version is not None:
            edition = policy_texts.edition_named(version, key)
            words = policy_texts.text_of(edition, district).text
        else:
            words = _kept_text(district, key, str(sha256))
        click.echo(words.encode(), nl=False)


@policy_group.command("reviewed")
@in_district
@of_agreement
@as_json
def reviewed(slug: str, key: str, json: bool) -> None:
    """Write down that the district looked at its agreement this year and left it as it is (RCW 28A.650.045)."""
    with transaction():
        district = require_district(slug)
        edition = policy_texts.current_edition(key)
        version = f"{key}-{edition.version}"
        record(
            district.id, COMMAND, "policy_reviewed", f"policy:{version}",
            outcome="no_change", text_sha256=policy_texts.text_of(edition, district).sha256,
        )  # fmt: skip
        answer(
            json,
            f"noted: {slug} reviewed {version} and left it as it is",
            policy=version,
            outcome="no_change",
        )


def _signed(district: District, key: str) -> dict[str, list[tuple[str, int]]]:
    """{version: [(sha256, how many signatures)]} of one district."""
    rows = db.execute(
        sa.select(PolicyText.version, PolicyText.sha256, sa.func.count())
        .join(Attestation, Attestation.policy_text_id == PolicyText.id)
        .where(Attestation.district_id == district.id, PolicyText.key == key, Attestation.voided_at.is_(None))
        .group_by(PolicyText.version, PolicyText.sha256)
        .order_by(PolicyText.sha256)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for version, sha256, count in rows:
        found.setdefault(version, []).append((sha256, count))
    return found


def _facts(edition: PolicyEdition, signed: list[tuple[str, int]], current: bool) -> dict[str, object]:
    return {
        "version": edition.version,
        "current": current,
        "change": edition.change,
        "approved_by": edition.approved_by,
        "effective_at": edition.effective_at.isoformat() if edition.effective_at else None,
        "reattest_by": edition.reattest_by.isoformat() if edition.reattest_by else None,
        "signed": [{"sha256": sha256, "signatures": count} for sha256, count in signed],
    }


def _line(edition: dict[str, object]) -> str:
    first = f"{edition['version']}  {edition['change']}{'  current' if edition['current'] else ''}"
    if edition["approved_by"]:
        first += f"\n    approved by {'; '.join(edition['approved_by'])}"  # type: ignore[arg-type]
    signed: list[dict[str, object]] = edition["signed"]  # type: ignore[assignment]
    return "\n".join([first, *(f"    {each['signatures']} signed {each['sha256']}" for each in signed)])


def _kept_text(district: District, key: str, sha256: str) -> str:
    """Raises Refused for a text that nobody of this district signed."""
    found = db.scalars(
        sa.select(PolicyText.text)
        .join(Attestation, Attestation.policy_text_id == PolicyText.id)
        .where(
            Attestation.district_id == district.id, PolicyText.key == key, PolicyText.sha256 == sha256.lower()
        )
        .limit(1)
    ).one_or_none()
    if found is None:
        raise Refused(f"nobody of {district.slug} signed a text of {key} with this fingerprint")
    return found
