"""What the personnel office writes down: paper, equivalent courses, exemptions, more time, access withdrawn, confirmed
and given back, and evidence that is voided."""

from typing import TypeVar

from flask import Blueprint, Response, redirect, request, url_for

from completion import equivalents, exemptions, extensions, paper, revocation_reviews, revocations, voiding
from completion.deadlines import day_after, first_instant
from completion.decision_models import Exemption, Revocation
from completion.extension_models import Extension
from completion.models import Evidence
from completion.policy_texts import AGREEMENT, edition_named
from core.clock import now
from core.database import db
from core.errors import NotFound
from people.current import current_actor, current_district
from people.models import Person
from people.sign_in import current_person
from personnel.guard import asked_of_audience, own_staff, require_personnel
from personnel.schemas import (
    EquivalentSchema,
    ExemptionSchema,
    ExtensionSchema,
    PaperSchema,
    ReinstatementSchema,
    RevocationSchema,
    UpholdSchema,
    VoidSchema,
    read,
)

Row = TypeVar("Row", Evidence, Exemption, Extension, Revocation)

blueprint = Blueprint("personnel_deciding", __name__, url_prefix="/completion/records")
blueprint.before_request(require_personnel)


@blueprint.post("/<person_id>/paper")
def enter_paper(person_id: str) -> Response:
    person, form = own_staff(person_id), read(PaperSchema(), request.form)
    paper.enter(person, edition_named(form["version"]), form["day"], current_person())
    return _to(person, "entered")


@blueprint.post("/paper/<paper_id>/confirm")
def confirm_paper(paper_id: str) -> Response:
    paper.confirm(paper.paper_signature(current_district().id, paper_id), current_person())
    return _to(None, "confirmed")


@blueprint.post("/paper/<paper_id>/send-back")
def send_paper_back(paper_id: str) -> Response:
    paper.send_back(paper.paper_signature(current_district().id, paper_id), current_person())
    return _to(None, "sent_back")


@blueprint.post("/paper/<paper_id>/take-back")
def take_paper_back(paper_id: str) -> Response:
    paper.take_back(paper.paper_signature(current_district().id, paper_id), current_person())
    return _to(None, "paper_taken_back")


@blueprint.post("/<person_id>/equivalent")
def accept_equivalent(person_id: str) -> Response:
    person, form = own_staff(person_id), read(EquivalentSchema(), request.form)
    equivalents.accept(person, AGREEMENT, form["course"], form["day"], current_person())
    return _to(person, "accepted")


@blueprint.post("/<person_id>/evidence/<evidence_id>/void")
def void_evidence(person_id: str, evidence_id: str) -> Response:
    person, form = own_staff(person_id), read(VoidSchema(), request.form)
    found = _theirs(person, voiding.evidence(person.district_id, evidence_id))
    voiding.void(found, current_person(), form["reason"])
    return _to(person, "voided")


@blueprint.post("/<person_id>/exemption")
def give_exemption(person_id: str) -> Response:
    """From now until the end of the day given, district time."""
    person, form = own_staff(person_id), read(ExemptionSchema(), request.form)
    exemptions.exempt(
        person,
        AGREEMENT,
        starts_at=now(),
        ends_at=day_after(form["until"], current_district().timezone),
        reason_code=form["reason"],
        approved_by=current_person(),
        actor=current_actor(),
    )
    return _to(person, "exempted")


@blueprint.post("/<person_id>/exemption/<exemption_id>/end")
def end_exemption(person_id: str, exemption_id: str) -> Response:
    person = own_staff(person_id)
    found = _theirs(person, exemptions.exemption(person.district_id, exemption_id))
    exemptions.end(found, current_actor())
    return _to(person, "ended")


@blueprint.post("/<person_id>/extension")
def give_more_time(person_id: str) -> Response:
    """Through the day given, district time. In the standing as soon as the worker looks, within seconds."""
    person, form = own_staff(person_id), read(ExtensionSchema(), request.form)
    extensions.extend(
        [person], asked_of_audience(person), form["until"], by=current_person(), reason_code=form["reason"]
    )
    return _to(person, "extended")


@blueprint.post("/<person_id>/extension/<extension_id>/end")
def take_time_back(person_id: str, extension_id: str) -> Response:
    person = own_staff(person_id)
    found = _theirs(person, extensions.extension(person.district_id, extension_id))
    extensions.take_back(found, current_actor())
    return _to(person, "taken_back")


@blueprint.post("/<person_id>/revocation")
def withdraw_access(person_id: str) -> Response:
    """From now on, through the day given or without an end; in force at once on every channel. In an emergency for two
    days at most, unless a colleague decides."""
    person, form = own_staff(person_id), read(RevocationSchema(), request.form)
    until, emergency = form["until"], form["emergency"]
    revocations.revoke(
        person,
        reason_code=form["reason"],
        actor=current_actor(),
        decided_by=None if emergency else current_person(),
        ends_at=day_after(until, current_district().timezone) if until else None,
        emergency=emergency,
    )
    return _to(person, "revoked_for_now" if emergency else "revoked")


@blueprint.post("/<person_id>/revocation/<revocation_id>/uphold")
def let_it_stand(person_id: str, revocation_id: str) -> Response:
    """Decide that it stands, until it is looked at again on the day given, district time."""
    person, form = own_staff(person_id), read(UpholdSchema(), request.form)
    found = _theirs(person, revocations.revocation(person.district_id, revocation_id))
    again_at = first_instant(form["review"], current_district().timezone)
    revocation_reviews.uphold(found, current_person(), current_actor(), again_at)
    return _to(person, "upheld")


@blueprint.post("/<person_id>/revocation/<revocation_id>/end")
def give_access_back(person_id: str, revocation_id: str) -> Response:
    person, form = own_staff(person_id), read(ReinstatementSchema(), request.form)
    found = _theirs(person, revocations.revocation(person.district_id, revocation_id))
    revocations.reinstate(found, current_actor(), form["condition"])
    return _to(person, "reinstated")


def _theirs(person: Person, row: Row) -> Row:
    """What the address says is theirs. Raises NotFound."""
    if row.person_id != person.id:
        raise NotFound("This is not of this person.")
    return row


def _to(person: Person | None, told: str) -> Response:
    db.flush()
    if person is None:
        return redirect(url_for("personnel.overview", told=told), 303)  # type: ignore[return-value]
    return redirect(url_for("personnel.show", person_id=person.public_id, told=told), 303)  # type: ignore[return-value]
