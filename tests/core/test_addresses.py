"""What stands in an address already stays there when something is added."""

import pytest

from core.addresses import with_query


@pytest.mark.parametrize(
    ("url", "added"),
    [
        ("https://lms.example/auth", "https://lms.example/auth?state=a+b"),
        ("https://lms.example/auth?x=y", "https://lms.example/auth?x=y&state=a+b"),
        ("https://lms.example/items?type_id=", "https://lms.example/items?type_id=&state=a+b"),
        ("https://lms.example/back#end", "https://lms.example/back?state=a+b#end"),
    ],
)
def test_a_query_grows_at_its_end(url, added):
    assert with_query(url, {"state": "a b"}) == added
