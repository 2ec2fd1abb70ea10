"""Our platforms, read once every few seconds, and as pylti1p3 wants to see them."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from pylti1p3.registration import Registration

from core.database import db, forget_with_database, only_reading
from core.messages import N_
from lti_tool.frame_origins import frame_origins
from lti_tool.models import Deployment, Platform
from lti_tool.refusals import AmbiguousPlatform, UnknownPlatform
from people.models import District

FRESH_FOR = 5.0
"""Seconds a worker may go on with what it read: a launch costs no query for its platform, and an approval by
IT works within five seconds."""


@dataclass(frozen=True)
class Registered:
    """A platform as every request needs it, apart from any database session."""

    id: int
    district: District
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    token_audience: str | None
    custom_ids_trusted: bool
    speaks_for_staff: bool
    """Whether it is believed about who is on the staff (lti_tool.apart)."""
    deployments: dict[str, int]
    """Approved deployment ids, with their row numbers."""
    family: str | None = None
    """As last launched: canvas, moodle, schoology..."""
    framed_by: tuple[str, ...] = ()
    """Origins that may show our pages in a frame."""
    withdrawn: bool = False
    """IT lets nobody in from here any more."""

    @property
    def district_id(self) -> int:
        return self.district.id

    def registration(self) -> Registration:
        return (
            Registration()
            .set_issuer(self.issuer)
            .set_client_id(self.client_id)
            .set_auth_login_url(self.auth_login_url)
            .set_auth_token_url(self.auth_token_url)
            .set_auth_audience(self.token_audience or self.auth_token_url)
            .set_key_set_url(self.jwks_url)
        )


class _Known:
    """What this process knows of platforms, and since when."""

    read_at = float("-inf")
    by_id: dict[int, Registered] = {}  # noqa: RUF012  (replaced whole, never changed)


@forget_with_database
def forget_platforms() -> None:
    """After a change made in this process."""
    _Known.read_at = float("-inf")


def _platforms() -> dict[int, Registered]:
    if time.monotonic() - _Known.read_at > FRESH_FOR:
        _Known.by_id = _read()
        _Known.read_at = time.monotonic()
    return _Known.by_id


def _read() -> dict[int, Registered]:
    with only_reading():
        approved: dict[int, dict[str, int]] = {}
        for row in db.scalars(sa.select(Deployment).filter_by(state="approved")):
            approved.setdefault(row.platform_id, {})[row.deployment_id] = row.id
        rows = db.execute(
            sa.select(Platform, District).join(District, District.id == Platform.district_id)
        ).all()
        db.expunge_all()
        return {
            row.id: _registered(row, district, {} if row.withdrawn_at else approved.get(row.id, {}))
            for row, district in rows
        }


def _registered(row: Platform, district: District, deployments: dict[str, int]) -> Registered:
    names = (
        "id",
        "issuer",
        "client_id",
        "auth_login_url",
        "auth_token_url",
        "jwks_url",
        "token_audience",
        "custom_ids_trusted",
        "speaks_for_staff",
        "family",
    )
    return Registered(
        **{name: getattr(row, name) for name in names},
        district=district,
        deployments=deployments,
        framed_by=frame_origins(row.issuer, row.auth_login_url, extra=row.frame_origins),
        withdrawn=row.withdrawn_at is not None,
    )


def registered(platform_id: int) -> Registered:
    """Raises UnknownPlatform."""
    found = _platforms().get(platform_id)
    if found is None:
        raise UnknownPlatform(N_("The LMS this came from is not registered here any more."))
    return found


def learn_family(platform: Registered, family: str | None) -> None:
    """Keep what kind of LMS a launch says it comes from; written once, since it hardly ever changes."""
    if family and family.lower() != platform.family:
        db.execute(sa.update(Platform).filter_by(id=platform.id).values(family=family.lower()))
        forget_platforms()  # or every launch of the next seconds would write it again


def fitting(issuer: str, client_id: str | None) -> list[Registered]:
    """The registrations a login may come from."""
    of_issuer = [each for each in _platforms().values() if each.issuer == issuer and not each.withdrawn]
    return [platform for platform in of_issuer if client_id in (None, "", platform.client_id)]


def find_registered(issuer: str, client_id: str | None) -> Registered:
    """The platform a login comes from (LTI 1.3 core 4.1.3: client_id may be absent).

    Raises UnknownPlatform, or AmbiguousPlatform when an issuer with several registrations sends no client_id:
    taking the first would mix up districts that share one issuer.
    """
    found = fitting(issuer, client_id)
    if not found:
        raise UnknownPlatform(
            N_(
                "The LMS %(issuer)s (client id %(client_id)s) is not registered here.",
                issuer=issuer,
                client_id=client_id or N_("not sent"),
            )
        )
    if len(found) > 1:
        raise AmbiguousPlatform(
            N_(
                "Several registrations share the address %(issuer)s, and the LMS did not say which.",
                issuer=issuer,
            )
        )
    return found[0]
