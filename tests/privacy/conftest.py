"""People of whom every table holds something."""

import pytest

from tests.privacy.makers import Held


@pytest.fixture
def held_about(no_curriculum, district, year, make_person):
    """held_about("pupil") -> Held; each with somebody else of the staff who had a hand in it."""

    def make(audience: str = "pupil") -> Held:
        return Held(district, year, make_person(audience), make_person("staff"))

    return make
