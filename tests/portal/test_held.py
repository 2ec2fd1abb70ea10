"""The page of people whose access waits: in general, and by the ticket of their network; never a name, never a 500."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from access.tickets import LASTS, ticket_for
from completion import revocations
from completion.asked import AskedOf
from completion.known import Shown
from completion.rule_changes import change_rules
from completion.states import State
from core.clock import now
from core.database import db
from core.sealed import make_ticket
from people.audit import COMMAND
from people.directory import link_identity
from people.models import District
from portal import views
from portal.lacking import open_items
from portal.models import PortalSettings
from tests.portal.conftest import PARTS

HELD = "/public/evergreen/held"
START = "https://lms.evergreen.example/courses/1/launch"


@pytest.fixture
def said(district):
    db.add(
        PortalSettings(
            district_id=district.id,
            start_url=START,
            help_en="Call 253-555-0100",
            help_es="Llame al 253-555-0100",
        )
    )
    db.commit()


# -- in general ----------------------------------------------------------------------------------------------


def test_whoever_comes_reads_what_is_asked_and_where_to_begin(client, staff_course, said):
    db.remove()
    page = client.get(HELD).text
    assert "Every school year, before using the network" in page
    assert "One of these is enough" in page and "10 parts" in page and "read it and sign it" in page
    assert f'href="{START}"' in page and "Call 253-555-0100" in page
    assert "on paper" in page and "You are visiting" in page
    spanish = client.get(f"{HELD}?lang=es").text
    assert '<html lang="es">' in spanish and "Cada año escolar" in spanish and "Llame al" in spanish


def test_it_needs_no_cookie_and_gives_none(client, staff_course, said):
    db.remove()
    answer = client.get(HELD, headers={"User-Agent": "CaptiveNetworkSupport-443.120.2 wispr"})
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert "<form" not in answer.text.partition("<dialog")[0], "there is nothing to send"
    assert len(answer.data) < 14_000


def test_a_district_that_has_said_nothing_has_a_page_without_a_button(client, staff_course):
    db.remove()
    page = client.get(HELD).text
    assert "Open it in your learning system" in page and "big" not in page


def test_what_counts_is_the_districts_choice(client, staff_course, district):
    change_rules(db.merge(district), "staff", {"ways": "agreement"}, COMMAND)
    db.commit()
    db.remove()
    page = client.get(HELD).text
    assert "10 parts" not in page and "read it and sign it" in page and "One of these" not in page


def test_there_is_a_page_before_anything_is_published(client, no_curriculum, district):
    db.remove()
    assert client.get(HELD).status_code == 200


# -- by the ticket of the network ----------------------------------------------------------------------------


def test_it_says_exactly_what_is_missing_and_no_name(owing, page_of, said):
    dee = owing(6)
    link_identity(dee, scheme="email", value="dee@evergreen.example", source="roster")
    db.commit()
    page = page_of(dee)
    assert "6 of 10 parts done" in page and "not signed yet" in page and "Go on where you were" in page
    for name in ("dee@evergreen", dee.public_id):
        assert name not in page
    assert "6 de 10 partes terminadas" in page_of(dee, "es")


def test_who_finished_a_moment_ago_is_told_so_before_the_network_is(owing, page_of):
    done = owing(10)
    page = page_of(done)
    assert "You are done" in page and "Start now" not in page


def test_a_revocation_says_whom_to_see_and_never_why(owing, page_of):
    dee = owing(2)
    revocations.revoke(dee, reason_code="discipline", actor=COMMAND, decided_by=owing(0))
    db.commit()
    page = page_of(dee)
    assert "has been withdrawn" in page and "see your supervisor" in page
    assert "iscipline" not in page and "2 of 10" not in page and "Start now" not in page


def test_of_whom_nothing_is_asked_help_is_offered(staff_course, make_person, page_of):
    assert "does not know you as one of us yet" in page_of(make_person("unknown"))


def test_the_end_of_the_hour_is_told_plainly(client, owing, district):
    dee = owing(6)
    ticket = ticket_for(district.id, dee.id, now())
    with time_machine.travel(now() + LASTS + timedelta(seconds=1)):
        db.remove()
        page = client.get(f"{HELD}/{ticket}").text
    assert "The link has run out" in page and "6 of 10" not in page


def test_another_districts_page_reads_no_ticket_of_ours(client, owing, page_of):
    db.add(District(slug="oak", name="Oak", timezone="America/Los_Angeles", email_domains=[]))
    db.commit()
    page = page_of(owing(6), slug="oak")
    assert "6 of 10" not in page and "You work here" in page


def test_erased_within_the_hour_is_nobody(client, owing, district):
    ticket = ticket_for(district.id, 10**9, now())
    db.remove()
    assert "You work here" in client.get(f"{HELD}/{ticket}").text


@pytest.mark.parametrize(
    "ticket",
    ["x", "gAAAAA", "%00", "é" * 40, "A" * 5000, "..%2F..", "gAAAAABrB669PSmjQDpl3qZVntrN0hfsFQ7r0P3"],
)
def test_garbage_brings_the_general_page_and_never_an_error_of_ours(client, staff_course, ticket):
    db.remove()
    answer = client.get(f"{HELD}/{ticket}")
    assert answer.status_code in (200, 404) and (answer.status_code == 404 or "You work here" in answer.text)


def test_a_ticket_for_something_else_opens_nothing(client, owing, district):
    dee = owing(6)
    db.remove()
    assert "6 of 10" not in client.get(f"{HELD}/{make_ticket('copy', f'{district.id}:{dee.id}', now())}").text


def test_one_ticket_is_not_read_without_end(client, owing, district, monkeypatch):
    monkeypatch.setattr(views.LOOKS, "most", 2)
    ticket = ticket_for(district.id, owing(6).id, now())
    db.remove()
    looks = ["6 of 10" in client.get(f"{HELD}/{ticket}").text for _ in range(3)]
    assert looks == [True, True, False]


def test_an_unknown_district_is_a_plain_404(client, clean):
    assert client.get("/public/nowhere/held").status_code == 404


# -- rules ---------------------------------------------------------------------------------------------------


def asked(state: str, reason: str = "", recorded: tuple[str, ...] = ()) -> AskedOf:
    shown = tuple(Shown(part, "2026-27", now(), "course", "v1", "ev") for part in recorded)
    ways = (tuple(PARTS), ("attestation:rua",))
    return AskedOf("rua", "Responsible use", "staff", State(state, reason, "2026-27"), shown, ways)


@given(
    done=st.sets(st.sampled_from(PARTS)),
    state=st.sampled_from(["assigned", "in_progress", "overdue", "expired"]),
)
def test_done_and_left_make_the_whole(done, state):
    (item,) = open_items([asked(state)], done, dict.fromkeys(PARTS, 7), {"staff": 10})
    (course,), (agreement,) = item.ways
    assert (course.done, course.of, course.minutes) == (len(done), 10, 7 * (10 - len(done)))
    assert (agreement.done, agreement.minutes) == (0, 10)
    assert item.begun == bool(done)


@pytest.mark.parametrize("state", ["complete", "expiring", "exempt", "not_due", "revoked"])
def test_what_is_not_open_is_not_listed(state):
    assert open_items([asked(state)], (), {}, {}) == []


@pytest.mark.parametrize(("state", "reason"), [("reattest_due", "revised"), ("expired", "revised")])
def test_a_signature_under_the_former_text_is_missing_again(state, reason):
    (item,) = open_items([asked(state, reason, ("attestation:rua",))], (), {}, {})
    assert item.ways[1][0].done == 0
