"""Rules I9 and I15: the quiz pool as a whole."""

from collections import Counter
from collections.abc import Iterator

from lessons.findings import Finding
from lessons.items import Item
from lessons.scope import Band, Planned
from lessons.sources import WrittenLesson

RAREST_POSITION, COMMONEST_POSITION = 0.20, 0.50
LONGEST_KEYS = 0.45
MOST_CRITICAL = 3
"""As many as the refresher's check of a module asks."""


def lint_pool(lesson: WrittenLesson, planned: Planned, band: Band) -> Iterator[Finding]:
    pool = [item for item in lesson.items if item.pool == "quiz"]
    line = lesson.item_lines.line("items")
    for rule, message in (*_size(pool, planned, band), *_positions(pool), *_lengths(pool)):
        yield Finding(lesson.items_file, line, rule, message)


def lint_lengths(lesson: WrittenLesson) -> Iterator[Finding]:
    """I9 for a translation, whose right answers may have grown longer than the others."""
    pool = [item for item in lesson.items if item.pool == "quiz" and item.stem]
    for rule, message in _lengths(pool):
        yield Finding(lesson.items_file, lesson.item_lines.line("items"), rule, message)


def key_is_habitually_longest(pool: list[Item]) -> Iterator[str]:
    """I9 for items in other words, such as those for a job."""
    yield from (message for _rule, message in _lengths(pool))


def _size(pool: list[Item], planned: Planned, band: Band) -> Iterator[tuple[str, str]]:
    wanted = max(2 * band.quiz_draw, band.pool_min, planned.pool)
    if len(pool) < wanted:
        yield "I15", f"{len(pool)} quiz items; {wanted} or more are wanted"
    by_objective = Counter(item.objective for item in pool)
    for number in range(1, len(planned.objectives) + 1):
        if by_objective[number] < 2:
            yield "I15", f"objective {number} has {by_objective[number]} quiz items; 2 or more are wanted"
    critical = sum(item.critical for item in pool)
    if band.name == "staff" and not 1 <= critical <= MOST_CRITICAL:
        yield "I26", f"{critical} critical quiz items; one to {MOST_CRITICAL} are wanted"
    applied = sum(item.level in ("apply", "judge") for item in pool)
    if 2 * applied < len(pool):
        yield "I15", f"{applied} of {len(pool)} quiz items apply or judge; half or more are wanted"


def _single(pool: list[Item]) -> list[Item]:
    return [item for item in pool if item.type == "single" and len(item.correct_ids) == 1]


def _positions(pool: list[Item]) -> Iterator[tuple[str, str]]:
    """Bounds are loosened to whole items: of 7 items, 20 to 50 percent is 1 to 4."""
    singles = _single(pool)
    if not singles:
        return
    at = Counter(option.id for item in singles for option in item.options if option.correct)
    everywhere = min(len(item.options) for item in singles)
    for i, letter in enumerate("abcdefgh"[: max(len(item.options) for item in singles)]):
        share = at[letter] / len(singles)
        too_rare = i < everywhere and at[letter] + 1 <= RAREST_POSITION * len(singles)
        too_common = at[letter] - 1 >= COMMONEST_POSITION * len(singles)
        if too_rare or too_common:
            yield "I9", f"the right answer is {letter} in {share:.0%} of the pool; 20 to 50 percent is wanted"


def _lengths(pool: list[Item]) -> Iterator[tuple[str, str]]:
    singles = _single(pool)
    longest = sum(_key_is_longest(item) for item in singles)
    if singles and longest > LONGEST_KEYS * len(singles):
        yield (
            "I9",
            f"the right answer is the longest in {longest} of {len(singles)} items; 45 percent at most",
        )


def _key_is_longest(item: Item) -> bool:
    key = max(len(option.text) for option in item.options if option.correct)
    return all(option.correct or len(option.text) < key for option in item.options)
