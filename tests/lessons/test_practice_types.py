"""Practice of every type: feedback at once, nothing kept, no answer given away."""

import pytest

from lessons.practice import react, shown_in
from tests.lessons.every_type import asked_in, every_type, right_answer
from tests.lessons.player_lesson import publish

LESSON = every_type()
BY_TYPE = {item.type: item for item in LESSON.items if item.pool == "practice"}


@pytest.mark.parametrize("kind", BY_TYPE)
def test_the_whole_answer_is_right_and_every_part_of_it_talked_about(kind):
    item = BY_TYPE[kind]
    reaction = react(item, right_answer(item))
    assert reaction.right and reaction.done and not reaction.missing
    assert set(reaction.marks.values()) == {"good"} and set(reaction.said) == set(reaction.marks)


@pytest.mark.parametrize("kind", BY_TYPE)
def test_nonsense_is_passed_over(kind):
    reaction = react(BY_TYPE[kind], ["", "zz", "a.zz", "1"])
    assert (reaction.marks, reaction.said, reaction.right, reaction.done) == ({}, (), False, False)


def test_steps_in_a_wrong_order_are_mended_one_at_a_time():
    item = BY_TYPE["order"]
    first, second, third, fourth = right_answer(item)
    reaction = react(item, [first, third, second, fourth])
    assert reaction.marks == {first: "good", third: "look", second: "look", fourth: "good"}
    assert reaction.said == (second,) and not reaction.right


def test_steps_are_shown_in_another_order_than_the_right_one():
    for lesson in (LESSON, every_type("K-2", lesson_id="k-every-type")):
        for item in lesson.items:
            if item.type == "order":
                assert sorted(shown_in(item)) == sorted(right_answer(item)) and shown_in(
                    item
                ) != right_answer(item)


def test_cards_that_are_not_placed_yet_are_counted_and_not_given_away():
    item = BY_TYPE["sort"]
    reaction = react(item, ["a.share", "b.share"])
    assert reaction.marks == {"a": "good", "b": "look"}
    assert (reaction.missing, reaction.right, reaction.done) == (2, False, True)


def test_a_repaired_story_is_done_and_shown_to_be_repaired():
    reaction = react(BY_TYPE["branch"], ["b", "c", "e"])
    assert reaction.marks == {"b": "look", "c": "good", "e": "good"}
    assert reaction.done and not reaction.right
    assert not react(BY_TYPE["branch"], ["b", "c"]).done


@pytest.fixture
def step(no_curriculum, year, signed_in):
    """step(kind) -> the pupil's browser, the address of the step and of its practice."""
    publish(LESSON)
    ann = signed_in("learner")
    home = f"/lessons/g4/{LESSON.id}"
    ann.post(home)
    for number in range(1, len(LESSON.steps)):
        ann.post(f"{home}/steps/{number}")

    def to(kind: str):
        item = BY_TYPE[kind]
        number = next(n for n, each in enumerate(LESSON.steps, start=1) if each.item_id == item.id)
        return ann, f"{home}/steps/{number}", f"{home}/practice/{item.short}"

    return to


@pytest.mark.parametrize("kind", BY_TYPE)
def test_every_type_is_practiced_without_scripts(step, kind):
    ann, page, practice = step(kind)
    item = BY_TYPE[kind]
    before = ann.get(page).text
    assert asked_in(item, before) and 'class="feedback' not in before
    assert not any(option.feedback in before for option in item.options)
    answer = ann.post(practice, data={"pick": right_answer(item)})
    assert answer.status_code == 303
    after = ann.get(answer.headers["Location"].partition("#")[0]).text
    told = [item.option(each.partition(".")[0]).feedback for each in right_answer(item)]
    assert all(feedback.replace("'", "&#39;") in after for feedback in told)
    assert "Go on" in after and "Check again" not in after


def test_a_move_in_practice_is_not_judged_until_it_is_checked(step):
    ann, page, practice = step("order")
    shown = shown_in(BY_TYPE["order"])
    answer = ann.post(practice, data={"pick": shown, "move": f"{shown[0]}.down"})
    after = ann.get(answer.headers["Location"].partition("#")[0]).text
    assert 'class="feedback' not in after and "Check my answer" in after
    first = after.index(f'name="pick" value="{shown[1]}"')
    assert first < after.index(f'name="pick" value="{shown[0]}"')
    assert page


def test_a_story_in_practice_is_played_scene_by_scene_and_again(step):
    ann, page, practice = step("branch")
    answer = ann.post(practice, data={"pick": ["b"]})
    after = ann.get(answer.headers["Location"].partition("#")[0]).text
    assert "There is a way back." in after and "Mia feels uneasy." in after and "Choose this" in after
    assert "Play it again" in after and "Go on" not in after
    assert page
