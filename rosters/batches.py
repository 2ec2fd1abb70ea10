"""Many in handfuls: memory and statements stay the same however many there are."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Each = TypeVar("Each")


def batched(many: Iterable[Each], size: int) -> Iterator[list[Each]]:
    rest = iter(many)
    while handful := list(islice(rest, size)):
        yield handful
