"""Whose an account of an LMS is, and on whose word."""

from collections.abc import Collection
from typing import Any, cast

import sqlalchemy as sa

from core.database import db
from lti_tool.registrations import Registered
from people.directory import find_by_identity, print_of
from people.models import Identity, Person


def accounts_of(platform: Registered, subs: Collection[str]) -> dict[str, tuple[Person, str]]:
    """{sub: (person, source)} of those that are known, in one query."""
    prints = {print_of(platform.district_id, "lti", str(platform.id), sub): sub for sub in subs}
    if not prints:
        return {}
    rows = db.execute(
        sa.select(Identity.fingerprint, Person, Identity.source)
        .join(Person, Person.id == Identity.person_id)
        .where(*_accounts(platform), Identity.fingerprint.in_(list(prints)))
    )
    return {prints[print_]: (person, source) for print_, person, source in rows}


def account_holder(platform: Registered, sub: str) -> Person:
    """Whose an account is that is known."""
    found = find_by_identity(platform.district_id, "lti", sub, str(platform.id))
    assert found is not None, "an account that was known stays known"
    return found


def move_account(
    platform: Registered, sub: str, *, of: Person, to: Person, source: str, only_from: str | None = None
) -> bool:
    """False where it is not theirs any more, or not from `only_from`: another launch was quicker."""
    mine = [Identity.person_id == of.id] + ([Identity.source == only_from] if only_from else [])
    moved = db.execute(
        sa.update(Identity)
        .where(
            *_accounts(platform),
            Identity.fingerprint == print_of(platform.district_id, "lti", str(platform.id), sub),
            *mine,
        )
        .values(person_id=to.id, source=source)
        .execution_options(synchronize_session=False)
    )
    return cast("sa.CursorResult[Any]", moved).rowcount == 1


def _accounts(platform: Registered) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Identity.district_id == platform.district_id,
        Identity.scheme == "lti",
        Identity.issuer == str(platform.id),
    )
