"""Assignment and Grade Services beyond the official suite (rows 116 to 125, 128, 129)."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool import line_items
from lti_tool.columns import columns_at, read_column, sub_address
from lti_tool.delivery import deliver_due
from lti_tool.line_items import BeingMade, column_url
from lti_tool.link_header import links_of
from lti_tool.models import LineItem, ResourceLink, ScoreDelivery
from lti_tool.registrations import registered
from lti_tool.scores import delivery_states
from lti_tool.service_calls import PlatformService
from lti_tool.trial_score import NotATestColumn, remove_column, send_trial
from tests.lti_tool.grading import LESSON, PLAIN, deliver_all, let_time_pass, the_delivery, want

ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
COURSE = "g4-room-12"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"


def service(school) -> PlatformService:
    return PlatformService(registered(school.platform.id))


def endpoint(school, lesson: str, **changes) -> dict:
    """The AGS claim of a launch, changed; None takes a field out."""
    claim = school.lms.launch_claims("ana", lesson)[ENDPOINT] | changes
    return {name: value for name, value in claim.items() if value is not None}


def ours(school, lesson: str = PLAIN) -> list:
    return [each for each in school.lms.gradebook.columns(COURSE) if each.resource_id == lesson]


@pytest.mark.parametrize(
    ("column", "name", "expected"),
    [
        ("https://m.example/lineitem?type_id=1", "scores", "https://m.example/lineitem/scores?type_id=1"),
        ("https://c.example/line_items/7", "results", "https://c.example/line_items/7/results"),
        ("https://c.example/line_items/7/", "scores", "https://c.example/line_items/7/scores"),
        ("https://b.example/x?a=b%2Fc&d=", "scores", "https://b.example/x/scores?a=b%2Fc&d="),
    ],
)
def test_116_scores_and_results_go_before_the_query(column, name, expected):
    """Moodle's columns end in ?type_id=1 (AGS 3.3.2, 3.4.2 append to the path)."""
    assert sub_address(column, name) == expected


@ALL_KINDS
def test_117_a_column_and_the_score_scope_are_enough(school):
    """AGS 3.1: a coupled link, and nothing else granted. No column is looked for, made or changed."""
    claim = endpoint(school, LESSON, lineitems=None, scope=[AGS + "score"])
    want(school, school.launch("ana", LESSON, endpoint=claim).person, 75)
    deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 75
    assert not school.lms.requests.to("lineitems") and not school.lms.requests.to("lineitem")


@ALL_KINDS
def test_118_ours_is_found_by_resource_and_tag_where_it_is(school):
    """AGS 3.2.15: a tool must not make what is there. The address was lost, as with a worker that died."""
    want(school, school.launch("ana", PLAIN).person, 75, PLAIN)
    deliver_all()
    with transaction():
        db.execute(sa.update(LineItem).where(LineItem.resource_id == PLAIN).values(url=None))
    want(school, school.launch("ana", PLAIN).person, 90, PLAIN)
    deliver_all()
    assert len(ours(school)) == 1 and school.lms.gradebook.result("ana", PLAIN).score == 90


def test_118_it_is_found_where_the_platform_ignores_our_filters(school, monkeypatch):
    """The filters are optional for platforms; we look through what comes, page by page."""
    from practice_lms import ags

    want(school, school.launch("ana", PLAIN).person, 75, PLAIN)
    deliver_all()
    monkeypatch.setattr(ags, "_fits", lambda _lms, _item: True)
    school.lms.settings = replace(school.lms.settings, page_size=2)
    with transaction():
        db.execute(sa.update(LineItem).where(LineItem.resource_id == PLAIN).values(url=None))
    want(school, school.launch("ana", PLAIN).person, 90, PLAIN)
    deliver_all()
    assert len(ours(school)) == 1 and school.lms.gradebook.result("ana", PLAIN).score == 90


@ALL_KINDS
def test_118_a_column_on_our_link_that_the_launch_did_not_name_is_found(school):
    """With a second column on a link the claim names neither (Moodle: ""): resource_link_id finds it."""
    link = school.lms.world.link(PLAIN)
    school.lms.gradebook.add_column(COURSE, "Made by hand", 50, link=link.key, made_by_tool=True)
    claim = endpoint(school, PLAIN, lineitem="")
    want(school, school.launch("ana", PLAIN, endpoint=claim).person, 80, PLAIN)
    deliver_all()
    assert school.lms.gradebook.result("ana", PLAIN).score == 40 and not ours(school)


def test_118_several_workers_make_one(school):
    """Real threads at one barrier, each with a connection of its own: one makes it, the others come again."""
    school.launch("ana", PLAIN)
    db.remove()
    number = db.scalars(sa.select(ResourceLink.line_item_id)).one()
    db.remove()
    barrier, found = threading.Barrier(5), []

    def work() -> None:
        calls = service(school)
        barrier.wait()
        for _ in range(200):
            try:
                found.append(column_url(calls, number))
                return
            except BeingMade:
                threading.Event().wait(0.02)

    workers = [threading.Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert len(ours(school)) == 1 and len(found) == 5 and len(set(found)) == 1


def test_118_a_worker_that_took_too_long_does_not_make_a_second(school, monkeypatch):
    """Its lease ran out while it looked, and another made the column meanwhile."""
    school.launch("ana", PLAIN)
    db.remove()
    number = db.scalars(sa.select(ResourceLink.line_item_id)).one()
    db.remove()
    find = line_items.find_column

    def slowly(*given):
        found = find(*given)
        with transaction():
            db.execute(sa.update(LineItem).values(leased_until=LineItem.created_at))
        monkeypatch.setattr(line_items, "find_column", find)
        column_url(service(school), number)
        return found

    monkeypatch.setattr(line_items, "find_column", slowly)
    with pytest.raises(BeingMade):
        column_url(service(school), number)
    assert len(ours(school)) == 1


@ALL_KINDS
def test_118_a_column_somebody_deleted_is_made_again(school):
    """Ours is made anew with the next score; the old one is not asked for again."""
    want(school, school.launch("ana", PLAIN).person, 75, PLAIN)
    deliver_all()
    school.lms.gradebook.delete_column(PLAIN)
    want(school, school.launch("ana", PLAIN).person, 90, PLAIN)
    deliver_all()
    assert len(ours(school)) == 1 and school.lms.gradebook.result("ana", PLAIN).score == 90


def test_118_a_coupled_column_somebody_deleted_is_said_to_be_gone(school):
    want(school, school.launch("ana", LESSON).person, 75)
    school.lms.gradebook.delete_column(LESSON)
    deliver_all()
    assert "the gradebook column or the course is gone" in the_delivery().problem


@ALL_KINDS
def test_118_our_column_follows_the_lessons_title_and_a_teachers_title_stays(school):
    """AGS 3.2.8 PUT: everything else goes back as it came."""
    ana = school.launch("ana", PLAIN).person
    want(school, ana, 50, PLAIN, "My Day")
    deliver_all()
    want(school, ana, 60, PLAIN, "My Day in Blocks")
    deliver_all()
    (column,) = ours(school)
    assert (column.label, column.score_maximum, column.resource_id) == ("My Day in Blocks", 100, PLAIN)
    column.label = "Screen time (Ms. Cruz)"
    want(school, ana, 70, PLAIN, "My Day, in Blocks")
    deliver_all()
    assert column.label == "Screen time (Ms. Cruz)"
    assert school.lms.gradebook.result("ana", PLAIN).score == 70


def test_118_a_platform_that_lets_nobody_change_columns_takes_the_score(school):
    """The look at a column is a courtesy: a 403 to it holds up nothing, and is not repeated with each score."""
    ana = school.launch("ana", LESSON).person
    school.lms.set_fault("status", "lineitem", status=403)
    for score in (50, 60, 70):
        want(school, ana, score)
        deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 70
    assert len(school.lms.requests.to("lineitem")) == 1


@ALL_KINDS
def test_118_only_a_test_column_is_ever_deleted(school):
    """IT's connection test makes one and takes it away; nothing else of ours deletes grades (AGS 3.2.9)."""
    platform, url = registered(school.platform.id), school.lms.lineitems_url(COURSE)
    before = len(school.lms.gradebook.columns(COURSE))
    trial = send_trial(platform, 1, url, school.lms.launch_claims("ana", LESSON)["sub"], "canvas")
    assert (trial.kind, len(school.lms.gradebook.columns(COURSE))) == ("good", before + 1)
    assert remove_column(platform, trial.column) is None
    assert len(school.lms.gradebook.columns(COURSE)) == before
    with pytest.raises(NotATestColumn):
        remove_column(platform, school.lms.lineitem_url(school.lms.gradebook.column(LESSON)))
    assert len(school.lms.gradebook.columns(COURSE)) == before


@pytest.mark.parametrize("claim", [None, {}, {"scope": []}, {"scope": [AGS + "result.readonly"]}], ids=str)
def test_119_without_a_column_the_work_is_recorded_and_the_teacher_reads_why(curriculum, school, claim):
    """AGS 3.1: neither address, or no scope. Nothing waits for ever, and the class page says what is missing."""
    from completion import ledger
    from people.models import Person
    from people.school_years import current_school_year

    claim = claim if not claim else claim | {"lineitems": school.lms.lineitems_url(COURSE)}
    ana = school.launch("ana", LESSON, endpoint=claim).person
    with transaction():
        person, year = db.get_one(Person, ana.id), current_school_year(school.district.id)
        ledger.record_score(person, f"lesson:{LESSON}", year, 90)
    want(school, ana, 90)
    assert deliver_due() == 0 and delivery_states(ana.id, f"/lessons/g4/{LESSON}") == []
    page = school.launch("cruz", LESSON, endpoint=claim).get(f"/completion/class?lesson={LESSON}").text
    assert "90" in page and "has no gradebook column" in page


@ALL_KINDS
def test_120_further_pages_are_followed_as_they_are_given(school):
    """AGS 3.2.4: the next address unchanged. Cursors in mixed case; Moodle's header in curly quotes with &amp;."""
    for number in range(7):
        school.lms.gradebook.add_column(COURSE, f"Column {number}", 10)
    url = school.lms.lineitems_url(COURSE)
    school.lms.requests.clear()
    few = url + ("&" if "?" in url else "?") + "limit=4"
    found = list(columns_at(service(school), few))
    assert len(found) == len(school.lms.gradebook.columns(COURSE))
    assert len(school.lms.requests.to("lineitems")) == -(-len(found) // 4)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('<https://l.example/a?p=AbC>; rel="next"', {"next": "https://l.example/a?p=AbC"}),
        ("<https://l.example/a>; rel=next", {"next": "https://l.example/a"}),
        ("<https://l.example/a>; title=x; rel='next'", {"next": "https://l.example/a"}),
        ('</more?p=2>; rel="next"', {"next": "https://l.example/more?p=2"}),
        ('<https://l.example/a,b;c>; rel="next last"', dict.fromkeys(("next", "last"), "https://l.example/a,b;c")),
        ("<https://l.example/a?x=1&amp;y=2>; rel=“next”".encode().decode("latin-1"),
         {"next": "https://l.example/a?x=1&y=2"}),
        ('<https://l.example/a>; rel="first", <https://l.example/b>; rel="next"',
         {"first": "https://l.example/a", "next": "https://l.example/b"}),
        ('<https://l.example/a>; rel="prev"', {"prev": "https://l.example/a"}),
        ("", {}), (None, {}), ("next", {}), ("<>; rel", {}),
    ],
)  # fmt: skip
def test_120_link_headers(header, expected):
    """RFC 8288, and what platforms make of it."""
    assert links_of(header, "https://l.example/first") == expected


def test_120_a_next_page_that_leads_back_ends_the_search(school):
    """Nothing is made on the strength of half a listing; the score waits."""
    want(school, school.launch("ana", PLAIN).person, 75, PLAIN)
    school.lms.set_fault("next_page_loop", "lineitems")
    deliver_due()
    assert the_delivery().state == "waiting" and not ours(school)


@ALL_KINDS
def test_121_timestamps_rise_by_whole_seconds_whoever_sends(school):
    """AGS 3.4.9, and Moodle compares whole seconds: two scores within one second are a second apart."""
    ana = school.launch("ana", LESSON).person
    for score in (50, 60, 70):
        want(school, ana, score)
        deliver_due()
    sent = [each.body["timestamp"] for each in school.lms.gradebook.scores_for("ana")]
    assert len(sent) == 3 and sent == sorted(sent) and len({each[:19] for each in sent}) == 3
    assert all(each.endswith("Z") and each[19] == "." for each in sent)


def test_122_scores_of_one_learner_go_one_at_a_time_and_in_order(school):
    """Four workers at once while the score improves: what the LMS received never goes back in time."""
    ana = school.launch("ana", LESSON).person
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            deliver_due()
            done.wait(0.005)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for score in range(10, 100, 10):
        want(school, ana, score)
    done.wait(0.5)
    done.set()
    for worker in workers:
        worker.join(timeout=30)
    deliver_all()
    received = school.lms.gradebook.scores_for("ana")
    times = [each.body["timestamp"] for each in received]
    assert {each.status for each in received} == {200} and times == sorted(set(times))
    assert school.lms.gradebook.result("ana", LESSON).score == 90


@ALL_KINDS
def test_123_nothing_that_could_wipe_a_grade_is_ever_sent(school):
    """Canvas and Moodle clear a grade that is sent as anything but FullyGraded: there is a score, or no message."""
    ana = school.launch("ana", LESSON).person
    assert deliver_due() == 0 and school.lms.gradebook.scores == [], "beginning a lesson sends nothing"
    for score in (0, 100):
        want(school, ana, score)
        deliver_all()
    for each in school.lms.gradebook.scores:
        assert (each.body["activityProgress"], each.body["gradingProgress"]) == ("Completed", "FullyGraded")
        assert "scoreGiven" in each.body


@ALL_KINDS
def test_124_after_an_unknown_outcome_the_same_score_goes_again(school):
    """Same body, same timestamp; "already there" counts as done once the platform's own result says so."""
    ana = school.launch("ana", LESSON).person
    want(school, ana, 75)
    school.lms.set_fault("lost_answer", "scores", times=1)
    deliver_due()
    let_time_pass()
    deliver_due()
    received = school.lms.gradebook.scores_for("ana")
    assert the_delivery().state == "sent" and len(received) == 2
    assert received[0].body["timestamp"] == received[1].body["timestamp"]
    assert school.lms.gradebook.result("ana", LESSON).score == 75


@ALL_KINDS
@pytest.mark.parametrize("who", ["cruz", "pupil03"], ids=["a teacher", "somebody who left"])
def test_125_a_person_who_can_not_be_graded_ends_the_tries(school, who):
    """Canvas 422, Moodle and others 400; the reason in words, and no endless retry."""
    person = school.launch(who, LESSON).person
    if who == "pupil03":
        school.lms.memberships.leave(who, COURSE)
    want(school, person, 75)
    deliver_all()
    row = the_delivery()
    assert row.state == "refused" and "can not grade this person" in row.problem
    assert len(school.lms.requests.to("scores")) == 1


@pytest.mark.parametrize(
    ("status", "words"), [(404, "the course is gone"), (403, "does not let this service write grades here")]
)
def test_125_a_course_that_is_over_or_closed_to_us_is_said_so(school, status, words):
    """A concluded course: 404 on Canvas."""
    want(school, school.launch("ana", LESSON).person, 75)
    school.lms.set_fault("status", "scores", status=status)
    deliver_all()
    assert the_delivery().state == "refused" and words in the_delivery().problem


@ALL_KINDS
def test_128_a_maximum_changed_in_the_lms_does_no_harm(school):
    """We send our own pair, 80 of 100, and the platform scales. No teacher's grade is seen in the new figures."""
    ana = school.launch("ana", LESSON).person
    want(school, ana, 80)
    deliver_all()
    school.lms.gradebook.change_maximum(LESSON, 20)
    want(school, ana, 90)
    deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 18
    assert {each.body["scoreMaximum"] for each in school.lms.gradebook.scores} == {100}
    assert the_delivery().state == "sent"


@ALL_KINDS
def test_129_a_comment_says_nothing_of_the_answers(school):
    """Plain text, the same for everybody: no name, no answer, no markup. Moodle wipes a comment without one."""
    for name, score in (("ana", 40), ("ben", 90)):
        want(school, school.launch(name, LESSON).person, score)
    deliver_all()
    comments = {each.body.get("comment") for each in school.lms.gradebook.scores}
    assert comments in ({None}, {"Best score in this lesson so far."})
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(ScoreDelivery)) == 2


def test_118_what_we_read_of_a_column(school):
    """AGS 3.2.6: one column by its address."""
    item = school.lms.gradebook.column(LESSON)
    column = read_column(service(school), school.lms.lineitem_url(item))
    assert (column.label, column.resource_id, column.tag) == (item.label, LESSON, item.tag)
    assert column.link_id == school.lms.link_id(LESSON)
