"""The public notice: what is held, why and how long, made from the inventory and the district's own schedule.

Nothing on it is typed by hand, so it can not say something else than what the tool does. No account is needed.
"""

import sqlalchemy as sa
from flask import Blueprint, render_template

from core.database import db
from core.framing import let_anybody_frame
from held.kinds import FIXED, KINDS
from held.schedule import terms_of
from held.shape import Held
from held.tables import INVENTORY
from held.topics import TOPICS
from held.wording import written_term
from people.current import current_district
from people.district_facts import facts_of
from people.districts import district_at
from people.models import District
from people.sign_in import anyone, signed_in

blueprint = Blueprint("notice", __name__, url_prefix="/public/privacy", template_folder="templates")
blueprint.before_request(anyone)
blueprint.before_request(let_anybody_frame)

CONTACT, FORMS = "district.privacy_office", "district.it_office"
"""Facts of the district that say whom to ask: the first that it has given."""


@blueprint.get("")
def notice() -> str:
    """Of the reader's own district, or of the only one; else the districts to choose from."""
    if signed_in():
        return _notice_of(current_district())
    districts = db.scalars(sa.select(District).order_by(District.name)).all()
    if len(districts) == 1:
        return _notice_of(districts[0])
    return render_template(
        "held/districts.html", page_name="privacy-districts", band="6-8", districts=districts
    )


@blueprint.get("/<slug>")
def notice_of(slug: str) -> str:
    return _notice_of(district_at(slug))


def _notice_of(district: District) -> str:
    facts = facts_of(district)
    return render_template(
        "held/notice.html",
        page_name="privacy-notice",
        band="6-8",
        district=district,
        contact=facts.get(CONTACT) or facts.get(FORMS),
        topics=[(topic, tables_of(key)) for key, topic in TOPICS.items()],
        kinds=KINDS,
        terms=terms_of(district.id),
        fixed=FIXED,
        written_term=written_term,
    )


def tables_of(topic: str) -> list[Held]:
    return [held for held in INVENTORY.values() if held.topic == topic]
