"""Who reads the rules and who is refused, what the page says, and that a form as it stands changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from completion.rules import BOUNDS, NARROWED, RULES_OF, Rules, Said
from core.database import db
from people.operators import operator_of
from rulebook.reading import differences
from rulebook.schemas import filled_in, read_rules
from tests.rulebook.conftest import RULES
from tests.rulebook.test_changing import sent, words

ELM = 7
rule = {name: st.integers(*bounds) for name, bounds in BOUNDS.items()} | {
    "due_days": st.none() | st.integers(*BOUNDS["due_days"]),
    "new_hire_counting": st.sampled_from(["calendar", "working"]),
    "ways": st.sampled_from(["either", "course", "agreement", "both"]),
    "quiet": st.sampled_from([(), ("sun", "sat"), ("2026-12-21..2027-01-01", "fri", "2026-11-11")]),
}


@given(
    whole=st.builds(Rules, **rule),
    there=st.fixed_dictionaries({}, optional={name: rule[name] for name in NARROWED}),
    audience=st.sampled_from(sorted(RULES_OF)),
    building=st.sampled_from([None, ELM]),
)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(whole, there, audience, building):
    known = {name: value for name, value in there.items() if name in RULES_OF[audience]}
    said = Said(whole, {ELM: known})
    read = read_rules(filled_in(said, audience, building), audience, said, building)
    assert read.errors == {}
    after = said.after(read.changes, building, read.left_open)
    assert after == said and differences(said, after, audience, building) == []


def test_the_district_reads_what_holds_in_sentences(dee, town):
    page = words(dee.get(RULES))
    for sentence in (
        "Take the course or sign the agreement, whichever they choose.",
        "Within 14 days from the first day of the school year (in this one: September 15, 2026).",
        "Personnel can give up to 90 days more, within the school year.",
        "Saturdays and Sundays. No reminders go out, and they are no working days.",
        "By the last day of the school year (in this one: August 31, 2027).",
        "Every building is as the district.",
        "It begins on September 1, for everybody in the district.",
        "Nothing was changed yet: every rule is as it came.",
    ):
        assert sentence in page
    assert "due_days" not in page and "calendar" not in page and "either" not in page, "no names of options"


def test_a_district_without_a_roster_reads_that_there_are_no_buildings(district, signed_in, make_person):
    from people import offices
    from people.audit import COMMAND

    person = db.merge(make_person("staff"))
    offices.give(person, "district", COMMAND)
    db.commit()
    assert "The roster has named no building yet" in signed_in("teacher", person=person).get(RULES).text


def test_a_school_reads_its_own_building_and_changes_nothing(dee, town, officer):
    at_elm = f"{RULES}/staff?building={town.elm.id}"
    review = dee.post(at_elm, data=sent(dee.get(at_elm)) | {"ways": "both"})
    dee.post(at_elm, data=sent(review) | {"step": "keep"})
    page = officer("school", town.elm, "eli").get(RULES)
    said = words(page)
    assert "At Elm Elementary" in said and "Oak" not in said and "dee@" not in said
    assert "Here Take the course and sign the agreement." in said
    assert (
        "As the district: Within 14 days from the first day of the school year (in this one: September 15, 2026)."
        in said
    )
    assert (
        "Change" not in said.replace("changes the rules", "")
        and "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    )


def test_personnel_read_what_is_asked_of_staff_and_guests_everywhere(officer):
    said = words(officer("hr", name="hana").get(RULES))
    assert "In the whole district" in said and "Guests and volunteers" in said and "Pupils" not in said


@pytest.mark.parametrize(
    ("office", "reads", "changes"),
    [("district", 200, 200), ("hr", 200, 403), ("school", 200, 403), ("it", 403, 403), ("privacy", 403, 403)],
)  # fmt: skip
def test_each_office_knocks(town, officer, office, reads, changes):
    tab = officer(office, town.elm if office == "school" else None)
    assert tab.get(RULES).status_code == reads
    for path in (f"{RULES}/staff", f"{RULES}/pupil?building={town.elm.id}", f"{RULES}/year"):
        assert tab.get(path).status_code == changes
        answer = tab.post(path, data={"seen": "x", "step": "keep"})
        assert answer.status_code == (422 if changes == 200 else 403)


def test_outsiders_knock(town, dee, client, signed_in, officer_elsewhere):
    from people.models import Person

    operator = operator_of(town.district)
    db.commit()
    tabs = [signed_in(role) for role in ("learner", "teacher", "administrator", "mentor")]
    tabs.append(signed_in("operator", person=db.get_one(Person, operator.id)))
    for path in (RULES, f"{RULES}/staff", f"{RULES}/year"):
        assert client.get(path).status_code == 401
        assert [tab.get(path).status_code for tab in tabs] == [403] * len(tabs)
        assert [tab.post(path).status_code for tab in tabs] == [405 if path == RULES else 403] * len(tabs)
    neighbor = officer_elsewhere("district")
    assert "Elm" not in neighbor.get(RULES).text
    assert neighbor.get(f"{RULES}/staff?building={town.elm.id}").status_code == 404
    for odd in (
        "visitors",
        "staff?building=0",
        "staff?building=elm",
        "staff?back=1",
        "staff?back=x",
        "year?back=1",
    ):
        assert dee.get(f"{RULES}/{odd}").status_code == 404, odd
    foreign = dee.post(f"{RULES}/staff", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_the_first_page_costs_the_same_however_many_buildings_and_changes(dee, town, count_queries):
    from people.roster_models import Building

    def cost() -> int:
        with count_queries() as statements:
            assert dee.get(RULES).status_code == 200
        return len(statements)

    before = cost()
    for grace in (3, 4, 5):
        made = Building(district_id=town.district.id, key=f"b{grace}", name=f"Building {grace}")
        db.add(made)
        db.commit()
        at = f"{RULES}/staff?building={made.id}"
        review = dee.post(at, data=sent(dee.get(at)) | {"grace_days": str(grace)})
        dee.post(at, data=sent(review) | {"step": "keep"})
    assert cost() <= before + 2, "the names of who changed something, once"


def test_an_office_finds_the_page(dee, officer, town):
    assert f"{RULES}?visit=" in dee.get("/completion/district").text
