"""What a lesson page weighs on a slow school network, before its pictures, and what it asks for."""

import re

import pytest

from lessons import library

KB = 1024
PICTURE = re.compile(r"<svg\b.*?</svg>", re.S)
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(css|js)\?[^"]*)"')


@pytest.mark.parametrize("course", ["k", "g4", "g7", "g10", "ruc"])
def test_every_step_is_under_60_kb_before_pictures_with_one_stylesheet_more(curriculum, signed_in, course):
    looker = signed_in("teacher" if course != "ruc" else "mentor")
    sizes: dict[str, int] = {}
    for ref in library.course(course).lessons:
        for number in range(1, len(library.lesson(ref.id).steps) + 1):
            page = looker.get(f"/lessons/{course}/{ref.id}/steps/{number}")
            assert page.status_code == 200
            linked = LINKED.findall(page.text)
            for address, _ in linked:
                if address not in sizes:
                    with looker.client.get(address) as file:
                        sizes[address] = len(file.data)
            weight = len(PICTURE.sub("", page.text).encode()) + sum(sizes[address] for address, _ in linked)
            assert weight < 60 * KB, (ref.id, number, weight)
            styles = [address for address, kind in linked if kind == "css"]
            # The one stylesheet, that of the items, and where there is one Marlo's or that of a sensitive lesson.
            care = library.lesson(ref.id).sensitivity not in ("", "none")
            assert len(styles) <= (3 if course == "k" or care else 2), styles
