"""The course page and the player through HTTP, as a pupil without scripts meets them."""

import re
from html import unescape
from threading import Thread

import pytest
import sqlalchemy as sa

from completion import ledger
from completion.models import Progress
from core.database import db
from lessons.models import LessonVisit
from tests.browsers import Browser
from tests.lessons.player_lesson import ID, PATH, QUIZ_SECRET, made_up_lesson, publish


@pytest.fixture(autouse=True)
def course(no_curriculum, year):
    publish(made_up_lesson(), made_up_lesson("g4-second", title="Second"))


@pytest.fixture
def ann(signed_in) -> Browser:
    return signed_in("learner")


def words(answer) -> str:
    """What stands on the page, without markup."""
    text = re.sub(r"<(script|style|svg|head|dialog)\b.*?</\1>", " ", answer.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def walk_to(browser: Browser, step: int) -> None:
    browser.post(PATH)
    for each in range(1, step):
        browser.post(f"{PATH}/steps/{each}")


def count(model: type) -> int:
    db.remove()
    return db.scalar(sa.select(sa.func.count()).select_from(model))


def place(browser: Browser) -> LessonVisit:
    db.remove()
    return db.scalars(sa.select(LessonVisit).filter_by(person_id=browser.person.id)).one()


# -- the course page ---------------------------------------------------------------------------------------


def test_a_new_pupil_sees_where_to_start(ann):
    page = words(ann.get("/lessons/g4"))
    assert "0 of 2 done" in page
    assert "Start: Made Up" in page
    assert page.count("Not begun") == 2


def test_a_lesson_under_way_is_offered_to_continue(ann):
    walk_to(ann, 3)
    answer = ann.get("/lessons/g4")
    assert "Continue: Made Up" in words(answer)
    assert f"{PATH}/steps/3" in answer.text


def test_what_was_begun_comes_before_what_was_not(ann):
    ann.post("/lessons/g4/g4-second")
    page = words(ann.get("/lessons/g4"))
    assert "Continue: Second" in page
    assert "Start" not in page


def test_a_lesson_that_was_read_leads_to_its_quiz(ann):
    walk_to(ann, 6)
    assert "Take the quiz: Made Up" in words(ann.get("/lessons/g4"))


def test_done_lessons_are_counted(ann, year):
    ledger.record_evidence(ann.person, f"lesson:{ID}", year, kind="course", version="v1", source="attempt 1")
    db.commit()
    page = words(ann.get("/lessons/g4"))
    assert "1 of 2 done" in page
    assert "Start: Second" in page


def test_a_finished_course_says_so(ann, year):
    for lesson in (ID, "g4-second"):
        ledger.record_evidence(
            ann.person, f"lesson:{lesson}", year, kind="course", version="v1", source="attempt 1"
        )
    db.commit()
    page = words(ann.get("/lessons/g4"))
    assert "All 2 done" in page
    assert "Start" not in page


def test_another_year_does_not_count_for_this_one(ann, district, year):
    from datetime import timedelta

    from people.school_years import ensure_school_year

    last = ensure_school_year(district, year.starts_at - timedelta(days=30))
    ledger.record_evidence(ann.person, f"lesson:{ID}", last, kind="course", version="v1", source="attempt 1")
    db.commit()
    assert "0 of 2 done" in words(ann.get("/lessons/g4"))


def test_a_course_that_is_not_there_gets_a_plain_page(ann):
    answer = ann.get("/lessons/g99")
    assert answer.status_code == 404
    assert "Reference" in words(answer)


def test_the_course_page_asks_the_database_the_same_whatever_the_length(ann, count_queries):
    ann.get("/lessons/g4")
    with count_queries() as statements:
        ann.get("/lessons/g4")
    assert len(statements) <= 6, statements


# -- the lesson --------------------------------------------------------------------------------------------


def test_the_front_says_what_a_pupil_will_be_able_to_do(ann):
    page = words(ann.get(PATH))
    assert "Spot a trick" in page and "12 minutes" in page and "Start" in page


def test_the_front_asks_the_database_three_times(ann, count_queries):
    """Who this is; their place in the lesson and which release is in force, in one; what dates their classes have."""
    ann.get(PATH)
    with count_queries() as statements:
        ann.get(PATH)
    assert len(statements) == 3, statements


def test_looking_is_not_beginning(ann):
    for path in ("/lessons/g4", PATH, f"{PATH}/steps/1", "/lessons/help"):
        ann.get(path)
    assert (count(LessonVisit), count(Progress)) == (0, 0)


def test_start_opens_the_first_step(ann):
    answer = ann.post(PATH)
    assert answer.status_code == 303
    page = words(ann.get(answer.location))
    assert "1 of 5" in page and "A note" in page


def test_going_on_is_a_redirect_to_the_next_step(ann):
    ann.post(PATH)
    answer = ann.post(f"{PATH}/steps/1")
    assert answer.status_code == 303
    assert f"{PATH}/steps/2" in answer.location
    assert "2 of 5" in words(ann.get(answer.location))


def test_the_place_is_kept_for_another_device(ann, signed_in):
    walk_to(ann, 4)
    tablet = signed_in("learner", person=ann.person)
    assert "Continue at step 4" in words(tablet.get(PATH))
    assert f"{PATH}/steps/4" in tablet.post(PATH).location


def test_the_same_button_pressed_twice_goes_on_once(ann):
    ann.post(PATH)
    first, second = ann.post(f"{PATH}/steps/1"), ann.post(f"{PATH}/steps/1")
    assert first.location == second.location
    assert place(ann).furthest == 2


def test_back_leads_to_the_step_before_and_loses_nothing(ann):
    walk_to(ann, 3)
    assert f'href="{PATH}/steps/2?' in ann.get(f"{PATH}/steps/3").text
    ann.get(f"{PATH}/steps/2")
    assert place(ann).step == 3


def test_a_step_ahead_leads_to_where_the_pupil_is(ann):
    walk_to(ann, 2)
    answer = ann.get(f"{PATH}/steps/5")
    assert answer.status_code == 303
    assert f"{PATH}/steps/2" in answer.location


def test_a_made_up_post_skips_nothing(ann):
    walk_to(ann, 2)
    assert f"{PATH}/steps/2" in ann.post(f"{PATH}/steps/5").location
    assert place(ann).finished_at is None


def test_a_step_before_starting_leads_to_the_front(ann):
    for answer in (ann.get(f"{PATH}/steps/1"), ann.post(f"{PATH}/steps/1")):
        assert answer.status_code == 303
        assert answer.location.split("?")[0] == PATH


@pytest.mark.parametrize("number", ["0", "-1", "6", "9999"])
def test_a_step_out_of_range_gets_a_plain_page(ann, number):
    walk_to(ann, 2)
    for answer in (ann.get(f"{PATH}/steps/{number}"), ann.post(f"{PATH}/steps/{number}")):
        assert answer.status_code == 404
        assert "This lesson has 5 steps" in words(answer)


def test_the_last_step_opens_the_quiz(ann):
    walk_to(ann, 5)
    assert "To the quiz" in words(ann.get(f"{PATH}/steps/5"))
    answer = ann.post(f"{PATH}/steps/5")
    assert answer.location.startswith(f"/quizzes/{ID}")
    assert place(ann).finished_at is not None
    assert "Take the quiz" in words(ann.get(PATH))


def test_a_lesson_begun_is_finished_in_that_version(ann, signed_in):
    walk_to(ann, 2)
    publish(
        made_up_lesson(title="Made Up, Again", cards=3), made_up_lesson("g4-second", title="Second, Again")
    )
    assert "2 of 5" in words(ann.get(f"{PATH}/steps/2"))
    ben = signed_in("learner")
    ben.post(PATH)
    assert "1 of 7" in words(ben.get(f"{PATH}/steps/1"))


def test_a_lesson_of_another_course_is_not_found(ann):
    assert ann.get(f"/lessons/g5/{ID}").status_code == 404


def test_the_rule_names_the_district(ann):
    walk_to(ann, 4)
    assert "At Evergreen School District we ask." in words(ann.get(f"{PATH}/steps/4"))


def test_what_the_district_calls_itself_can_not_become_markup(ann, district):
    district.name = "<script>alert(1)</script>"
    db.merge(district)
    db.commit()
    walk_to(ann, 4)
    assert "<script>alert" not in ann.get(f"{PATH}/steps/4").text


def test_words_are_explained_without_scripts(ann):
    ann.post(PATH)
    answer = ann.get(f"{PATH}/steps/1")
    assert '<a class="word" href="#word-1">scam</a>' in answer.text
    assert "A trick to get your money." in words(answer)
    assert "Words to tap." not in words(answer)


# -- practice ----------------------------------------------------------------------------------------------


def test_a_practice_answer_is_talked_about_beside_it(ann):
    ann.post(PATH)
    answer = ann.post(f"{PATH}/practice/h1", data={"pick": "a"})
    assert answer.status_code == 303
    page = ann.get(answer.location)
    assert "Look again. what we say to a" in words(page)
    assert "what we say to b" not in words(page)
    assert 'value="a" checked' in page.text
    assert "Go on" in words(page) and "Check again" in words(page)


def test_a_good_choice_is_told_so(ann):
    ann.post(PATH)
    page = words(ann.get(ann.post(f"{PATH}/practice/h1", data={"pick": "b"}).location))
    assert "Good choice. what we say to b" in page
    assert "Check again" not in page


def test_two_to_find_and_one_found(ann):
    walk_to(ann, 3)
    answer = ann.post(f"{PATH}/practice/p1", data={"pick": ["d"]})
    assert f"{PATH}/steps/3" in answer.location
    assert "There is one more to find." in words(ann.get(answer.location))


def test_no_answer_is_asked_for_kindly(ann):
    ann.post(PATH)
    page = words(ann.get(ann.post(f"{PATH}/practice/h1").location))
    assert "Pick an answer first." in page
    assert "Check my answer" in page


def test_practice_leaves_no_trace(ann):
    ann.post(PATH)
    before = place(ann).step, count(Progress)
    ann.post(f"{PATH}/practice/h1", data={"pick": "b"})
    assert (place(ann).step, count(Progress)) == before


def test_quiz_answers_never_leave_by_the_practice_door(ann):
    walk_to(ann, 5)
    assert ann.post(f"{PATH}/practice/q01", data={"pick": "a"}).status_code == 404
    for number in range(1, 6):
        page = ann.get(f"{PATH}/steps/{number}?chose=a")
        assert QUIZ_SECRET not in page.text and ".q01" not in page.text


# -- preview, help, strangers ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["teacher", "administrator", "mentor"])
def test_a_preview_shows_every_step_and_records_nothing(signed_in, role):
    cruz = signed_in(role)
    assert "Preview" in words(cruz.get("/lessons/g4"))
    assert "1 of 5" in words(cruz.get(cruz.post(PATH).location))
    assert "5 of 5" in words(cruz.get(f"{PATH}/steps/5"))
    assert f"{PATH}/steps/3" in cruz.post(f"{PATH}/steps/2").location
    assert cruz.post(f"{PATH}/steps/5").location.startswith(f"/quizzes/{ID}")
    cruz.post(f"{PATH}/practice/h1", data={"pick": "b"})
    assert (count(LessonVisit), count(Progress)) == (0, 0)


def test_a_stranger_is_asked_to_open_the_lesson_from_the_course(client):
    for path in ("/lessons/g4", PATH, f"{PATH}/steps/1"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert "Go back to your course" in words(answer)


def test_anyone_may_read_the_help_card(client):
    answer = client.get("/lessons/help")
    assert answer.status_code == 200
    page = words(answer)
    assert "You can get help" in page and "988" in page and "{{" not in page


def test_staff_read_the_staff_half(signed_in):
    assert "When a student needs help" in words(signed_in("teacher").get("/lessons/help"))


def test_help_leads_back_to_where_the_pupil_was(ann):
    ann.post(PATH)
    page = ann.get(f"{PATH}/steps/1").text
    help_link = unescape(re.search(r'href="([^"]+)" data-help', page).group(1))
    assert f'href="{PATH}/steps/1?visit={ann.visit}"' in ann.get(help_link).text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a?b", "/a#b",
     "\\\\evil.example", "evil", "/\tevil"],
)  # fmt: skip
def test_help_never_leads_out_of_the_service(client, elsewhere):
    answer = client.get("/lessons/help", query_string={"back": elsewhere})
    # The choice of a language comes back to this very address, quoted in a field; no link leads there.
    page = re.sub(r'<input type="hidden" name="back"[^>]*>', "", answer.text)
    assert "evil" not in page and "alert" not in page
    assert "Back to where I was" not in words(answer)


def test_every_page_has_help_one_tap_away(ann):
    walk_to(ann, 2)
    for path in ("/lessons/g4", PATH, f"{PATH}/steps/2", "/lessons/nothing", f"/quizzes/{ID}"):
        assert "data-help" in ann.get(path).text


def test_ten_taps_at_once_begin_and_move_on_once(ann):
    taps = [Thread(target=ann.post, args=(path,)) for path in [PATH, *[f"{PATH}/steps/1"] * 4] * 2]
    ann.post(PATH)
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert place(ann).furthest == 2
    assert count(LessonVisit) == 1


def test_two_devices_may_start_at_the_same_moment(ann, signed_in):
    devices = [ann, *(signed_in("learner", person=ann.person) for _ in range(4))]
    answers = []
    starts = [
        Thread(target=lambda each=each: answers.append(each.post(PATH).status_code)) for each in devices
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert answers == [303] * 5
    assert (count(LessonVisit), count(Progress)) == (1, 1)
