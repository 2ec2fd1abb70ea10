"""A practice LMS for every test, sharing one key ring because making a key is slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from practice_lms import KeyRing, PracticeLms, PracticeSettings, Registration
from tests.practice_lms.tool import Caller, key_set

LmsMaker = Callable[..., PracticeLms]


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    return KeyRing()


@pytest.fixture
def make_lms(keys: KeyRing) -> LmsMaker:
    def make(personality: str = "canvas", own_keys: KeyRing | None = None, **settings: Any) -> PracticeLms:
        tool = "http://localhost:8000"
        registration = Registration(
            "client-1",
            ("deployment-1",),
            f"{tool}/lti/login",
            (f"{tool}/lti/launch",),
            f"{tool}/lti/jwks",
            key_set(),
        )
        settings = {"registration": registration, "tool_url": tool, "personality": personality} | settings
        return PracticeLms(PracticeSettings(**settings), keys=own_keys or keys)

    return make


@pytest.fixture(params=["canvas", "schoology", "moodle"])
def lms(request: pytest.FixtureRequest, make_lms: LmsMaker) -> PracticeLms:
    """Each personality in turn."""
    return make_lms(request.param)


@pytest.fixture
def canvas(make_lms: LmsMaker) -> PracticeLms:
    return make_lms("canvas")


@pytest.fixture
def moodle(make_lms: LmsMaker) -> PracticeLms:
    return make_lms("moodle")


@pytest.fixture
def caller(lms: PracticeLms) -> Caller:
    return Caller(lms)
