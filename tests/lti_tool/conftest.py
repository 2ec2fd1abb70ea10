"""One practice LMS of each kind stands for the whole session, for tests that only launch; see `suite`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from flask import Flask

from lti_tool.platform_keys import forget_platform_keys
from people.models import District
from practice_lms import KeyRing, PracticeLms, PracticeSettings
from practice_lms.server import running
from tests.lms import REGISTRATION, TOOL, School
from tests.lti_tool.suite import Suite


@pytest.fixture(scope="session")
def standing(lms_keys: KeyRing) -> Iterator[Callable[[str], PracticeLms]]:
    """standing("canvas") is served already, or is from then on."""
    with ExitStack() as stack:

        @cache
        def lms_like(personality: str) -> PracticeLms:
            settings = PracticeSettings(tool_url=TOOL, personality=personality, registration=REGISTRATION)
            lms = PracticeLms(settings, keys=lms_keys)
            stack.enter_context(running(lms))
            return lms

        yield lms_like


@pytest.fixture
def suite(
    app: Flask,
    district: District,
    standing: Callable[[str], PracticeLms],
    lms_keys: KeyRing,
    request: pytest.FixtureRequest,
) -> Iterator[Suite]:
    """A certification suite at our door; `@pytest.mark.parametrize("suite", ["moodle"], indirect=True)` is another."""
    lms = standing(getattr(request, "param", "canvas"))
    lms.keys = lms_keys
    lms.connect(REGISTRATION)
    lms.clear_faults()
    lms.requests.clear()
    forget_platform_keys()
    yield Suite(School(app, district, lms))
    forget_platform_keys()
