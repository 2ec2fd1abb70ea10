"""IT's page: what it says, what it does, and who stays outside."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from completion.models import Evidence
from core.clock import now
from core.database import db
from feeds import setting_up
from feeds.models import Feed
from people import offices
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure
from people.merging import merge
from people.models import Person
from people.roster_models import Building, RosterInterval
from people.sign_in import OPERATOR
from tests.browsers import sign_in_browser
from tests.feeds.receiver import says, taken, verified

PAGES = ("/admin/feeds/", "/admin/feeds/forecast", "/admin/feeds/person")


@pytest.fixture
def it(signed_in, make_person):
    """Somebody who holds the office of IT; their LMS knows them as nobody in particular."""
    person = make_person("staff")
    offices.give(person, "it", COMMAND)
    db.commit()
    return signed_in("learner", person=person)


def words(answer) -> str:
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def do(it, path: str, **form):
    answer = it.post(f"/admin/feeds{path}", data=form)
    assert answer.status_code == 303, answer.text
    return words(it.get(answer.headers["Location"].removeprefix("http://localhost")))


def test_nobody_is_told_yet(it):
    assert "Nobody is told of changes yet." in words(it.get("/admin/feeds/"))


def test_a_webhook_is_added_and_its_secret_shown_once(it, receiver, change, deliver):
    answer = it.post("/admin/feeds/add", data={"name": "SIEM", "url": receiver.url})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.text).group()
    feed = db.scalars(sa.select(Feed)).one()
    assert secret not in it.get(f"/admin/feeds/{feed.id}").text
    assert receiver.url not in it.get(f"/admin/feeds/{feed.id}").text, "the path is often the key"
    change()
    deliver()
    assert verified(secret, receiver.got[0])
    entry = db.scalars(sa.select(AuditEntry).filter_by(action="feed_added")).one()
    assert entry.actor == f"person:{it.person.public_id}"


@pytest.mark.parametrize("url", ["ftp://x.example/", "https://user:pw@x.example/", ""])
def test_with_an_odd_address_the_form_comes_back_filled(it, url):
    answer = it.post("/admin/feeds/add", data={"name": "SIEM <b>", "url": url})
    assert answer.status_code == 400 and "Not added" in answer.text and "SIEM &lt;b&gt;" in answer.text
    assert db.scalars(sa.select(Feed)).all() == []


def test_it_says_how_far_a_feed_is_behind_what_went_wrong_and_when_it_is_tried_again(
    it, hook, receiver, change, deliver, later
):
    receiver.answer = says(503)
    change(), change()
    deliver()
    with later(minutes=4):
        page = words(it.get("/admin/feeds/"))
    assert "1 of 1 feed needs a look." in page
    assert "2 changes, the oldest for 4 minutes" in page
    assert "It answered 503" in page and "Next try:" in page


def test_a_feed_that_was_switched_off_says_so_and_is_resumed(it, hook, receiver, change, deliver):
    receiver.answer = says(410)
    change()
    deliver()
    page = words(it.get("/admin/feeds/"))
    assert "Switched off: it answered 410" in page
    receiver.answer = taken
    assert "It goes on now" in do(it, f"/{hook.id}/resume")
    deliver()
    assert receiver.seqs == [1, 1]
    assert "The feed works." in words(it.get("/admin/feeds/"))


def test_test_pause_replay_secret_and_removal(it, hook, receiver, change, deliver):
    assert "The test was taken." in do(it, f"/{hook.id}/test")
    assert receiver.got[0].event["type"] == "feed.test"
    assert "taken, 204" in words(it.get(f"/admin/feeds/{hook.id}"))
    assert "Paused" in do(it, f"/{hook.id}/pause")
    change()
    deliver()
    assert len(receiver.got) == 1
    do(it, f"/{hook.id}/resume")
    deliver()
    do(it, f"/{hook.id}/replay", first="1")
    fresh = re.search(r"whsec_[A-Za-z0-9+/=]+", it.post(f"/admin/feeds/{hook.id}/secret").text).group()
    deliver()
    assert [each.seq for each in receiver.got[1:]] == [1, 1]
    assert verified(fresh, receiver.got[-1])
    assert "The feed is removed." in do(it, f"/{hook.id}/remove")
    assert db.scalars(sa.select(Feed)).all() == []


def test_a_test_that_is_not_taken_says_why(it, hook, receiver):
    receiver.answer = says(404)
    page = do(it, f"/{hook.id}/test")
    assert "The test was not taken" in page and "It answered 404" in page
    assert it.post(f"/admin/feeds/{hook.id}/test").status_code == 429


@pytest.mark.parametrize("first", ["", "x", "-1", "9" * 19, "7", "١"])
def test_an_odd_place_in_the_log_is_refused(it, hook, first):
    answer = it.post(f"/admin/feeds/{hook.id}/replay", data={"first": first})
    assert answer.status_code in (400, 409)


def test_a_held_file_is_written_when_it_says_so(it, district, tmp_path, again):
    feed = setting_up.add_files(district, "files", str(tmp_path), ("gam",), COMMAND)
    feed.made = {
        "full_at": "2026-11-24T10:00:00Z",
        "rows": {"gam_full.csv": 10},
        "held": {"rows": {"gam_full.csv": 3}},
    }
    feed.last_error = "shrunk"
    db.commit()
    assert "lost more than a fifth" in words(it.get(f"/admin/feeds/{feed.id}"))
    assert "The smaller file is right" in do(it, f"/{feed.id}/accept")
    assert again(feed).made["rows"] == {"gam_full.csv": 3} and again(feed).last_error is None


def test_one_person_with_the_facts_behind_the_answer_and_no_reason(it, hook, change, district, year, deliver):
    ann = change("exempt", "allow", reason="exempt_medical", would_be="limited")
    school = Building(district_id=district.id, key="elm", name="Elm Elementary")
    db.add(school)
    db.flush()
    db.add(
        RosterInterval(
            district_id=district.id, person_id=ann.id, building_id=school.id, audience="staff", job="teacher",
            starts_at=datetime(2026, 8, 20, 7, tzinfo=UTC), source="staff_csv",
        )
    )  # fmt: skip
    for kind, part, void in (("paper", "attestation:rua", None), ("course", "lesson:ruc-1", "not_theirs")):
        db.add(
            Evidence(
                district_id=district.id, person_id=ann.id, school_year_id=year.id, part=part, kind=kind, version="v",
                shown_at=datetime(2026, 9, 2, 18, tzinfo=UTC), source="x 1", voided_at=now() if void else None,
                void_reason=void,
            )
        )  # fmt: skip
    db.commit()
    for name in (
        f"sis:S{ann.id:06}",
        f"username:P{ann.id}",
        f"email:p{ann.id}@evergreen.example",
        f"id:{ann.public_id}",
    ):
        page = words(it.post("/admin/feeds/person", data={"name": name}))
        assert "Allowed: Exempt" in page, name
    assert "Elm Elementary: from August 20, 2026" in page
    assert "Signed on paper: September 2, 2026" in page and "part of the course" not in page
    assert "medical" not in page and "hook: not yet" in page
    deliver()
    assert "hook: yes" in words(it.post("/admin/feeds/person", data={"name": name}))
    noted = db.scalars(sa.select(Disclosure).filter_by(kind="person_standing")).all()
    assert len(noted) == 5 and {each.subject for each in noted} == {f"person:{ann.public_id}"}


def test_the_strictest_of_two_standings_decides(it, change):
    ann = change("complete", "allow")
    change("revoked", "deny", person=ann, requirement="other")
    assert "Denied: Access was withdrawn" in words(
        it.post("/admin/feeds/person", data={"name": f"id:{ann.public_id}"})
    )


def test_our_number_of_somebody_who_was_merged_leads_to_who_holds_their_records(it, change):
    ann, before = change("complete", "allow"), change("expired", "limited")
    merge(db.merge(ann), db.merge(before), COMMAND)
    db.commit()
    it.post("/admin/feeds/person", data={"name": f"id:{before.public_id}"})
    assert db.scalars(sa.select(Disclosure)).one().subject == f"person:{ann.public_id}"


@pytest.mark.parametrize(
    ("name", "status"),
    [("drivera", 422), ("sis:", 422), ("lti:x", 422), ("sis:nobody", 404), ("email:x@mail.example", 404),
     ("id:" + "x" * 300, 422), ("", 422)],
)  # fmt: skip
def test_a_name_that_is_not_exact_or_nobodys_is_refused(it, name, status):
    assert it.post("/admin/feeds/person", data={"name": name}).status_code == status


def test_a_look_up_costs_the_same_however_long_the_history(it, change, count_queries):
    ann = change()
    name = {"name": f"id:{ann.public_id}"}
    with count_queries() as short:
        it.post("/admin/feeds/person", data=name)
    for _ in range(12):
        change("expired", "limited", person=ann)
    with count_queries() as long:
        it.post("/admin/feeds/person", data=name)
    assert len(long) == len(short)


def test_the_list_costs_the_same_for_one_feed_and_for_many(it, add_hook, receiver, change, count_queries):
    change()
    add_hook(receiver, "a")
    with count_queries() as one:
        it.get("/admin/feeds/")
    for name in "bcdef":
        add_hook(receiver, name)
    with count_queries() as six:
        assert "All 6 feeds work." in words(it.get("/admin/feeds/"))
    assert len(six) == len(one)


def test_what_would_change_if_enforcement_began_today(it, change):
    change("expired", "allow", would_be="limited")
    change("complete", "allow")
    page = words(it.get("/admin/feeds/forecast"))
    assert "1 of 2 people would lose access" in page and "On no roster" in page


def test_an_administrator_of_the_lms_sees_feeds_and_looks_nobody_up(signed_in, hook, change):
    ann = change()
    admin = signed_in("administrator")
    assert "hook" in words(admin.get("/admin/feeds/")) and "One person" not in words(
        admin.get("/admin/feeds/")
    )
    assert admin.get("/admin/feeds/person").status_code == 403
    assert admin.post("/admin/feeds/person", data={"name": f"id:{ann.public_id}"}).status_code == 403


def test_the_operator_sees_it_all(app, make_person):
    operator = sign_in_browser(app, make_person("unknown"), OPERATOR, None)
    for page in PAGES:
        assert operator.get(page).status_code == 200


@pytest.mark.parametrize("office", ["hr", "privacy", None])
def test_an_outsider_knocks(signed_in, make_person, client, hook, office):
    person = make_person("staff")
    if office:
        offices.give(person, office, COMMAND)
        db.commit()
    for role in ("teacher", "learner", "mentor", "chooser"):
        tab = signed_in(role, person=person)
        for page in (*PAGES, f"/admin/feeds/{hook.id}"):
            assert tab.get(page).status_code == 403, (role, page)
        assert tab.post(f"/admin/feeds/{hook.id}/remove").status_code == 403
    for page in (*PAGES, f"/admin/feeds/{hook.id}"):
        assert client.get(page).status_code == 401


def test_somebody_of_another_district_finds_no_feed_and_nobody(app, elsewhere, hook, change):
    ann = change()
    far = Person(district_id=elsewhere.id, audience="staff")
    db.add(far)
    db.flush()
    offices.give(far, "it", COMMAND)
    db.commit()
    tab = sign_in_browser(app, far, "administrator", None)
    assert "Nobody is told" in words(tab.get("/admin/feeds/"))
    assert tab.get(f"/admin/feeds/{hook.id}").status_code == 404
    for verb in ("test", "pause", "resume", "secret", "accept", "remove"):
        assert tab.post(f"/admin/feeds/{hook.id}/{verb}").status_code == 404, verb
    assert tab.post(f"/admin/feeds/{hook.id}/replay", data={"first": "1"}).status_code == 404
    for name in (f"id:{ann.public_id}", f"sis:S{ann.id:06}"):
        assert tab.post("/admin/feeds/person", data={"name": name}).status_code == 404
    assert db.scalars(sa.select(Feed)).one().paused_at is None


def test_a_form_of_another_site_changes_nothing(it, hook):
    answer = it.post(f"/admin/feeds/{hook.id}/remove", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert db.scalars(sa.select(Feed)).one()


def test_ages_are_said_in_one_unit():
    from feeds.page_words import age

    said = [age(now() - timedelta(seconds=each)) for each in (1, 59, 60, 7200, 200_000)]
    assert said == ["1 second", "59 seconds", "1 minute", "2 hours", "2 days"]
