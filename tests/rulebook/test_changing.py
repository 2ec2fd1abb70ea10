"""The office of the district changes a rule: the form, what it would do, keeping it, and setting it back."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
import sqlalchemy as sa

from completion.models import Assignment
from completion.rule_models import DistrictRule
from completion.rules import BOUNDS, WEEKDAYS
from core.database import db
from people.audit_models import AuditEntry
from people.models import District
from tests.rulebook.conftest import RULES


def words(answer) -> str:
    """What the page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])).split())


def sent(page) -> dict[str, str]:
    """The form of a page as a browser would send it."""
    form = page.text.partition("<form")[2].partition("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind, name = (re.search(rf'{each}="([^"]*)"', tag) for each in ("type", "name"))
        if not name or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]* name="(\w+)">(.*?)</select>', form):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return found


@pytest.fixture
def command(app, town):
    def run(*arguments, exit_code=0):
        db.remove()
        done = app.test_cli_runner().invoke(
            args=["rules", *arguments, "--district", town.district.slug, "--json"]
        )
        assert done.exit_code == exit_code, done.output
        return json.loads(done.output) if exit_code == 0 else done.output

    return run


def noted():
    db.remove()
    return db.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "rules_changed").order_by(AuditEntry.seq)
    ).all()


def test_what_a_change_would_do_is_said_before_it_is_kept_and_it_is_set_back(dee, town, command):
    form = dee.get(f"{RULES}/staff")
    review = dee.post(f"{RULES}/staff", data=sent(form) | {"ways": "course"})
    said = words(review)
    assert "One rule would change" in said and "Take the course. A signature is not enough." in said
    assert "It concerns all 6 members of the staff of the district." in said
    assert "4 people are done now and would be asked anew" in said
    assert "4 people are in time now and would be past the date at once" not in said, (
        "their days run from now"
    )
    assert command("show")["ways"] == "either" and noted() == [], "nothing is changed yet"

    kept = dee.post(f"{RULES}/staff", data=sent(review) | {"step": "keep"})
    assert kept.status_code == 303
    page = words(dee.get(kept.headers["Location"].partition("#")[0]))
    assert "Kept. It holds from now on" in page
    assert "dee@evergreen.example Staff, the whole district What they do: Take the course." in page
    (entry,) = noted()
    assert entry.actor == f"person:{dee.person.public_id}"
    assert (entry.detail["before"], entry.detail["after"]) == ({"ways": "either"}, {"ways": "course"})
    assert command("show")["ways"] == "course"

    back = dee.get(f"{RULES}/staff?back={entry.seq}")
    assert "Filled in as it was before that change." in back.text
    review = dee.post(f"{RULES}/staff", data=sent(back))
    assert "4 people are not done now and would be done by it." in words(review)
    dee.post(f"{RULES}/staff", data=sent(review) | {"step": "keep"})
    assert command("show")["ways"] == "either"


def test_a_building_says_otherwise_and_leaves_it_open_again(dee, town, command):
    at_elm = f"{RULES}/staff?building={town.elm.id}"
    form = sent(dee.get(at_elm))
    assert (form["ways"], form["due_by"], form["grace_days"]) == ("district", "district", "")
    review = dee.post(at_elm, data=form | {"ways": "both", "grace_days": "14"})
    said = words(review)
    assert "As the district: Take the course or sign the agreement, whichever they choose." in said
    assert "It concerns all 4 members of the staff there." in said and "3 people are done now" in said
    dee.post(at_elm, data=sent(review) | {"step": "keep"})
    assert command("show", "--building", "elm")["ways"] == "both"
    page = words(dee.get(RULES))
    assert "Otherwise at Elm Elementary" in page and "The other building is as the district." in page
    command("set", "--grace-days", "3")
    assert command("show", "--building", "elm")["grace_days"] == 14, "what it says itself stands"

    (first, _command) = noted()
    back = dee.get(f"{RULES}/staff?building={town.elm.id}&back={first.seq}")
    assert sent(back)["ways"] == "district" and sent(back)["grace_days"] == ""
    review = dee.post(at_elm, data=sent(back))
    dee.post(at_elm, data=sent(review) | {"step": "keep"})
    shown = command("show", "--building", "elm")
    assert (shown["ways"], shown["grace_days"]) == ("either", 3)
    assert "Otherwise at" not in dee.get(RULES).text


@pytest.mark.parametrize(
    ("audience", "building", "typed", "error"),
    [
        ("staff", False, {"due_by": "days", "due_days": "301"}, "Give a whole number of days, from 0 to 300."),
        ("staff", False, {"due_by": "days", "due_days": ""}, "from 0 to 300."),
        ("staff", False, {"due_by": "never"}, "Choose one of these."),
        ("staff", False, {"grace_days": "-1"}, "from 0 to 300."),
        ("staff", False, {"new_hire_days": "¹"}, "from 0 to 120."),
        ("staff", False, {"extension_days": "9" * 20}, "from 0 to 365."),
        ("staff", False, {"ways": "neither"}, "Choose one of these."),
        ("staff", False, {"ways": "district"}, "Choose one of these."),
        ("staff", False, {f"off-{day}": "yes" for day in WEEKDAYS[:5]}, "Leave at least one day"),
        ("staff", False, {"first-0": "2026-12-24", "last-0": "2026-12-20"}, "the earlier one first"),
        ("staff", False, {"last-0": "2026-12-20"}, "the earlier one first"),
        ("staff", False, {"first-0": "soon"}, "the earlier one first"),
        ("staff", True, {"grace_days": "some"}, "from 0 to 300."),
        ("pupil", False, {"extension_days": "1.5"}, "from 0 to 365."),
        ("guest", True, {"due_by": "days", "due_days": "x"}, "from 0 to 300."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_beside_its_field_and_nothing_typed_is_lost(
    dee, town, audience, building, typed, error
):
    path = f"{RULES}/{audience}" + (f"?building={town.elm.id}" if building else "")
    form = sent(dee.get(path)) | {"new_hire_days": "44"} | typed
    for step in ("review", "keep", "edit"):
        answer = dee.post(path, data=form | {"step": step})
        assert answer.status_code == 422 and 'role="alert"' in answer.text
        assert re.search(rf'id="[\w-]+-error">[^<]*{re.escape(error)}', answer.text)
        again = sent(answer)
        assert all(again.get(name) == value for name, value in form.items() if name not in ("ways", "due_by"))
    assert noted() == [] and db.scalars(sa.select(DistrictRule)).all() == []


def test_the_page_takes_what_the_command_takes_and_no_more(dee, command):
    form = sent(dee.get(f"{RULES}/staff")) | {"due_by": "days"}
    for name, (_fewest, most) in BOUNDS.items():
        answers = [dee.post(f"{RULES}/staff", data=form | {name: str(days)}) for days in (most, most + 1)]
        assert [each.status_code for each in answers] == [200, 422], name
        command("set", "--" + name.replace("_", "-"), str(most + 1), exit_code=2)


def test_who_changes_what_somebody_else_changed_meanwhile_is_told(dee, command):
    form = sent(dee.get(f"{RULES}/staff")) | {"grace_days": "5"}
    review = dee.post(f"{RULES}/staff", data=form)
    command("set", "--ways", "both")
    for data in (form, sent(review) | {"step": "keep"}):
        told = dee.post(f"{RULES}/staff", data=data)
        said = words(told)
        assert told.status_code == 409 and "Somebody changed these rules meanwhile." in said
        assert "by IT, by command" in said and "Now: Take the course and sign the agreement." in said
        assert sent(told)["grace_days"] == "5"
    typo = dee.post(f"{RULES}/staff", data=form | {"grace_days": "x"})
    edited = dee.post(f"{RULES}/staff", data=sent(review) | {"step": "edit"})
    for page in (typo, edited):
        again = dee.post(f"{RULES}/staff", data=sent(page) | {"grace_days": "5"})
        assert again.status_code == 409, "also by way of a mistake, or of the form"
    assert command("show")["grace_days"] == 14, "nothing was written over"
    review = dee.post(f"{RULES}/staff", data=sent(told) | {"ways": "both"})
    keep = sent(review) | {"step": "keep"}
    assert [dee.post(f"{RULES}/staff", data=keep).status_code for _ in range(2)] == [303, 303], (
        "pressed twice"
    )
    assert (command("show")["grace_days"], command("show")["ways"]) == (5, "both")
    assert len(noted()) == 2


def test_of_two_who_keep_at_the_same_instant_one_is_told(app, dee, officer, command):
    tabs = [dee, officer("district", name="dot")]
    forms = [
        sent(tab.post(f"{RULES}/staff", data=sent(tab.get(f"{RULES}/staff")) | {"grace_days": days}))
        for tab, days in zip(tabs, ("5", "6"), strict=True)
    ]
    barrier = threading.Barrier(2)

    def keep(tab, form) -> int:
        barrier.wait()
        return tab.post(f"{RULES}/staff", data=form | {"step": "keep"}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(keep, tabs, forms))
    assert sorted(answers) == [303, 409]
    assert command("show")["grace_days"] == (5, 6)[answers.index(303)] and len(noted()) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
def test_nobody_who_writes_waits_while_a_change_is_reviewed(dee):
    """SQLite has one writer. PostgreSQL has as many as it likes."""
    form = sent(dee.get(f"{RULES}/staff")) | {"grace_days": "5"}
    begun: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("BEGIN") or (
            "FROM assignment" in statement and not begun[-1].startswith("-")
        ):
            begun.append(
                statement if statement.startswith("BEGIN") else f"- people are looked at in {begun[-1]}"
            )

    sa.event.listen(db.get_bind(), "before_cursor_execute", note)
    try:
        assert dee.post(f"{RULES}/staff", data=form).status_code == 200
    finally:
        sa.event.remove(db.get_bind(), "before_cursor_execute", note)
    assert begun[-1] == "- people are looked at in BEGIN DEFERRED"


def test_dates_of_this_year_move_only_where_the_district_says_so(dee, town):
    form = sent(dee.get(f"{RULES}/staff")) | {"new_hire_days": "30"}
    review = dee.post(f"{RULES}/staff", data=form)
    assert "Dates that people were told stand." in words(review)
    assert "Nobody who is done is asked anew, and nobody is late by it." in words(review)
    review = dee.post(f"{RULES}/staff", data=form | {"present_too": "yes"})
    assert "dates of this school year move." in words(review)
    promised = int(re.search(r"(\d+) dates of this school year move", words(review))[1])
    dee.post(f"{RULES}/staff", data=sent(review) | {"step": "keep"})
    (entry,) = noted()
    assert entry.detail["dates_moved"] == promised > 0
    back = sent(dee.get(f"{RULES}/staff?back={entry.seq}"))
    assert (back["new_hire_days"], back["present_too"]) == ("14", "yes"), "setting back moves them back"
    for elsewhere in ("guest", f"staff?building={town.elm.id}"):
        mark = "&" if "?" in elsewhere else "?"
        assert dee.get(f"{RULES}/{elsewhere}{mark}back={entry.seq}").status_code == 404
    again = dee.post(f"{RULES}/staff", data=sent(dee.get(f"{RULES}/staff")) | {"present_too": "yes"})
    assert "Nothing would change." in again.text, "they are counted already"
    assert f"{promised} dates of that school year moved." in words(dee.get(RULES))


def test_earlier_dates_that_are_past_at_once_are_warned_of(dee, town):
    form = sent(dee.get(f"{RULES}/staff")) | {"due_by": "days", "due_days": "0", "present_too": "yes"}
    db.execute(sa.update(Assignment).values(joined_at=None))
    db.commit()
    said = words(dee.post(f"{RULES}/staff", data=form))
    assert "2 people are in time now and would be past the date at once." in said


def test_each_audience_is_asked_what_means_something_for_it(dee, town):
    guest, pupil = (sent(dee.get(f"{RULES}/{audience}")) for audience in ("guest", "pupil"))
    assert "ways" not in guest and "renewal_days" not in guest and "grace_days" in guest
    assert "grace_days" not in pupil and pupil["due_by"] == "year"
    review = dee.post(f"{RULES}/pupil", data=pupil | {"due_by": "days", "due_days": "160"})
    assert "No pupils are known here yet." in words(review)
    assert "Within 160 days from the first day of the school year (in this one: February 8, 2027)." in words(
        review
    )


def test_nothing_changed_is_nothing_to_keep(dee):
    form = sent(dee.get(f"{RULES}/staff"))
    assert "Nothing would change." in dee.post(f"{RULES}/staff", data=form).text
    assert dee.post(f"{RULES}/staff", data=form | {"step": "keep"}).status_code == 303
    assert noted() == []


def test_days_off_are_read_and_written_as_days(dee, command):
    command("set", "--quiet", "sun,sat,2026-12-21..2027-01-01")
    form = sent(dee.get(f"{RULES}/staff"))
    assert (form["first-0"], form["last-0"], form["off-sat"]) == ("2026-12-21", "2027-01-01", "yes")
    assert "Nothing would change." in dee.post(f"{RULES}/staff", data=form).text, "in whatever order"
    review = dee.post(f"{RULES}/staff", data=form | {"first-1": "2026-11-11"})
    assert "December 21, 2026 through January 1, 2027 and November 11, 2026" in words(review)
    dee.post(f"{RULES}/staff", data=sent(review) | {"step": "keep"})
    assert command("show")["quiet"] == "sat,sun,2026-12-21..2027-01-01,2026-11-11"


def test_the_school_year_begins_on_another_day(dee, town, command):
    year = f"{RULES}/year"
    form = sent(dee.get(year))
    assert (form["month"], form["day"]) == ("9", "1")
    wrong = dee.post(year, data=form | {"month": "6", "day": "31"})
    assert wrong.status_code == 422 and "from June 1 to October 31" in wrong.text
    assert sent(wrong)["day"] == "31"
    assert "It begins on that day already." in dee.post(year, data=form).text
    review = dee.post(year, data=form | {"month": "7"})
    assert "2027-28 September 1, 2027 June 30, 2028" in words(review), "the one that is shorter"
    command("set", "--year-start", "08-15")
    late = dee.post(year, data=sent(review) | {"step": "keep"})
    assert late.status_code == 409 and "It is August 15 now." in words(late)
    review = dee.post(year, data=sent(late))
    assert dee.post(year, data=sent(review) | {"step": "keep"}).status_code == 303
    assert command("show")["year_start"] == "07-01"
    page = dee.get(RULES)
    assert "First day of the school year: July 1 instead of August 15" in words(page)
    back = re.findall(rf'href="({year}\?back=\d+[^"]*)', page.text)[0]
    assert sent(dee.get(unescape(back)))["month"] == "8"
    db.remove()
    assert db.get_one(District, town.district.id).year_starts_day == 1
