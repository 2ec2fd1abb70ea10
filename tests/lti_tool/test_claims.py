"""The claims of a launch, as we read them."""

import copy
import json
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lti_tool.claim_values import CLAIM
from lti_tool.claims import (
    AGS_CLAIM,
    DEEP_LINKING,
    NRPS_CLAIM,
    RESOURCE_LINK,
    SUBMISSION_REVIEW,
    read_claims,
)
from lti_tool.deep_linking_settings import SETTINGS_CLAIM
from lti_tool.refusals import ClaimRefused, LaunchRefused, NobodyNamed, NotSupported
from tests.lti_tool.suite import rows

TOKEN = {
    "sub": "a-user",
    "email": " ana@evergreen.example ",
    CLAIM + "message_type": "LtiResourceLinkRequest",
    CLAIM + "version": "1.3.0",
    CLAIM + "deployment_id": "1:evergreen",
    CLAIM + "target_link_uri": "http://localhost:8000/lessons/g4",
    CLAIM + "resource_link": {"id": "link-1", "title": "Same Me"},
    CLAIM + "roles": ["Learner"],
    CLAIM + "context": {"id": "course-1", "label": "G4", "title": "Grade 4"},
    CLAIM + "custom": {"lessonId": "g4-same-me", "sis_id": "$Canvas.user.sisid", "grade": 4},
    CLAIM + "lis": {"person_sourcedid": "200001"},
    CLAIM + "launch_presentation": {
        "locale": "en-US", "return_url": "https://lms.example/back", "document_target": "iframe"
    },
    CLAIM + "role_scope_mentor": ["a-pupil", "another"],
    CLAIM + "tool_platform": {"product_family_code": "canvas"},
    AGS_CLAIM: {
        "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        "lineitems": "https://lms.example/items?type_id=1",
        "lineitem": "https://lms.example/items/2?type_id=1",
    },
    NRPS_CLAIM: {"context_memberships_url": "https://lms.example/members"},
}  # fmt: skip


DEEP = {name: value for name, value in TOKEN.items() if name != CLAIM + "resource_link"} | {
    CLAIM + "message_type": DEEP_LINKING,
    SETTINGS_CLAIM: {
        "deep_link_return_url": 'https://lms.example/return?a="1"',
        "accept_types": ["ltiResourceLink", "link"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": False,
        "title": "Pick",
        "data": "opaque é \x00",
    },
}
REVIEW = TOKEN | {CLAIM + "message_type": SUBMISSION_REVIEW, CLAIM + "for_user": {"user_id": "a-pupil"}}


def claims(base=TOKEN, **changes):
    """The claims of a token with these claims changed, named without their prefix."""
    token = copy.deepcopy(base)
    full = {"endpoint": AGS_CLAIM, "nrps": NRPS_CLAIM, "settings": SETTINGS_CLAIM}
    for name, value in changes.items():
        token[full.get(name, name if name in token else CLAIM + name)] = value
    return read_claims(token)


def test_a_launch_in_our_words():
    read = claims()
    assert (read.message, read.for_user, read.deep_linking) == (RESOURCE_LINK, None, None)
    assert (read.return_url, read.document_target) == ("https://lms.example/back", "iframe")
    assert read.mentees == ("a-pupil", "another")
    assert (read.sub, read.deployment_id, read.link_id, read.link_title) == (
        "a-user",
        "1:evergreen",
        "link-1",
        "Same Me",
    )
    assert (read.context_id, read.context_title) == ("course-1", "Grade 4")
    assert (read.email, read.person_sourcedid) == ("ana@evergreen.example", "200001")
    assert read.custom == {"lessonid": "g4-same-me", "grade": "4"}
    assert (read.family, read.locale) == ("canvas", "en-US")
    assert read.lineitems_url == "https://lms.example/items?type_id=1"
    assert read.lineitem_url == "https://lms.example/items/2?type_id=1"
    assert read.memberships_url == "https://lms.example/members"


@pytest.mark.parametrize("absent", [None, [], "", 7, True, {}, "text", [{}]])
def test_an_optional_claim_of_the_wrong_kind_is_absent(absent):
    """Row 85: real platforms send all of these."""
    optional = ("context", "custom", "lis", "launch_presentation", "tool_platform", "endpoint", "nrps",
                "role_scope_mentor")  # fmt: skip
    read = claims(**dict.fromkeys(optional, absent))
    assert (read.return_url, read.document_target, read.mentees) == (None, None, ())
    nothing = (read.context_id, read.person_sourcedid, read.locale, read.family, read.lineitems_url,
               read.lineitem_url, read.memberships_url)  # fmt: skip
    assert nothing == (None,) * 7
    assert (read.custom, read.ags_scopes) == ({}, ())


@pytest.mark.parametrize(
    ("sent", "read"),
    [("https://lms.example/x", "https://lms.example/x"), ("http://127.0.0.1/x", "http://127.0.0.1/x"),
     ("", None), ("javascript:alert(1)", None), ("ftp://lms.example", None), ("//lms.example", None),
     ("https://", None), ("https://lms.example/a b", None), ("https://lms.example/\n", None),
     ("https://lms.example/" + "x" * 1000, None), ("$Unresolved", None)],
)  # fmt: skip
def test_a_service_address_is_whole_or_absent(sent, read):
    """Moodle sends "lineitem": "". One that was cut would lead to somebody else's column."""
    assert claims(endpoint={"lineitem": sent}).lineitem_url == read
    assert claims(nrps={"context_memberships_url": sent}).memberships_url == read


@pytest.mark.parametrize(
    ("value", "read"),
    [("text", "text"), (" text ", "text"), (7, "7"), ("", None), ("  ", None), (None, None), (True, None), (1.5, None),
     ([1], None), ({"a": 1}, None), ("$Canvas.user.sisid", None), ("$Person.sourcedId", None), ("5 $", "5 $")],
)  # fmt: skip
def test_custom_values_are_texts_that_say_something(value, read):
    """Row 86; unexpanded variables come back as their own names."""
    assert claims(custom={"sis_id": value}).custom.get("sis_id") == read


def test_custom_keys_are_read_without_case():
    """Schoology loses their case, Moodle sends both."""
    assert claims(custom={"lessonId": "a", "OTHER": "b"}).custom == {"lessonid": "a", "other": "b"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [("en", "en"), ("es-419", "es-419"), ("en_us", "en_us"), ("", None), ("$Locale", None), ("en us", None),
     ('en"><script>', None), ("e" * 21, None)],
)  # fmt: skip
def test_a_locale_is_a_language_tag(sent, read):
    assert claims(launch_presentation={"locale": sent}).locale == read


def test_texts_lose_what_no_database_takes():
    """JSON carries NUL and halves of surrogate pairs; PostgreSQL refuses the first, every encoder the second."""
    read = claims(
        context={"id": "c", "title": "Grade\x00 4 \ud800\n Room"}, resource_link={"id": "l", "title": "\x00"}
    )
    assert read.context_title == "Grade  4   Room"
    assert read.link_title is None


def test_long_titles_are_cut_and_long_ids_are_refused():
    """Row 82. A title may lose its end; two ids that lost theirs would be one."""
    assert len(claims(context={"id": "c", "title": "x" * 999}).context_title or "") == 255
    assert claims(context={"id": "x" * 255}).context_id == "x" * 255
    with pytest.raises(ClaimRefused):
        claims(context={"id": "x" * 256})


@pytest.mark.parametrize("odd", ["x" * 256, "é", "a\x00b", "a\nb", "\ud800", "日本"])
def test_an_id_is_up_to_255_ascii_characters(odd):
    """Row 82 (core 5.3.1, 5.3.5, 5.3.6, 5.4.1)."""
    for change in (
        {"sub": odd},
        {"deployment_id": odd},
        {"resource_link": {"id": odd}},
        {"context": {"id": odd}},
    ):
        with pytest.raises(ClaimRefused):
            claims(**change)


def test_an_id_keeps_its_blanks_and_its_case():
    read = claims(sub="A b", resource_link={"id": " x"}, context={"id": "Y "}, deployment_id="Z ")
    assert (read.sub, read.link_id, read.context_id, read.deployment_id) == ("A b", " x", "Y ", "Z ")


@pytest.mark.parametrize("sub", [None, "", 7, [], {}])
def test_nobody_is_not_let_in(sub):
    """Rows 12, 83."""
    with pytest.raises(NobodyNamed):
        claims(sub=sub)


def test_another_kind_of_message_is_said_to_be_one():
    """Row 88."""
    with pytest.raises(NotSupported):
        claims(message_type="LtiDataPrivacyLaunchRequest")


def test_a_deep_linking_request_in_our_words():
    """DL 2.0, 3.4.1. It comes from no link; `data` is kept as JSON, so that it goes back as it came."""
    read = claims(DEEP)
    asked = read.deep_linking
    assert (read.message, read.link_id, read.link_title) == (DEEP_LINKING, None, None)
    assert asked.return_url == 'https://lms.example/return?a="1"'
    assert json.loads(asked.data) == "opaque é \x00" and "\x00" not in asked.data
    assert (asked.accept_types, asked.accept_targets) == (("ltiResourceLink", "link"), ("iframe", "window"))
    assert (asked.accept_multiple, asked.accept_lineitem) == (True, False)


@pytest.mark.parametrize(
    ("sent", "read"),
    [(True, True), (False, False), ("true", True), ("false", False), (None, None), (1, None), ([], None)],
)  # fmt: skip
def test_what_a_platform_accepts_is_said_or_not_said(sent, read):
    """A text "false" is no yes; what was not said stays unsaid for line items and is no for several items."""
    asked = claims(
        DEEP, settings=DEEP[SETTINGS_CLAIM] | {"accept_multiple": sent, "accept_lineitem": sent}
    ).deep_linking
    assert (asked.accept_multiple, asked.accept_lineitem) == (read is True, read)


@pytest.mark.parametrize("sent", [None, 7, {}, [None], "iframe"])
def test_the_rest_of_a_deep_linking_request_may_be_anything(sent):
    changed = {"accept_presentation_document_targets": sent, "title": sent, "auto_create": sent}
    asked = claims(DEEP, settings=DEEP[SETTINGS_CLAIM] | changed | {"data": None}).deep_linking
    assert (asked.accept_targets, asked.data) == ((), None)


@pytest.mark.parametrize(
    "sent",
    [None, [], "x", {}, {"deep_link_return_url": "https://lms.example"}, {"accept_types": ["ltiResourceLink"]},
     {"deep_link_return_url": "javascript:alert(1)", "accept_types": ["ltiResourceLink"]},
     {"deep_link_return_url": "https://lms.example", "accept_types": "ltiResourceLink"}],
)  # fmt: skip
def test_a_deep_linking_request_that_can_not_be_answered_is_refused(sent):
    with pytest.raises(ClaimRefused) as refused:
        claims(DEEP, settings=sent)
    assert refused.value.field == SETTINGS_CLAIM


def test_a_submission_review_names_the_learner():
    read = claims(REVIEW)
    assert (read.message, read.link_id, read.for_user) == (SUBMISSION_REVIEW, "link-1", "a-pupil")


@pytest.mark.parametrize("absent", [None, {}, {"user_id": ""}, {"user_id": 7}, "a-pupil", []])
def test_a_review_of_nobody_is_refused(absent):
    with pytest.raises(ClaimRefused) as refused:
        claims(REVIEW, for_user=absent)
    assert refused.value.field == CLAIM + "for_user"


@pytest.mark.parametrize("base", [TOKEN, REVIEW])
def test_what_comes_from_a_link_names_it(base):
    with pytest.raises(ClaimRefused) as refused:
        claims(base, resource_link=None)
    assert refused.value.field == CLAIM + "resource_link"


@pytest.mark.parametrize("odd", ["javascript:alert(1)", "//lms.example", "", 7, "https://lms.example/ x"])
def test_people_are_sent_back_only_to_web_addresses(odd):
    assert claims(launch_presentation={"return_url": odd}).return_url is None


@pytest.mark.parametrize("odd", ["popup", None, ["iframe"], {}])
def test_a_document_target_is_one_of_three(odd):
    assert claims(launch_presentation={"document_target": odd}).document_target is None


def test_roles_are_the_texts_of_a_list():
    """Row 89."""
    assert claims(roles=[None, 7, "Learner", {"a": 1}, ["Instructor"]]).roles == ("Learner",)
    for roles in ("Instructor", None, {}, 7):
        with pytest.raises(ClaimRefused) as refused:
            claims(roles=roles)
        assert refused.value.field == CLAIM + "roles"


HOSTILE = ["", " ", "\x00", "\ud800", "a\x00b", "x" * 3000, "$Unresolved", "<script>alert('x')</script>", "http://[",
           "http://localhost:8000/\x00", "http://localhost:8000/\ud800", "//evil.example", "-1", "1e999"]  # fmt: skip
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
INSIDE = {
    CLAIM + "context": ("id", "title", "label", "type"),
    CLAIM + "resource_link": ("id", "title"),
    CLAIM + "lis": ("person_sourcedid",),
    CLAIM + "custom": ("sis_id", "username", "lessonId"),
    CLAIM + "launch_presentation": ("locale", "return_url"),
    CLAIM + "tool_platform": ("product_family_code",),
    AGS_CLAIM: ("scope", "lineitems", "lineitem"),
    NRPS_CLAIM: ("context_memberships_url",),
    SETTINGS_CLAIM: tuple(DEEP[SETTINGS_CLAIM]),
    CLAIM + "for_user": ("user_id",),
}
STANDARD = ("iss", "aud", "azp", "sub", "iat", "exp", "nbf", "jti", "nonce", "email", "name", "locale")


@st.composite
def changes(draw, base=TOKEN) -> dict[str, object]:
    """One claim replaced, or one value inside a claim."""
    claim = draw(st.sampled_from([*STANDARD, *base]))
    if claim in INSIDE and draw(st.booleans()):
        inside = {draw(st.sampled_from(INSIDE[claim])): draw(ANYTHING)}
        original = base[claim]
        return {claim: (original if isinstance(original, dict) else {}) | inside}
    return {claim: draw(ANYTHING)}


@pytest.mark.parametrize("base", [TOKEN, DEEP, REVIEW], ids=["link", "deep-linking", "review"])
@given(data=st.data())
def test_any_json_reads_or_is_refused(base, data):
    """Pure: whatever stands in a claim, reading gives storable texts or one of our refusals."""
    try:
        read = asdict(read_claims(base | data.draw(changes(base))))
    except LaunchRefused:
        return
    for matched in ("roles", "target_link_uri"):
        del read[matched]  # compared with what we know, and never stored as sent
    read["custom"] = list(read["custom"].values())
    if read["deep_linking"]:
        kept = read["deep_linking"].pop("data")
        assert kept is None or kept.isascii(), "the platform's own data is kept as a JSON text"
    json.dumps(read, ensure_ascii=False).encode()
    assert "\\u0000" not in json.dumps(read), "no NUL goes on to the tables"


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@example({CLAIM + "context": {"id": "c", "title": "\x00"}})
@example({CLAIM + "resource_link": {"id": "l", "title": "\ud800"}})
@example(
    {
        AGS_CLAIM: {
            "scope": ["\x00", "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitem": "https://\x00",
        }
    }
)
@example({CLAIM + "lis": {"person_sourcedid": "\x00\ud800"}})
@example({CLAIM + "tool_platform": {"product_family_code": "\ud800"}})
@example({CLAIM + "launch_presentation": {"locale": "\x00"}})
@example({CLAIM + "target_link_uri": "http://localhost:8000/lessons/\x00"})
@example({CLAIM + "target_link_uri": "http://[", "iat": float("inf")})
@example({"exp": float("nan")})
@example({"nbf": float("inf")})
@example({"sub": "\ud800"})
@given(changes())
def test_any_json_in_place_of_a_claim_opens_or_is_refused(suite, changed):
    """Through the door: never a 500, and nothing is stored unless the launch opens, but for the
    refusal itself (and an unknown deployment waits)."""
    suite.before = rows()
    answer = suite.launch(**changed)
    if answer.status_code == 303:
        return
    stored = {
        name: count - suite.before[name] for name, count in rows().items() if count != suite.before[name]
    }
    assert 400 <= answer.status_code < 500, answer.text
    assert stored in ({"refusal": 1}, {"refusal": 1, "deployment": 1}, {})  # {}: too many in this minute
    suite.is_for_people(answer)
