"""The list of LMSs, one LMS's page, and what stands approved."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from admin import advice, words
from admin.detail import courses_with_columns, detail_of, refusals_under
from admin.facts import facts_of
from admin.families import family_of
from admin.guard import own_deployment, own_platform, require_administrator
from admin.states import headline, state_of
from completion.dates import written_time
from core.clock import now
from core.current import current_settings
from lti_tool.connection import Check
from lti_tool.frame_origins import frame_origins
from lti_tool.models import Platform
from lti_tool.registering import approve_deployment
from lti_tool.tool_addresses import our_addresses
from lti_tool.trial_score import trial_of
from lti_tool.withdrawing import dismiss, withdraw_approval
from people.current import current_district

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")
blueprint.before_request(require_administrator)

LONGEST_REFERENCE = 40


@dataclass(frozen=True)
class Finding:
    """One check as the page shows it."""

    title: str
    shape: str
    word: str
    words: str
    advice: str


@blueprint.get("/")
def overview() -> str:
    district = current_district()
    listed = [(facts, state_of(facts)) for facts in facts_of(district.id)]
    waiting = [(facts.platform, each) for facts, _ in listed for each in facts.pending]
    reference = _reference()
    return render_template(
        "admin/overview.html",
        page_name="admin",
        band="staff",
        district=district,
        listed=listed,
        waiting=waiting,
        headline=headline([state for _, state in listed], len(waiting)),
        reference=reference,
        refusals=refusals_under(district.id, reference) if reference else [],
        words=words,
        time=lambda at: written_time(at, district.timezone),
        told=request.args.get("told"),
    )


@blueprint.get("/platforms/<int:number>")
def platform_page(number: int) -> str:
    district, platform = current_district(), own_platform(number)
    facts = facts_of(district.id, platform.id)[0]
    state = state_of(facts)
    trial = trial_of(facts.test)
    reference = _reference()
    detail = detail_of(platform, reference, facts.test.context_pk if facts.test else None)
    return render_template(
        "admin/platform.html",
        page_name="admin-platform",
        band="staff",
        district=district,
        platform=platform,
        facts=facts,
        state=state,
        sentence=words.sentence(platform.name, state, facts.checks, facts.refused_lately),
        paused=platform.paused_until is not None and platform.paused_until > now(),
        NOTES=words.NOTES,
        framed_by=frame_origins(platform.issuer, platform.auth_login_url, extra=platform.frame_origins),
        findings=_findings(platform, facts.checks),
        detail=detail,
        courses=courses_with_columns(platform),
        trial=trial,
        trial_words=words.trial_words(trial) if trial else "",
        ours=our_addresses(current_settings().public_url),
        reference=reference,
        words=words,
        time=lambda at: written_time(at, district.timezone),
        told=request.args.get("told"),
    )


def _reference() -> str:
    return request.args.get("reference", "").strip()[:LONGEST_REFERENCE]


def _findings(platform: Platform, checks: list[Check]) -> list[Finding]:
    family = family_of(platform.family, platform.issuer)
    addresses = {
        "jwks_url": platform.jwks_url,
        "auth_token_url": platform.auth_token_url,
        "our_jwks_url": our_addresses(current_settings().public_url)["jwks_url"],
        "audience": platform.token_audience or platform.auth_token_url,
    }
    return [
        Finding(
            words.TITLES[check.name],
            *words.SHAPES[check.outcome],
            words.finding(check),
            advice.advice(check, family, addresses),
        )
        for check in checks
    ]


@blueprint.post("/platforms/<int:number>/deployments/<int:deployment_pk>/approve")
def approve(number: int, deployment_pk: int) -> Response:
    platform = own_platform(number)
    approve_deployment(platform, own_deployment(platform, deployment_pk).deployment_id)
    return _back("approved")


@blueprint.post("/platforms/<int:number>/deployments/<int:deployment_pk>/withdraw")
def withdraw(number: int, deployment_pk: int) -> Response:
    withdraw_approval(own_deployment(own_platform(number), deployment_pk))
    return _back("approval_withdrawn", number)


@blueprint.post("/platforms/<int:number>/deployments/<int:deployment_pk>/dismiss")
def dismiss_deployment(number: int, deployment_pk: int) -> Response:
    dismiss(own_deployment(own_platform(number), deployment_pk))
    return _back("dismissed")


def _back(told: str, number: int | None = None) -> Response:
    """To the list, or to the platform's page, with a word on what happened."""
    place: dict[str, Any] = {"told": told}
    if number is None:
        return redirect(url_for("admin.overview", **place), 303)  # type: ignore[return-value]
    return redirect(url_for("admin.platform_page", number=number, **place), 303)  # type: ignore[return-value]
