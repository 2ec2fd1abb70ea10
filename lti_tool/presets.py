"""The LMSs we know: their addresses, filled in as far as they are the same for every customer.

Sources: canvas-lms doc/api/lti_dev_key_config.md; developers.schoology.com (LTI apps); Moodle 4.5 mod/lti;
docs.anthology.com (LTI 1.3); the Brightspace LTI Advantage guide. Each value can be overruled where it is used.
"""

from dataclasses import dataclass

from core.errors import NotFound, ToolError
from core.messages import N_

BASE = "{base}"
"""Stands for the LMS's own address, which differs per district."""


class BaseUrlNeeded(ToolError):
    """This LMS lives at the district's own address."""

    code = "base_url_needed"


@dataclass(frozen=True)
class Addresses:
    """What a registration needs to know of an LMS, besides the client id."""

    issuer: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    token_audience: str | None


@dataclass(frozen=True)
class Preset:
    """One kind of LMS.

    key            for the command line and for forms
    dynamic        whether it can register itself with an invitation (`flask platform invite`)
    sheet          which of lti_tool.sheets says what to paste into its form
    """

    key: str
    label: str
    issuer: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    sheet: str
    dynamic: bool = True
    token_audience: str | None = None

    @property
    def needs_base_url(self) -> bool:
        return BASE in self.issuer

    def addresses(self, base_url: str | None = None) -> Addresses:
        """Raises BaseUrlNeeded where the LMS lives at the district's own address and none was given."""
        if self.needs_base_url and not base_url:
            raise BaseUrlNeeded(
                N_("%(lms)s lives at the district's own address, which is missing.", lms=self.label)
            )
        base = (base_url or "").rstrip("/")
        return Addresses(
            issuer=self.issuer.replace(BASE, base),
            auth_login_url=self.auth_login_url.replace(BASE, base),
            auth_token_url=self.auth_token_url.replace(BASE, base),
            jwks_url=self.jwks_url.replace(BASE, base),
            token_audience=self.token_audience,
        )


def _canvas(key: str, label: str, part: str) -> Preset:
    """Every hosted Canvas shares one issuer; the client id tells districts apart."""
    return Preset(
        key=key,
        label=label,
        issuer=f"https://canvas.{part}instructure.com",
        auth_login_url=f"https://sso.{part}canvaslms.com/api/lti/authorize_redirect",
        auth_token_url=f"https://sso.{part}canvaslms.com/login/oauth2/token",
        jwks_url=f"https://sso.{part}canvaslms.com/api/lti/security/jwks",
        sheet="canvas",
    )


_SCHOOLOGY_SERVICE = "https://lti-service.svc.schoology.com/lti-service"
_BLACKBOARD_PORTAL = "https://developer.anthology.com"

PRESETS = {
    preset.key: preset
    for preset in (
        _canvas("canvas", "Canvas", ""),
        _canvas("canvas-beta", "Canvas (beta)", "beta."),
        _canvas("canvas-test", "Canvas (test)", "test."),
        Preset(
            key="schoology",
            label="Schoology",
            issuer="https://schoology.schoology.com",
            auth_login_url=f"{_SCHOOLOGY_SERVICE}/authorize-redirect",
            auth_token_url=f"{_SCHOOLOGY_SERVICE}/access-token",
            jwks_url=f"{_SCHOOLOGY_SERVICE}/.well-known/jwks",
            sheet="schoology",
            dynamic=False,
        ),
        Preset(
            key="moodle",
            label="Moodle",
            issuer=BASE,
            auth_login_url=f"{BASE}/mod/lti/auth.php",
            auth_token_url=f"{BASE}/mod/lti/token.php",
            jwks_url=f"{BASE}/mod/lti/certs.php",
            sheet="moodle",
        ),
        Preset(
            key="blackboard",
            label="Blackboard",
            issuer="https://blackboard.com",
            auth_login_url=f"{_BLACKBOARD_PORTAL}/api/v1/gateway/oidcauth",
            auth_token_url=f"{_BLACKBOARD_PORTAL}/api/v1/gateway/oauth2/jwttoken",
            jwks_url=f"{_BLACKBOARD_PORTAL}/.well-known/jwks.json",
            sheet="blackboard",
            dynamic=False,
        ),
        Preset(
            key="brightspace",
            label="Brightspace",
            issuer=BASE,
            auth_login_url=f"{BASE}/d2l/lti/authenticate",
            auth_token_url="https://auth.brightspace.com/core/connect/token",  # noqa: S106  (an address)
            jwks_url=f"{BASE}/d2l/.well-known/jwks",
            sheet="brightspace",
            # Not its token address: an assertion for that one is refused.
            token_audience="https://api.brightspace.com/auth/token",  # noqa: S106
        ),
    )
}


def is_shared(issuer: str) -> bool:
    """Whether every customer of this LMS has the same issuer, so that it says nothing about whose LMS it is."""
    return any(each.issuer == issuer for each in PRESETS.values() if not each.needs_base_url)


def preset_named(key: str) -> Preset:
    """Raises NotFound."""
    if key not in PRESETS:
        raise NotFound(N_("There is no LMS called %(name)s here.", name=key))
    return PRESETS[key]
