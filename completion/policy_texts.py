"""The texts of an agreement: publish an edition, and show one as a district fills it, down to the byte."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.approvals import unapproved
from completion.models import PolicyEdition, PolicyText
from completion.requirements import containing
from completion.reviews import mark_everybody
from completion.rules import SIGNATURE
from core.clock import now
from core.database import db, insert_for
from core.errors import NotFound, Refused
from core.messages import N_
from core.variables import fill
from people.district_facts import facts_of
from people.models import District

AGREEMENT = "rua"
FIRST = "editorial"
"""What the first edition counts as: nobody has signed another before it."""


class NoSuchAgreement(NotFound):
    code = "no_such_agreement"
    next_step = N_("The agreement has not been published here yet. Tell your school's help desk.")


@dataclass(frozen=True)
class ShownText:
    """An agreement as one district's people see it."""

    key: str
    version: str
    lang: str
    title: str
    intent: str
    body: str
    edition_id: int
    change: str
    reattest_by: datetime | None

    @property
    def text(self) -> str:
        """What is hashed and kept: title and version stand in it, so no two versions share their bytes."""
        return f"# {self.title}\n\nVersion {self.version}\n\n{self.body}"

    @property
    def sha256(self) -> str:
        return sha256_of(self.text)

    @property
    def policy_version(self) -> str:
        """As evidence and IT name it: rua-2026.1."""
        return f"{self.key}-{self.version}"


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def publish_policy_text(
    key: str,
    version: str,
    lang: str,
    text: str,
    *,
    title: str,
    intent: str,
    change: str | None = None,
    effective_at: datetime | None = None,
    reattest_by: datetime | None = None,
    approved_by: Sequence[str] = (),
) -> str:
    """Publish an edition and return the SHA-256 of its text; publishing the same again changes nothing.

    `text` is Markdown, sections begin with `## `, with {{name|default}} where district facts go. Write the
    defaults in first (core.variables.with_defaults): nothing else knows them here.

    change, effective_at, reattest_by, approved_by  as in PolicyEdition
    Raises Refused when this version was published with other words, since signatures name the version, or when it
    follows another edition and does not say whether the change is editorial or material, and who approved that.
    """
    digest = sha256_of(text)
    kept = _edition(key, version, lang)
    if kept is None:
        if change is None and _has_editions(key, lang):
            raise Refused(
                N_(
                    "%(key)s %(version)s follows an edition that people signed; "
                    "say whether its change is editorial or material",
                    key=key,
                    version=version,
                )
            )
        _refuse_unapproved(key, version, change, approved_by)
        db.execute(
            insert_for(PolicyEdition)
            .values(
                key=key, version=version, lang=lang, text=text, title=title, intent=intent, sha256=digest,
                change=change or FIRST, effective_at=effective_at, reattest_by=reattest_by,
                approved_by=list(approved_by),
            )
            .on_conflict_do_nothing(index_elements=["key", "version", "lang"])
        )  # fmt: skip
        if change == "material":
            for requirement_id in containing(SIGNATURE + key):
                mark_everybody(requirement_id=requirement_id)
        kept = _edition(key, version, lang)
        assert kept is not None, "it was written a moment ago"
    if (kept.sha256, kept.intent) != (digest, intent):
        raise Refused(
            N_(
                "%(key)s %(version)s (%(lang)s) was published with other words; a changed text needs a new version",
                key=key,
                version=version,
                lang=lang,
            )
        )
    if approved_by and kept.approved_by != list(approved_by):
        _approve_later(kept, change, approved_by)
    return digest


def _refuse_unapproved(key: str, version: str, change: str | None, approved_by: Sequence[str]) -> None:
    if wrong := unapproved(change or "first", approved_by):
        raise Refused(f"{key} {version}: {wrong}")


def _approve_later(kept: PolicyEdition, change: str | None, approved_by: Sequence[str]) -> None:
    """Of an edition from before approvals were kept it may be said now, once."""
    if kept.approved_by:
        raise Refused(f"{kept.key} {kept.version} was published with other people in approved_by")
    _refuse_unapproved(kept.key, kept.version, change, approved_by)
    kept.approved_by = list(approved_by)


def editions_of(key: str = AGREEMENT, lang: str = "en") -> list[PolicyEdition]:
    """Newest first."""
    return list(
        db.scalars(sa.select(PolicyEdition).filter_by(key=key, lang=lang).order_by(PolicyEdition.id.desc()))
    )


def current_edition(key: str = AGREEMENT, lang: str = "en") -> PolicyEdition:
    """The newest edition in effect; before the first one takes effect, that one. Raises NoSuchAgreement."""
    found = editions_of(key, lang)
    if not found:
        raise NoSuchAgreement(N_("There is no agreement to sign yet."))
    at = now()
    return next((each for each in found if each.effective_at is None or each.effective_at <= at), found[-1])


def edition_named(version: str, key: str = AGREEMENT, lang: str = "en") -> PolicyEdition:
    """Raises NoSuchAgreement."""
    found = _edition(key, version, lang)
    if found is None:
        raise NoSuchAgreement(N_("There is no edition %(version)s of this agreement.", version=version))
    return found


def current_text(district: District, key: str = AGREEMENT, lang: str = "en") -> ShownText:
    """The current edition filled with this district's facts. Raises NoSuchAgreement, MissingVariable."""
    return text_of(current_edition(key, lang), district)


def text_of(edition: PolicyEdition, district: District) -> ShownText:
    """Any edition as this district fills it now. Raises MissingVariable."""
    facts = facts_of(district)
    return ShownText(
        key=edition.key,
        version=edition.version,
        lang=edition.lang,
        title=edition.title,
        intent=fill(edition.intent, facts),
        body=fill(edition.text, facts),
        edition_id=edition.id,
        change=edition.change,
        reattest_by=edition.reattest_by,
    )


def keep_text(shown: ShownText) -> PolicyText:
    """The row of this very text, written at its first signature."""
    db.execute(
        insert_for(PolicyText)
        .values(sha256=shown.sha256, key=shown.key, version=shown.version, lang=shown.lang, text=shown.text)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return db.scalars(sa.select(PolicyText).filter_by(sha256=shown.sha256)).one()


def _edition(key: str, version: str, lang: str) -> PolicyEdition | None:
    return db.scalars(sa.select(PolicyEdition).filter_by(key=key, version=version, lang=lang)).one_or_none()


def _has_editions(key: str, lang: str) -> bool:
    return db.scalars(sa.select(PolicyEdition.id).filter_by(key=key, lang=lang).limit(1)).first() is not None
