"""The kinds of questions. A new kind is an entry here, its marking in quizzes and its form in the page.

`single` and `multi` are written today. `order`, `match`, `branch` and `spot` (curriculum.md 4.2) will need
more in an item than options with one flag; they join when a lesson uses them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lessons.content import Item

NUMBERS = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True)
class ItemType:
    """`fewest_keys` and `most_keys` bound how many options are correct; None means all but one."""

    name: str
    fewest_keys: int
    most_keys: int | None
    says_how_many: bool

    def options_wanted(self, of_band: tuple[int, int]) -> tuple[int, int]:
        """Where one of three is right, two of three would be too easy: a pupil's `multi` has four."""
        return (4, 4) if self.most_keys is None and of_band[1] <= 3 else of_band

    def faults_of(self, item: Item) -> Iterator[tuple[str, str]]:
        keys = len(item.correct_ids)
        most = len(item.options) - 1 if self.most_keys is None else self.most_keys
        if not self.fewest_keys <= keys <= most:
            wanted = str(most) if self.fewest_keys == most else f"{self.fewest_keys} to {most}"
            yield "I5", f"{self.name}: {wanted} options must be correct, here {keys} are"
        elif (
            self.says_how_many
            and NUMBERS.get(keys, str(keys)) not in item.stem.lower().replace(".", " ").split()
        ):
            yield "I5", f'say how many to pick: "Pick {NUMBERS.get(keys, keys)}."'


ITEM_TYPES = {
    "single": ItemType("single", fewest_keys=1, most_keys=1, says_how_many=False),
    "multi": ItemType("multi", fewest_keys=2, most_keys=None, says_how_many=True),
}
