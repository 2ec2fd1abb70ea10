"""Assignments and Grades (LTI Advantage Conformance Certification Guide 6.4): one launch, then the tool acts alone."""

import json
import re

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.columns import make_column
from lti_tool.models import Context
from lti_tool.registrations import registered
from lti_tool.results import result_of, results_at
from lti_tool.service_calls import PlatformService
from practice_lms import ABSENT
from tests.lti_tool.grading import PLAIN, deliver_all, want

ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
IMS = "application/vnd.ims.lis"


def service(school) -> PlatformService:
    return PlatformService(registered(school.platform.id))


def test_43_a_launch_with_columns_and_no_column_of_its_own(school):
    """CERT 6.4 "Launch with AGS": `lineitems`, no `lineitem`; and no tool_platform claim either, since the suite
    sends no guid."""
    school.launch("ana", PLAIN, tool_platform=ABSENT)
    db.remove()
    context = db.scalars(sa.select(Context)).one()
    assert context.lineitems_url == school.lms.lineitems_url("g4-room-12")
    assert "https://purl.imsglobal.org/spec/lti-ags/scope/score" in context.ags_scopes.split()


@ALL_KINDS
def test_44_columns_are_looked_through_before_one_is_made(school):
    """CERT 6.4 "GET line items"; AGS 3.2.4: filtered by resource and tag, and an empty list is an answer too."""
    want(school, school.launch("ana", PLAIN).person, 75, PLAIN)
    school.lms.set_fault("status", "lineitems", times=3, status=200, body="[]")
    deliver_all()
    looked = [each for each in school.lms.requests.to("lineitems") if each.method == "GET"]
    assert looked and {each.headers["Accept"] for each in looked} == {f"{IMS}.v2.lineitemcontainer+json"}
    assert f"resource_id={PLAIN}&tag=" in looked[0].query
    assert school.lms.gradebook.result("ana", PLAIN).score == 75


@ALL_KINDS
def test_45_a_column_is_made(school):
    """CERT 6.4 "POST line item"; AGS 3.2.7: a label that is not blank, a maximum above 0, the right media type."""
    want(school, school.launch("ana", PLAIN).person, 75, PLAIN, "My Day in Blocks")
    deliver_all()
    (made,) = [each for each in school.lms.requests.to("lineitems") if each.method == "POST"]
    assert made.headers["Content-Type"] == f"{IMS}.v2.lineitem+json" and made.status == 201
    column = school.lms.gradebook.column(PLAIN)
    assert (column.label, column.score_maximum) == ("My Day in Blocks", 100)


@ALL_KINDS
def test_46_a_score_is_sent(school):
    """CERT 6.4 "POST score"; AGS 3.4.1: every required field, a zone and parts of a second in the timestamp."""
    want(school, school.launch("ana", "g4-same-me").person, 92.5)
    deliver_all()
    (score,) = school.lms.gradebook.scores_for("ana")
    assert score.headers["Content-Type"] == f"{IMS}.v1.score+json"
    assert score.body["userId"] == school.lms.user_id("ana")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", score.body["timestamp"])
    assert (score.body["activityProgress"], score.body["gradingProgress"]) == ("Completed", "FullyGraded")
    assert (score.body["scoreGiven"], score.body["scoreMaximum"]) == (92.5, 100)
    path = school.lms.requests.to("scores")[0].path
    assert path.endswith("/scores")


@ALL_KINDS
def test_47_results_are_read(school):
    """CERT 6.4 "GET results"; AGS 3.3: of one learner by user_id, or of the whole column."""
    for name, score in (("ana", 75), ("ben", 100)):
        want(school, school.launch(name, "g4-same-me").person, score)
    deliver_all()
    url = school.lms.lineitem_url(school.lms.gradebook.column("g4-same-me"))
    school.lms.requests.clear()
    ana = school.lms.user_id("ana")
    assert result_of(service(school), url, ana).percent == 75
    assert result_of(service(school), url, "nobody") is None
    asked = school.lms.requests.to("results")
    assert {each.headers["Accept"] for each in asked} == {f"{IMS}.v2.resultcontainer+json"}
    assert f"user_id={ana}" in asked[0].query.replace("%3A", ":")
    assert sorted(each.score for each in results_at(service(school), url)) == [75, 100]


@ALL_KINDS
def test_47_a_column_of_the_largest_size_is_read_page_by_page(school):
    """AGS 3.3: results are paged like everything else."""
    item = school.lms.gradebook.column("g4-same-me")
    url = school.lms.lineitem_url(item)
    for number in range(3, 27):
        school.lms.gradebook.override(f"pupil{number:02}", item, 50)
    few = url + ("&" if "?" in url else "?") + "limit=5"
    assert len(list(results_at(service(school), few))) == 24
    assert len(school.lms.requests.to("results")) == 5


def test_45_a_platform_that_wants_more_says_so(school):
    """A blank label is refused by the platform, and is a refusal for us, not a breakdown."""
    from lti_tool.service_calls import ServiceRefused

    with pytest.raises(ServiceRefused) as refused:
        make_column(
            service(school), school.lms.lineitems_url("g4-room-12"), label=" ", resource_id="x", tag="y"
        )
    assert refused.value.status == 422 and json.dumps(refused.value.reason)
