"""What the personnel office writes down: paper, equivalent courses, exemptions, more time, access withdrawn and given
back, and evidence that is voided."""

from flask import Blueprint, Response, redirect, request, url_for

from completion import equivalents, exemptions, extensions, paper, revocations, voiding
from completion.deadlines import day_after
from completion.policy_texts import AGREEMENT, edition_named
from core.clock import now
from core.database import db
from core.errors import NotFound
from people.audit import Actor
from people.models import Person
from people.sign_in import current_person
from personnel.guard import asked_of_audience, own_district, own_staff, require_personnel
from personnel.schemas import (
    EquivalentSchema,
    ExemptionSchema,
    ExtensionSchema,
    PaperSchema,
    ReinstatementSchema,
    RevocationSchema,
    VoidSchema,
    read,
)

blueprint = Blueprint("personnel_deciding", __name__, url_prefix="/completion/records")
blueprint.before_request(require_personnel)


@blueprint.post("/<person_id>/paper")
def enter_paper(person_id: str) -> Response:
    person, form = own_staff(person_id), read(PaperSchema(), request.form)
    paper.enter(person, edition_named(form["version"]), form["day"], current_person())
    return _to(person, "entered")


@blueprint.post("/paper/<paper_id>/confirm")
def confirm_paper(paper_id: str) -> Response:
    paper.confirm(paper.paper_signature(own_district().id, paper_id), current_person())
    return _to(None, "confirmed")


@blueprint.post("/paper/<paper_id>/send-back")
def send_paper_back(paper_id: str) -> Response:
    paper.send_back(paper.paper_signature(own_district().id, paper_id), current_person())
    return _to(None, "sent_back")


@blueprint.post("/<person_id>/equivalent")
def accept_equivalent(person_id: str) -> Response:
    person, form = own_staff(person_id), read(EquivalentSchema(), request.form)
    equivalents.accept(person, AGREEMENT, form["course"], form["day"], current_person())
    return _to(person, "accepted")


@blueprint.post("/<person_id>/evidence/<evidence_id>/void")
def void_evidence(person_id: str, evidence_id: str) -> Response:
    person, form = own_staff(person_id), read(VoidSchema(), request.form)
    found = voiding.evidence(person.district_id, evidence_id)
    if found.person_id != person.id:
        raise NotFound("This evidence is not of this person.")
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
        ends_at=day_after(form["until"], own_district().timezone),
        reason_code=form["reason"],
        approved_by=current_person(),
        actor=_actor(),
    )
    return _to(person, "exempted")


@blueprint.post("/<person_id>/exemption/<exemption_id>/end")
def end_exemption(person_id: str, exemption_id: str) -> Response:
    person = own_staff(person_id)
    found = exemptions.exemption(person.district_id, exemption_id)
    if found.person_id != person.id:
        raise NotFound("This exemption is not of this person.")
    exemptions.end(found, _actor())
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
    found = extensions.extension(person.district_id, extension_id)
    if found.person_id != person.id:
        raise NotFound("This extension is not of this person.")
    extensions.take_back(found, _actor())
    return _to(person, "taken_back")


@blueprint.post("/<person_id>/revocation")
def withdraw_access(person_id: str) -> Response:
    """From now on, through the day given or without an end; in force at once on every channel."""
    person, form = own_staff(person_id), read(RevocationSchema(), request.form)
    until = form["until"]
    revocations.revoke(
        person,
        reason_code=form["reason"],
        actor=_actor(),
        decided_by=current_person(),
        ends_at=day_after(until, own_district().timezone) if until else None,
    )
    return _to(person, "revoked")


@blueprint.post("/<person_id>/revocation/<revocation_id>/end")
def give_access_back(person_id: str, revocation_id: str) -> Response:
    person, form = own_staff(person_id), read(ReinstatementSchema(), request.form)
    found = revocations.revocation(person.district_id, revocation_id)
    if found.person_id != person.id:
        raise NotFound("This revocation is not of this person.")
    revocations.reinstate(found, _actor(), form["condition"])
    return _to(person, "reinstated")


def _actor() -> Actor:
    return Actor.person(current_person().public_id)


def _to(person: Person | None, told: str) -> Response:
    db.flush()
    if person is None:
        return redirect(url_for("personnel.overview", told=told), 303)  # type: ignore[return-value]
    return redirect(url_for("personnel.show", person_id=person.public_id, told=told), 303)  # type: ignore[return-value]
