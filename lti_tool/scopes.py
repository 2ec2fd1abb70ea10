"""The service scopes and media types we use (AGS 2.0, NRPS 2.0)."""

from collections.abc import Iterable

LINEITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
MEMBERSHIP_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
NOTICES_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"

LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINEITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

_SPOKEN = {
    LINEITEM_SCOPE: "make gradebook columns",
    SCORE_SCOPE: "write grades",
    RESULT_SCOPE: "read grades",
    MEMBERSHIP_SCOPE: "read the roster",
}


def spoken(scopes: Iterable[str]) -> str:
    """What a scope allows, in words for people: "write grades"."""
    return " and ".join(_SPOKEN.get(scope, scope) for scope in scopes)
