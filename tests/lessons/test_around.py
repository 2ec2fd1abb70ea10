"""Guides, handouts, what families read, and the certificate: who may open them, and what stands in them."""

import re

import pytest

from completion import ledger, requirements
from core.codes import written_code
from core.database import db
from lessons import library
from tests.browsers import Browser
from tests.lessons.test_views import words

LESSON = "/lessons/g4/g4-same-me"


@pytest.fixture
def ann(curriculum, signed_in) -> Browser:
    return signed_in("learner")


@pytest.fixture
def teacher(curriculum, signed_in) -> Browser:
    return signed_in("teacher")


def feedback_of(lesson_id: str) -> str:
    return library.lesson(lesson_id).quiz_items[0].options[0].feedback


# -- the guide ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["teacher", "administrator"])
def test_a_teacher_reads_the_guide_with_the_whole_key(curriculum, signed_in, role):
    page = words(signed_in(role).get(f"{LESSON}/guide"))
    for part in ("What pupils learn", "Materials", "Minutes", "What to watch for", "If a pupil tells you"):
        assert part in page
    assert "within 48 hours" in page
    lesson = library.lesson("g4-same-me")
    for item in lesson.items:
        for option in item.options:
            assert " ".join(option.feedback.split()) in page, option.feedback


@pytest.mark.parametrize("role", ["learner", "mentor", "other", "chooser"])
def test_nobody_else_opens_the_guide(curriculum, signed_in, role):
    answer = signed_in(role).get(f"{LESSON}/guide")
    assert answer.status_code == 403
    assert feedback_of("g4-same-me") not in answer.text


def test_an_outsider_sees_no_guide(curriculum, client):
    assert client.get(f"{LESSON}/guide").status_code == 401


def test_no_member_of_staff_sees_the_key_of_the_staff_course(teacher):
    answer = teacher.get("/lessons/ruc/ruc-7-social-media-with-students/guide")
    assert answer.status_code == 403
    assert "shown to nobody" in words(answer)


def test_a_sensitive_lesson_says_how_to_prepare_and_has_both_keys(teacher):
    page = words(teacher.get("/lessons/g10/g10-intimate-images-law/guide"))
    assert "How to prepare" in page
    assert "Answer key: Digital Consent" in page


def test_a_lesson_without_a_written_guide_still_has_its_key(no_curriculum, year, signed_in):
    from tests.lessons.player_lesson import PATH, QUIZ_SECRET, made_up_lesson, publish

    publish(made_up_lesson())
    page = words(signed_in("teacher").get(f"{PATH}/guide"))
    assert f"{QUIZ_SECRET} a" in page and "If a pupil tells you" in page
    assert "Materials" not in page


def test_a_guide_under_another_course_is_not_there(teacher):
    assert teacher.get("/lessons/k/g4-same-me/guide").status_code == 404


def test_the_lesson_leads_its_teacher_to_the_guide_and_no_pupil(teacher, ann):
    assert "Teacher guide" in words(teacher.get(LESSON))
    assert "Teacher guide" not in words(ann.get(LESSON))


# -- the handout -------------------------------------------------------------------------------------------


def test_a_handout_is_for_the_hand_and_gives_no_answer(ann):
    answer = ann.get(f"{LESSON}/handout")
    page = words(answer)
    assert "Nobody collects it" in page and "One thing I will do" in page
    assert "Our rule" in page
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main and "<input" not in main
    assert feedback_of("g4-same-me") not in page


# -- what families read ------------------------------------------------------------------------------------


def test_every_lesson_can_be_read_without_an_account(curriculum, client):
    index = client.get("/public/")
    assert index.status_code == 200
    found = re.findall(r'href="(/public/lessons/[^"]+)"', index.text)
    assert len(found) == 23
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200
        lesson = library.lesson(address.rpartition("/")[2])
        page = words(answer)
        assert lesson.quiz_items[0].stem.split("{{")[0][:40] in page
        for item in lesson.items:
            for option in item.options:
                told = any(option.feedback in step.text for step in lesson.steps)  # a card may say it too
                assert told or option.feedback not in page, (address, option.feedback)
        assert "{{" not in answer.text
        assert "Clover Park" not in answer.text and "CPSD" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_the_public_pages_say_nothing_of_the_staff_course(curriculum, client):
    assert "ruc-7" not in client.get("/public/").text
    assert client.get("/public/lessons/ruc/ruc-7-social-media-with-students").status_code == 404


def test_what_is_taken_instead_can_be_read_as_well(curriculum, client):
    page = client.get("/public/lessons/g10/g10-intimate-images-law")
    assert "/public/lessons/g10/g10-intimate-images-law/alternative" in page.text
    assert "Digital Consent" in words(client.get("/public/lessons/g10/g10-intimate-images-law/alternative"))
    assert client.get("/public/lessons/g4/g4-same-me/alternative").status_code == 404


@pytest.mark.parametrize("course", ["k", "g4", "g7", "g10"])
def test_a_letter_names_every_lesson_and_how_to_opt_out(curriculum, client, course):
    page = words(client.get(f"/public/letters/{course}"))
    for ref in library.course(course).lessons:
        assert ref.title in page
    assert "If a lesson is not right for your child" in page
    assert page.count("Sensitive") == sum(
        bool(each.content_note) for each in library.lessons_of(library.course(course))
    )


def test_the_letter_comes_in_spanish_and_says_that_a_machine_wrote_it(curriculum, client):
    page = words(client.get("/public/letters/g10", headers={"Accept-Language": "es-MX"}))
    assert "Carta a las familias" in page
    assert "Traducción automática" in page
    assert "Machine translation" not in words(client.get("/public/letters/g10"))


def test_a_grade_without_a_letter_says_so(curriculum, client):
    assert client.get("/public/letters/g11").status_code == 404


# -- badges and the certificate ----------------------------------------------------------------------------


def finish(browser: Browser, course: str, year, but: int = 0) -> None:
    refs = library.course(course).lessons
    for ref in refs[: len(refs) - but]:
        ledger.record_evidence(
            browser.person, f"lesson:{ref.id}", year, kind="course", version=ref.hash, source="attempt x"
        )
    db.commit()


def test_the_certificate_comes_when_the_year_is_met_and_bears_no_name(ann, year):
    finish(ann, "k", year)
    assert "Your certificate" in words(ann.get("/lessons/k"))
    page = words(ann.get("/lessons/k/certificate"))
    assert "has finished the course" in page and "Kindergarten" in page
    assert "Evergreen School District" in page and year.name in page
    assert re.search(r"Content version [0-9a-f]{16}", page)
    assert "Name, to be written by hand" in page


def test_the_code_on_the_certificate_checks_it(ann, year, client):
    finish(ann, "k", year)
    page = ann.get("/lessons/k/certificate").text
    code = re.search(r"/public/evidence/([0-9A-Z]{13})", page)
    assert code and written_code(code[1]) in page and "http://localhost:8000/public/evidence/" in page
    checked = words(client.get(f"/public/evidence/{code[1]}"))
    assert "Valid" in checked and "Kindergarten" in checked and "the whole course was done" in checked


def test_another_course_in_its_place_and_a_signature_are_no_certificate_of_ours(curriculum, signed_in, year):
    dee = signed_in("teacher")
    ways = requirements.ways_of("rua")
    for part in (part for parts in ways for part in parts):
        kind = "equivalent" if part.startswith("lesson:") else "agreement"
        ledger.record_evidence(dee.person, part, year, kind=kind, version="v", source="x")
    db.commit()
    assert dee.get("/lessons/ruc/certificate").status_code == 404


def test_one_lesson_short_is_no_certificate(ann, year):
    finish(ann, "k", year, but=1)
    assert "Your certificate" not in words(ann.get("/lessons/k"))
    assert ann.get("/lessons/k/certificate").status_code == 404


def test_the_certificate_is_ones_own(ann, year, signed_in, client, teacher):
    finish(ann, "k", year)
    assert signed_in("learner").get("/lessons/k/certificate").status_code == 404
    assert teacher.get("/lessons/k/certificate").status_code == 404
    assert client.get("/lessons/k/certificate").status_code == 401


def test_another_text_has_another_version_on_the_certificate(ann, year, signed_in):
    finish(ann, "k", year)
    ben = signed_in("learner")
    for ref in library.course("k").lessons:
        ledger.record_evidence(ben.person, f"lesson:{ref.id}", year, kind="course", version="old", source="x")
    db.commit()
    version = re.compile(r"Content version ([0-9a-f]{16})")
    mine = version.search(words(ann.get("/lessons/k/certificate")))
    bens = version.search(words(ben.get("/lessons/k/certificate")))
    assert mine and bens and mine[1] != bens[1]


def test_a_badge_is_earned_with_the_last_lesson_of_its_topic(ann, year):
    assert "Stepping in (not yet)" in words(ann.get("/lessons/g4"))
    ledger.record_evidence(
        ann.person, "lesson:g4-ways-to-step-in", year, kind="course", version="v", source="x"
    )
    db.commit()
    page = words(ann.get("/lessons/g4"))
    assert "Stepping in (earned)" in page
    assert "Feeling well (not yet)" in page  # another lesson carries that one too
