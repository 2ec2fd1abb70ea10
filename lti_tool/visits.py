"""Through which LMS people came, and when last: for pages of packages that know no LTI (app.py introduces them)."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from core.database import db
from lti_tool.models import Launch, Platform
from people.models import Identity


def visits_of(person_ids: Iterable[int]) -> dict[int, tuple[str, datetime | None]]:
    """{person id: (name of the LMS that knows them, when they last opened a link)}, in two queries."""
    ids = list(person_ids)
    opened = db.execute(
        sa.select(Launch.person_id, sa.func.max(Launch.created_at))
        .where(Launch.person_id.in_(ids))
        .group_by(Launch.person_id)
    )
    last = dict(opened.all())
    names = db.execute(
        sa.select(Identity.person_id, Platform.name)
        .join(Platform, sa.cast(Platform.id, sa.String) == Identity.issuer)
        .where(Identity.person_id.in_(ids), Identity.scheme == "lti")
        .order_by(Identity.id)
    )
    return {person_id: (name, last.get(person_id)) for person_id, name in names}
