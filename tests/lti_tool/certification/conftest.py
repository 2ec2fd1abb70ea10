"""The suite at our door, with no platform key remembered from the test before."""

from collections.abc import Iterator

import pytest

from lti_tool.platform_keys import forget_platform_keys
from tests.lms import School
from tests.lti_tool.suite import Suite


@pytest.fixture
def suite(school: School) -> Iterator[Suite]:
    forget_platform_keys()
    yield Suite(school)
    forget_platform_keys()
