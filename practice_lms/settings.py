"""What a practice LMS is told at the start: where it lives, which LMS it plays, and the tool registered
with it.
"""

from __future__ import annotations

from dataclasses import dataclass

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINEITEM = AGS + "lineitem"
LINEITEM_READONLY = AGS + "lineitem.readonly"
RESULT_READONLY = AGS + "result.readonly"
SCORE = AGS + "score"
MEMBERSHIPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
CHOICES = {
    "personality": ("canvas", "schoology", "moodle"),
    "privacy": ("public", "name_only", "email_only", "anonymous"),
    "sourced_ids": ("present", "absent", "empty"),
    "storage": ("on", "off", "silent"),
}
NOTICE_HANDLERS = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
ALL_SCOPES = (LINEITEM, LINEITEM_READONLY, RESULT_READONLY, SCORE, MEMBERSHIPS, NOTICE_HANDLERS)


@dataclass(frozen=True)
class Registration:
    """A tool as its LMS knows it. `jwks` (a key set as a dict) is used instead of fetching `jwks_url`
    when given.
    """

    client_id: str
    deployment_ids: tuple[str, ...]
    login_url: str
    redirect_uris: tuple[str, ...]
    jwks_url: str
    jwks: dict[str, object] | None = None

    @classmethod
    def of_tool(cls, tool_url: str, client_id: str, deployment_ids: tuple[str, ...]) -> Registration:
        """The usual addresses below one tool URL (docs: the tool's public contract)."""
        tool = tool_url.rstrip("/")
        return cls(
            client_id, deployment_ids, f"{tool}/lti/login", (f"{tool}/lti/launch",), f"{tool}/lti/jwks"
        )


@dataclass(frozen=True)
class PracticeSettings:
    """`registration=None` registers the tool at its usual addresses with the personality's example ids."""

    base_url: str = "http://127.0.0.1:8080"
    tool_url: str = "http://localhost:8000"
    personality: str = "canvas"
    registration: Registration | None = None
    issuer: str | None = None
    privacy: str = "public"
    sourced_ids: str = "present"
    page_size: int | None = None
    granted_scopes: tuple[str, ...] = ALL_SCOPES
    locale: str = "en-US"
    log_limit: int = 100_000
    offers_differences: bool = False  # the roster's last page says where its later changes are (NRPS 2.0)
    storage: str = "on"  # platform storage for tools in frames; "silent" offers it and never answers
    offers_deep_linking: bool = False  # shows teachers "Add lessons"; the engine answers either way

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {getattr(self, name)!r}")

    @property
    def shares_names(self) -> bool:
        return self.privacy in ("public", "name_only")

    @property
    def shares_emails(self) -> bool:
        return self.privacy in ("public", "email_only")
