"""The public check of a certificate's code, and the keys with which anybody checks a signed record.

Who has the code learns what it stands for and whether it holds; nobody's name. There is nothing to try out: a code
has 65 bits, and every address that is none answers alike.
"""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import undefer
from werkzeug import Response

from completion.checking import fault_of_evidence, held_until, known_keys
from completion.dates import last_day_before, local_day
from completion.evidence_keys import published_keys
from completion.ledger import evidence_of
from completion.models import Evidence, PolicyEdition, Requirement
from completion.requirements import containing
from completion.words import KINDS
from core.clock import now
from core.codes import read_code, written_code
from core.database import db
from core.errors import NotFound
from core.language import written_date
from core.messages import N_
from people.models import District, Person, SchoolYear
from people.sign_in import anyone

blueprint = Blueprint("evidence", __name__, template_folder="templates")
blueprint.before_request(anyone)

SHOWN_OF_A_HASH = 12
"""Characters of a lesson's content hash: enough to tell versions apart on paper."""


class NoSuchCode(NotFound):
    """The one answer to every code that is none, well written or not."""

    code = "no_such_code"
    next_step = N_("Compare it with the certificate, letter by letter, and try again.")


@blueprint.get("/.well-known/evidence-keys")
def keys() -> Response:
    answer = jsonify(keys=published_keys())
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@blueprint.get("/public/evidence/")
def ask() -> str | Response:
    typed = request.args.get("code", "")
    if typed:
        return redirect(url_for("evidence.check", code=read_code(typed) or "unreadable"), 303)
    return render_template("completion/check_code.html", page_name="check-code", band="staff")


@blueprint.get("/public/evidence/<code>")
def check(code: str) -> str:
    row, person, district, year = _found(read_code(code))
    fault = fault_of_evidence(row, known_keys(), person=person, district=district.slug, period=year.name)
    until = held_until(row.jws)
    over = until is not None and until <= now()
    return render_template(
        "completion/checked.html",
        page_name="code-checked",
        band="staff",
        state="doubtful" if fault else "voided" if row.voided_at else "over" if over else "holds",
        until=written_date(last_day_before(until, district.timezone)) if until else None,
        kind=KINDS[row.kind],
        titles=titles_of(row),
        completes=completes(row),
        version=version_of(row),
        year=year.name,
        day=written_date(local_day(row.shown_at, district.timezone)),
        voided_on=written_date(local_day(row.voided_at, district.timezone)) if row.voided_at else None,
        district=district.name,
        code=written_code(row.code or ""),
    )


def titles_of(row: Evidence) -> list[str]:
    """What was shown, as it was called: the agreement, or the course and the lesson in it."""
    kind, _, key = row.part.partition(":")
    if kind == "attestation":
        return list(
            db.scalars(
                sa.select(PolicyEdition.title)
                .where(
                    PolicyEdition.key == key, PolicyEdition.key + "-" + PolicyEdition.version == row.version
                )
                .limit(1)
            )
        )
    ids = containing(row.part)
    courses = db.scalars(sa.select(Requirement.title).where(Requirement.id.in_(ids)).order_by(Requirement.id))
    title: str | None = current_app.extensions["part_title"](key, row.version)
    return [*courses, *([title] if title else [])]


def completes(row: Evidence) -> bool:
    """Whether with this piece everything of one way through a requirement of several parts was shown."""
    if row.voided_at is not None:
        return False
    shown = evidence_of(row.person_id, row.school_year_id)
    ways = db.scalars(sa.select(Requirement.alternatives).where(Requirement.id.in_(containing(row.part))))
    for parts in (parts for way in ways for parts in way if row.part in parts and len(parts) > 1):
        found = [shown[part] for part in parts if part in shown]
        if len(found) == len(parts) and max(found, key=lambda each: (each.shown_at, each.id)).id == row.id:
            return True
    return False


def version_of(row: Evidence) -> str:
    return row.version if row.part.startswith("attestation:") else row.version[:SHOWN_OF_A_HASH]


def _found(code: str | None) -> tuple[Evidence, str, District, SchoolYear]:
    """Raises NoSuchCode."""
    # Asked also for what can be no code: the answer takes as long.
    row: Any = db.execute(
        sa.select(Evidence, Person.public_id, District, SchoolYear)
        .join(Person, Person.id == Evidence.person_id)
        .join(District, District.id == Evidence.district_id)
        .join(SchoolYear, SchoolYear.id == Evidence.school_year_id)
        .where(Evidence.code == (code or ""))
        .options(undefer(Evidence.jws))
    ).one_or_none()
    if row is None:
        raise NoSuchCode(N_("There is no evidence under this code."))
    return row[0], row[1], row[2], row[3]
