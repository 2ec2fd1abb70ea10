"""Register an LMS, and approve where it was installed."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound, Refused, ToolError
from core.messages import N_
from core.settings import LOCAL_HOSTS, Settings
from lti_tool.frame_origins import SITE
from lti_tool.keys import ensure_signing_key
from lti_tool.models import Deployment, Platform
from lti_tool.registrations import forget_platforms
from lti_tool.targets import PLAIN_ADDRESS
from people.audit import Actor, record
from people.models import District


class OddAddress(ToolError):
    code = "odd_address"


def check_address(url: str, settings: Settings) -> None:
    """https, or plain http to this machine where the private network is allowed. Raises OddAddress."""
    if not _is_address(url, settings):
        raise OddAddress(N_("%(url)s is no address a platform can have; expected https://...", url=url))


def _is_address(url: str, settings: Settings) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is no number
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS and settings.allow_private_network
    plain = PLAIN_ADDRESS.fullmatch(url) and not parts.fragment and "@" not in parts.netloc
    return bool(parts.hostname and plain and (parts.scheme == "https" or local))


def speaks_for_staff(district: District, said: bool | None) -> bool:
    """Whether an LMS that is registered now speaks for the district's staff: as IT said, else only its first one."""
    if said is not None:
        return said
    return db.scalar(sa.select(Platform.id).filter_by(district_id=district.id).limit(1)) is None


def add_platform(
    district: District,
    deployment_ids: tuple[str, ...],
    by: Actor,
    *,
    speaks: bool | None = None,
    **given: object,
) -> Platform:
    """A new registration with its approved deployments. Raises Refused when the pair is registered already.

    `speaks`: whether it speaks for the district's staff; None where nobody said.
    """
    issuer, client_id = given["issuer"], given["client_id"]
    if db.scalars(sa.select(Platform.id).filter_by(issuer=issuer, client_id=client_id)).first():
        raise Refused(
            N_(
                "%(issuer)s with client id %(client_id)s is registered already",
                issuer=issuer,
                client_id=client_id,
            )
        )
    platform = Platform(district_id=district.id, speaks_for_staff=speaks_for_staff(district, speaks), **given)
    db.add(platform)
    db.flush()
    record_speaking(platform, by)
    for deployment_id in dict.fromkeys(deployment_ids):
        approve_deployment(platform, deployment_id)
    ensure_signing_key()
    forget_platforms()
    return platform


def change_platform(platform: Platform, by: Actor, *, speaks: bool, **given: object) -> None:
    """What may differ later: name, addresses, token audience, whether custom ids are trusted, and whether it speaks
    for the district's staff."""
    for name, value in given.items():
        setattr(platform, name, value)
    let_speak_for_staff(platform, speaks, by)
    db.flush()
    forget_platforms()


def let_speak_for_staff(platform: Platform, speaks: bool, by: Actor) -> None:
    """Whether this LMS is believed about who is on the staff, from its next launch on (lti_tool.apart)."""
    if platform.speaks_for_staff != speaks:
        platform.speaks_for_staff = speaks
        db.flush()
        record_speaking(platform, by)
        forget_platforms()


def record_speaking(platform: Platform, by: Actor) -> None:
    """In the audit log, since the standing of staff may hang on it."""
    action = "lms_speaks_for_staff" if platform.speaks_for_staff else "lms_does_not_speak_for_staff"
    record(platform.district_id, by, action, f"platform:{platform.id}")


def approve_deployment(platform: Platform, deployment_id: str) -> Deployment:
    """Let people in from this installation, whether or not it has knocked before."""
    found = db.scalars(
        sa.select(Deployment).filter_by(platform_id=platform.id, deployment_id=deployment_id)
    ).one_or_none()
    if found is None:
        found = Deployment(
            district_id=platform.district_id, platform_id=platform.id, deployment_id=deployment_id
        )
        db.add(found)
    found.state, found.dismissed_at = "approved", None
    db.flush()
    forget_platforms()
    return found


def set_frame_origins(platform: Platform, origins: Sequence[str], settings: Settings) -> None:
    """Sites at which people see this LMS besides its issuer, as in https://lms.example or https://*.example.org.

    Raises OddAddress for what a Content-Security-Policy could not name, or would read as more than one site.
    """
    for origin in origins:
        if not SITE.fullmatch(origin) or not _is_address(origin.replace("*.", "any.", 1), settings):
            raise OddAddress(
                N_(
                    "%(origin)s is no site; expected https://lms.example or https://*.example.org",
                    origin=origin,
                )
            )
    platform.frame_origins = " ".join(dict.fromkeys(origins))
    db.flush()
    forget_platforms()


def platform_numbered(number: int) -> Platform:
    found = db.get(Platform, number)
    if found is None:
        raise NotFound(N_("there is no platform %(number)s; see: flask platform list", number=number))
    return found


def deployments_of(platform: Platform) -> list[Deployment]:
    return list(db.scalars(sa.select(Deployment).filter_by(platform_id=platform.id).order_by(Deployment.id)))
