"""Somebody of whom every table of the inventory holds a row, and what stands around them."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.database import Base, db
from held.inventory import table_called
from held.reaching import about
from held.tables import INVENTORY
from lti_tool.models import Deployment
from people.directory import link_identity
from people.models import District, Person, SchoolYear
from people.roster_models import Building
from tests.teaching.makers import a_platform

NAME = "Wilhelmina Quackenbush"
"""Stands sealed in two places; no file and no log may show it."""


class Held:
    """One person with a row in every table. `add` inserts past the models, so that tables are what is tested."""

    def __init__(self, district: District, year: SchoolYear, person: Person, other: Person) -> None:
        self.district, self.year, self.person, self.other = district, year, person, other
        self.at = year.starts_at + timedelta(days=60)
        self.merged = Person(district_id=district.id, audience=person.audience)
        db.add(self.merged)
        db.flush()
        self._around()
        self._people()
        self._ledger()
        self._lessons()
        self._network()
        self._reminders()
        self._lms()
        db.commit()
        db.expunge_all()

    def add(self, table: str, **values: Any) -> int:
        known: dict[str, Any] = {"district_id": self.district.id, "created_at": self.at}
        if "person_id" in Base.metadata.tables[table].c:
            known["person_id"] = self.person.id
        if "school_year_id" in Base.metadata.tables[table].c:
            known["school_year_id"] = self.year.id
        if "district_id" not in Base.metadata.tables[table].c:
            del known["district_id"]
        target = table_called(table)
        return db.execute(target.insert().values({**known, **values}).returning(target.c.id)).scalar_one()

    def rows(self) -> dict[str, int]:
        """{table: rows about them}"""
        db.remove()
        counted = {
            name: db.scalar(
                sa.select(sa.func.count()).select_from(table_called(name)).where(about(held, self.person.id))
            )
            for name, held in INVENTORY.items()
        }
        return {name: count for name, count in counted.items() if count}

    def _around(self) -> None:
        self.building = Building(
            district_id=self.district.id, key=f"b{self.person.id}", name="Elm Elementary"
        )
        db.add(self.building)
        platform = a_platform(self.district, issuer=f"https://lms{self.person.id}.example")
        deployment = db.scalars(sa.select(Deployment).filter_by(platform_id=platform.id)).one()
        self.platform = {"platform_id": platform.id}
        self.placed = {"platform_id": platform.id, "deployment_pk": deployment.id}
        self.classroom = self.add("classroom", title="Room 12", roster_as_of=self.at)
        self.requirement = self.add(
            "requirement", key=f"r{self.person.id}", audience="staff", title="Asked", alternatives=[]
        )
        text = {"key": "rua", "version": f"v{self.person.id}", "lang": "en", "text": "Be kind."}
        self.policy = self.add("policy_text", sha256=f"{self.person.id:064x}", **text)
        self.edition = self.add(
            "policy_edition", title="Agreement", intent="I agree", sha256=f"{self.person.id:064x}",
            change="editorial", **text,
        )  # fmt: skip
        self.version = self.add(
            "lesson_version", lesson_id="g4-a", content_hash=f"{self.person.id:064x}", body={}
        )

    def _people(self) -> None:
        for scheme, value in (("sis", f"1{self.person.id:05}"), ("lti", f"sub-{self.person.id}")):
            link_identity(self.person, scheme=scheme, value=value, source="launch")
        self.add("claimed_name", scheme="sis", fingerprint="f" * 64, value="999", why="custom")
        self.add("not_ours", decided_by=self.other.id)
        self.add("roster_key_change", source="oneroster", modified_at=self.at)
        self.add(
            "roster_import", source="oneroster", version="1.1", bulk=True, sha256="0" * 64, state="done", counts={},
            approved_by=self.person.id,
        )  # fmt: skip
        self.add("enrollment", classroom_id=self.classroom, role="learner", display_name=NAME)
        self.add(
            "roster_interval", building_id=self.building.id, audience="pupil", grade="g4",
            starts_at=self.year.starts_at, ends_at=self.year.ends_at, source="command",
        )  # fmt: skip
        self.add(
            "person_merge", kept_id=self.person.id, gone_id=self.merged.id, by="command", moved={}, changed={}
        )
        self.add("staff_choice", job="teacher", path="full")
        self.add("office", office="hr")
        self.add(
            "legal_hold", public_id=f"lh_{self.person.id}", matter="2020-OLD", placed_by="command",
            placed_at=self.at, lifted_by="command", lifted_at=self.at,
        )  # fmt: skip
        self.sign_in = self.add(
            "sign_in", key=f"k{self.person.id}", browser_hash="0" * 64, role="learner", locale="en", about=[],
            framed_by="", expires_at=self.at,
        )  # fmt: skip

    def _ledger(self) -> None:
        asked = {"requirement_id": self.requirement}
        self.add(
            "assignment",
            assigned_at=self.at,
            due_at=self.at,
            grace_until=self.at,
            basis="school_year",
            **asked,
        )
        self.add("review", facts=1, seen=1, **asked)
        self.add("progress", part="lesson:g4-a", begun_at=self.at, best_score=90, done_at=self.at)
        self.evidence("lesson:g4-a", "course")
        signature = self.add(
            "attestation", public_id=f"at_{self.person.id}", policy_text_id=self.policy, intent="I agree",
            typed_name=NAME, signed_at=self.at, provenance={},
        )  # fmt: skip
        self.add(
            "visit", attestation_id=signature, building_id=self.building.id, under_code="vc_gone",
            form_hash=f"{self.person.id:064}", signed_at=self.at, valid_until=self.year.ends_at,
        )  # fmt: skip
        self.add(
            "paper_signature", public_id=f"pa_{self.person.id}", edition_id=self.edition, signed_on=self.at.date(),
            entered_by=self.other.id, state="waiting",
        )  # fmt: skip
        self.add("equivalent", course="other", taken_on=self.at.date(), accepted_by=self.other.id, **asked)
        self.add("declined", edition_id=self.edition, declined_at=self.at)
        self.add(
            "exemption", public_id=f"ex_{self.person.id}", starts_at=self.at, ends_at=self.year.ends_at,
            reason_code="leave", approved_by=self.other.id, recorded_by="command", **asked,
        )  # fmt: skip
        self.add(
            "extension", public_id=f"xn_{self.person.id}", part="", due_at=self.at, grace_until=self.at,
            reason_code="leave", given_by=self.other.id, given_at=self.at, **asked,
        )  # fmt: skip
        self.add(
            "revocation", public_id=f"rv_{self.person.id}", starts_at=self.at, ends_at=self.year.ends_at,
            reason_code="conduct", emergency=False, decided_by=self.other.id, recorded_by="command",
            review_due_at=self.at,
        )  # fmt: skip

    def evidence(self, part: str, kind: str, at: datetime | None = None, **more: Any) -> int:
        number = db.scalar(sa.select(sa.func.count()).select_from(table_called("evidence")))
        return self.add(
            "evidence", public_id=f"ev_{self.person.id}_{number}", part=part, kind=kind, version="v1", score=90,
            shown_at=at or self.at, source=f"made {number}", **more,
        )  # fmt: skip

    def _lessons(self) -> None:
        lesson = {"lesson_id": "g4-a", "version_id": self.version}
        self.add("lesson_visit", step=2, furthest=2, **lesson)
        self.add("opt_out", lesson_id="g4-a", reason="own", set_by=self.person.id, set_at=self.at)
        attempt = self.add(
            "attempt", public_id=f"tr{self.person.id}", number=1, lang="en", seed=1, draw=[], started_at=self.at,
            submitted_at=self.at, score=90, passed=True, **lesson,
        )  # fmt: skip
        self.add("response", attempt_id=attempt, item_id="g4-a.q01", answer=["b"], points=1, saved_at=self.at)
        self.add(
            "group_session", public_id=f"gs{self.person.id}", classroom_id=self.classroom, led_by=self.person.id,
            held_on=self.at.date(), **lesson,
        )  # fmt: skip

    def _network(self) -> None:
        same = {
            "requirement": "rua",
            "state": "complete",
            "access": "allow",
            "reason": "course",
            "seq": self.person.id,
        }
        self.add(
            "standing", audience="staff", period=self.year.name, would_be="allow", changed_at=self.at, **same
        )
        self.add("standing_change", at=self.at, **same)

    def _reminders(self) -> None:
        letter = self.add(
            "reminder_letter", day=self.at.date(), message_id=f"<{self.person.id}@evergreen.example>", state="sent",
            due_at=self.at, tries=0, sent_at=self.at,
        )  # fmt: skip
        self.add("reminder", letter_id=letter, kind="assigned", subject="rua:2026-27:2026-09-15", detail={})
        self.add("refused_address", fingerprint=f"{self.person.id:064}", answer=550, refused_at=self.at)

    def _lms(self) -> None:
        link = self.add(
            "resource_link", link_id=f"l{self.person.id}", target="/lessons/g4/g4-a", **self.placed
        )
        self.add("launch", resource_link_id=link, sign_in_id=self.sign_in, **self.platform)
        column = self.add("line_item", label="Lesson", **self.platform)
        self.add(
            "score_delivery", line_item_id=column, score=90, scored_at=self.at, wanted=1, sent=1, offered=[],
            state="sent", due_at=self.at, tries=1, **self.platform,
        )  # fmt: skip
        self.add(
            "deep_linking_request", sign_in_id=self.sign_in, return_url="https://lms.example/back", accept_types=[],
            accept_targets=[], accept_multiple=True, picked=[], **self.placed,
        )  # fmt: skip
