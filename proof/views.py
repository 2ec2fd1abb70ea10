"""The page on which an office asks for the evidence of a school year, sees it made, and fetches it."""

import sqlalchemy as sa
from flask import Blueprint, Response, redirect, render_template, request, url_for
from marshmallow import Schema, ValidationError, fields, validate

from completion.dates import local_day, written_time
from core.database import db
from core.errors import NotFound, ToolError
from core.language import written_date
from people.audit import record
from people.current import current_actor, current_district
from people.disclosures import disclose
from people.models import District, SchoolYear
from people.office_doors import require_office
from people.offices import offices_of
from people.sign_in import current_sign_in
from proof.jobs import ask, pack_of, packs_of
from proof.kept import choose, rule_of
from proof.models import EvidencePack, YearFreeze
from proof.pieces import read_pieces

TOLD = {
    "asked": "It is being made. You may close this page and come back.",
    "chosen": "Saved.",
}

blueprint = Blueprint("proof", __name__, url_prefix="/completion/evidence", template_folder="templates")


blueprint.before_request(
    require_office(
        "district", "privacy", words="These pages are for the office of the district and for privacy."
    )
)


class OddForm(ToolError):
    status, code = 422, "odd_form"
    next_step = "Go back, correct it, and send it again. Nothing was changed."


class NotReady(NotFound):
    """It is not made yet, its days are over, or the other office asked for it."""

    code = "pack_not_ready"
    next_step = "Go back to the list of packs and ask for a new one."


class RuleSchema(Schema):
    freeze_after_days = fields.Int(
        required=True, validate=validate.Range(0, 120, error="Choose from 0 to 120 days."),
        error_messages={"invalid": "Choose from 0 to 120 days.", "required": "Choose from 0 to 120 days."},
    )  # fmt: skip
    public_report = fields.Bool(load_default=False)


@blueprint.get("")
def overview() -> str:
    district, offices = current_district(), offices_of(current_sign_in())
    packs = packs_of(district.id)
    return render_template(
        "proof/overview.html",
        page_name="evidence-packs",
        band="staff",
        district=district,
        years=_years(district.id),
        packs=packs,
        may_fetch=lambda pack: pack.office in offices,
        under_way=any(pack.state in ("waiting", "making") for pack, _ in packs),
        rule=rule_of(district.id),
        day=lambda instant: written_date(local_day(instant, district.timezone)),
        time=lambda instant: written_time(instant, district.timezone),
        told=TOLD.get(request.args.get("told", "")),
    )


@blueprint.post("")
def ask_for_one() -> Response:
    district = current_district()
    name = request.form.get("year", "")
    year = db.scalars(sa.select(SchoolYear).filter_by(district_id=district.id, name=name)).one_or_none()
    if year is None:
        raise OddForm("Choose a school year from the list.", field="year")
    ask(
        district.id,
        year,
        deidentified=request.form.get("kind") == "deidentified",
        office=_office(),
        actor=current_actor(),
    )
    return _back("asked")


@blueprint.post("/rules")
def change_rules() -> Response:
    try:
        form = RuleSchema().load(
            {key: value for key, value in request.form.items() if key in RuleSchema().fields}
        )
    except ValidationError as error:
        field, words = next(iter(error.messages_dict.items()))
        raise OddForm(str(words[0]), field=field) from error
    choose(current_district().id, current_actor(), **form)
    return _back("chosen")


@blueprint.post("/<pack_id>/file")
def fetch(pack_id: str) -> Response:
    """By POST: who fetched it is written down before the first byte leaves."""
    district = current_district()
    pack = pack_of(district.id, pack_id)
    if pack.state != "ready" or pack.leased_by is None or pack.office not in offices_of(current_sign_in()):
        raise NotReady("This pack can not be fetched here.")
    year = db.get_one(SchoolYear, pack.school_year_id).name
    record(district.id, current_actor(), "evidence_pack_fetched", f"pack:{pack.public_id}", year=year)
    disclose(district.id, current_actor(), "evidence_pack", "district", pack.people)
    answer = Response(read_pieces(pack.id, pack.leased_by), mimetype="application/zip")
    answer.content_length = pack.size
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(district, pack, year)}"'
    return answer


def _file_name(district: District, pack: EvidencePack, year: str) -> str:
    return f"evidence-{district.slug}-{year}{'-deidentified' if pack.deidentified else ''}.zip"


def _years(district_id: int) -> list[tuple[SchoolYear, YearFreeze | None]]:
    """Newest first."""
    rows = db.execute(
        sa.select(SchoolYear, YearFreeze)
        .outerjoin(YearFreeze, YearFreeze.school_year_id == SchoolYear.id)
        .where(SchoolYear.district_id == district_id)
        .order_by(SchoolYear.starts_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def _office() -> str:
    return "district" if "district" in offices_of(current_sign_in()) else "privacy"


def _back(told: str) -> Response:
    return redirect(url_for("proof.overview", told=told), 303)  # type: ignore[return-value]
