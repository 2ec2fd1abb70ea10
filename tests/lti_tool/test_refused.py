"""Refusals kept for IT: one row under the reference the reader was shown, and never more than a stranger may fill."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import db
from lti_tool.connection_models import Refusal
from lti_tool.refused import KEPT, MOST_A_MINUTE
from tests.lti_tool.suite import claims_of


def kept() -> list[Refusal]:
    db.remove()
    return list(db.scalars(sa.select(Refusal).order_by(Refusal.id)))


def test_a_refused_launch_is_found_again_under_the_reference_on_its_page(suite):
    answer = suite.launch(aud="another-tool")
    page = suite.refuses(answer, 401, "meant for another tool")
    (row,) = kept()
    assert row.reference in page
    assert (row.code, row.message) == ("token_refused", "This link was meant for another tool.")
    assert row.platform_id == suite.school.platform.id


def test_a_login_by_get_that_leads_elsewhere_is_kept_too(suite):
    browser = suite.browser()
    parameters = suite.lms.login_parameters("ana", "g4-same-me") | {
        "target_link_uri": "https://evil.example/"
    }
    db.remove()
    suite.refuses(browser.get("/lti/login", query_string=parameters), 400, "not ours")
    (row,) = kept()
    assert row.code == "not_our_address"


def test_a_claim_at_fault_is_named_and_its_value_is_not(suite):
    suite.refuses(suite.launch(**{"https://purl.imsglobal.org/spec/lti/claim/version": "Ana Reyes"}), 400)
    (row,) = kept()
    assert row.cause == "https://purl.imsglobal.org/spec/lti/claim/version"
    assert "Ana" not in f"{row.message} {row.cause}"


def test_the_words_of_the_lms_are_shown_once_and_not_kept(suite):
    browser = suite.browser()
    asked = suite.begin(browser)
    form = {
        "error": "login_required",
        "error_description": "Ana Reyes is not enrolled",
        "state": asked["state"],
    }
    suite.refuses(suite.post(browser, form), 400, "Ana Reyes is not enrolled")
    (row,) = kept()
    assert row.code == "lms_refused"
    assert "Ana" not in f"{row.message} {row.cause}"


def test_an_error_without_our_state_may_come_from_anybody_and_is_not_kept(suite):
    suite.refuses(suite.post(suite.browser(), {"error": "login_required"}), 400, kept=0)


def test_a_stranger_can_not_fill_the_table(suite):
    browser = suite.browser()
    form = suite.form(suite.begin(browser), aud="another-tool")
    for _ in range(MOST_A_MINUTE):
        suite.refuses(suite.post(browser, form), 401)
    suite.refuses(suite.post(browser, form), 401, kept=0)
    assert len(kept()) == MOST_A_MINUTE
    with time_machine.travel(now() + timedelta(seconds=61), tick=False):
        suite.refuses(suite.post(browser, form), 401)


def test_only_the_newest_of_a_platform_are_kept(suite):
    platform, hour_ago = suite.school.platform, now() - timedelta(hours=1)
    db.add_all(
        Refusal(
            district_id=platform.district_id,
            platform_id=platform.id,
            reference=f"old-{number}",
            code="token_refused",
            message="Old.",
            created_at=hour_ago,
        )
        for number in range(KEPT)
    )
    db.commit()
    assert suite.launch(aud="another-tool").status_code == 401
    found = [row.reference for row in kept()]
    assert len(found) == KEPT
    assert found[0] == "old-1"
    assert found[-1] not in ("old-199", "")


def test_what_a_refused_launch_had_done_is_undone_before_the_refusal_is_kept(suite):
    """The nonce of a launch that fails in its last step can be spent by the one that opens."""
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    elsewhere = suite.form(
        {"nonce": "", "state": form["state"]},
        nonce=claims_of(form)["nonce"],
        **{"https://purl.imsglobal.org/spec/lti/claim/target_link_uri": "https://evil.example/"},
    )
    suite.refuses(suite.post(browser, elsewhere), 400, "not ours")
    suite.accepts(suite.post(browser, form))
