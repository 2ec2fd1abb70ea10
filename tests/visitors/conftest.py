"""A school's front desk, an agreement in two languages, and a visitor who holds nothing but a code."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from completion import requirements
from completion.policy_texts import publish_policy_text
from core.database import db
from people import offices
from people.audit import COMMAND
from people.models import District
from people.roster_models import Building
from tests.browsers import Browser
from visitors import views
from visitors.models import VisitCode

VISIT = "/public/evergreen/visit"


@pytest.fixture
def guest_agreement(no_curriculum, district) -> None:
    for lang, title, intent in (("en", "Guest Agreement", "I agree."), ("es", "Acuerdo", "Acepto.")):
        text = "## Rules\n\nAsk first.\n" if lang == "en" else "## Reglas\n\nPregunte primero.\n"
        publish_policy_text("guest", "2026.1", lang, text, title=title, intent=intent)
    requirements.define("guest", "guest", "Guest Agreement", [["attestation:guest"]])
    db.commit()
    views.WRONG.forget()


@pytest.fixture
def schools(guest_agreement, district: District) -> tuple[Building, Building]:
    made = tuple(
        Building(district_id=district.id, key=name[:3], name=f"{name} School") for name in ("Elm", "Oak")
    )
    db.add_all(made)
    db.commit()
    return made  # type: ignore[return-value]


@pytest.fixture
def officer(schools, make_person, signed_in) -> Callable[..., Browser]:
    """officer("school", building) -> Browser of somebody who holds the office."""

    def make(office: str, building: Building | None = None) -> Browser:
        person = db.merge(make_person("staff"))
        offices.give(person, office, COMMAND, building.id if building else None)
        db.commit()
        return signed_in("other", person=person)

    return make


@pytest.fixture
def desk(officer, schools) -> Browser:
    """The front desk of Elm School."""
    return officer("school", schools[0])


@pytest.fixture
def code(desk, schools) -> str:
    """One for many visitors of Elm School."""
    return new_code(desk, schools[0])


def new_code(desk: Browser, building: Building, kind: str = "many") -> str:
    made = desk.post("/completion/visitors/codes", data={"building": building.id, "for": kind})
    assert made.status_code == 303, made.text
    db.remove()
    code = db.scalars(sa.select(VisitCode).order_by(VisitCode.id.desc())).first().code
    db.remove()  # what only read must not keep the writers of a browser waiting
    return code


class Visitor:
    """A phone: no cookie is kept, and none is needed."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def get(self, path: str):
        db.remove()
        return self.app.test_client(use_cookies=False).get(path)

    def open(self, code: str, lang: str = "en"):
        return self.get(f"{VISIT}/{code}?lang={lang}")

    def sign(
        self, code: str, name: str = "Val Ortiz", lang: str = "en", page: str | None = None, **changes: str
    ):
        page = page or self.open(code, lang).text
        hidden = {
            each: re.search(rf'name="{each}" value="([^"]+)"', page)[1] for each in ("form", "text_sha256")
        }
        db.remove()
        return self.app.test_client(use_cookies=False).post(
            f"{VISIT}/{code}?lang={lang}", data={**hidden, "agree": "yes", "typed_name": name, **changes}
        )

    def copy(self, signed) -> str:
        assert signed.status_code == 303, signed.text
        return self.get(signed.headers["Location"]).text


@pytest.fixture
def visitor(app: Flask, guest_agreement) -> Visitor:
    return Visitor(app)
