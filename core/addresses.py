"""Addresses that somebody gave us, asked for a little more."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def with_query(url: str, asked: Mapping[str, str]) -> str:
    """`url` with these parameters added; what it asks already (`?type_id=1`) stays, and stays first."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *asked.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))
