"""A district by its short name, as it stands in addresses and commands."""

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from core.messages import N_
from people.models import District


def district_by_slug(slug: str) -> District | None:
    return db.scalars(sa.select(District).filter_by(slug=slug)).one_or_none()


def district_at(slug: str) -> District:
    """For pages that anybody may open. Raises NotFound."""
    found = district_by_slug(slug)
    if found is None:
        raise NotFound(N_("There is no district by this name here."))
    return found
