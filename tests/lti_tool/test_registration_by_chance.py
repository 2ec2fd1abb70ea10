"""/lti/register by chance: odd addresses, configurations and answers. Never a 500, and a refusal writes nothing."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from core.database import db
from lti_tool.models import Platform
from lti_tool.registration_request import TOOL_CONFIGURATION
from tests.lti_tool.registering import fields_of, invitation, kept, odd_server

often = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

texts = st.text(max_size=40) | st.sampled_from(
    ["", "\x00", "\ud800", "javascript:alert(1)", "https://[", "//", "a" * 3000, "client-1", "<script>"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
NAMES = (
    "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint", "authorization_server",
    "scopes_supported", "claims_supported", PLATFORM_CONFIGURATION,
)  # fmt: skip
INNER = (
    "product_family_code",
    "messages_supported",
    "variables",
    "https://canvas.instructure.com/lti/account_name",
)
odd_configurations = st.dictionaries(st.sampled_from(NAMES), anything) | st.dictionaries(
    st.just(PLATFORM_CONFIGURATION), st.dictionaries(st.sampled_from(INNER), anything), max_size=1
)
odd_answers = st.dictionaries(
    st.sampled_from(["client_id", "scope", TOOL_CONFIGURATION]), anything
) | st.fixed_dictionaries(
    {"client_id": st.just("client-1")},
    optional={
        "scope": anything,
        TOOL_CONFIGURATION: st.dictionaries(st.sampled_from(["deployment_id", "claims"]), anything),
    },
)


@pytest.fixture
def lms():
    """An LMS that says whatever `said` and `answered` hold now: bytes as they are, anything else as JSON."""

    class Whatever:
        said: object = {}
        answered: object = {}

    now = Whatever()

    def answer(request):
        chosen = now.said if request.method == "GET" else now.answered
        body = chosen if isinstance(chosen, bytes) else json.dumps(chosen).encode()
        return Response(body, mimetype="application/json")

    with odd_server(answer) as (base, asked):
        now.base, now.asked = base, asked
        now.honest = {
            "issuer": base,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "registration_endpoint": f"{base}/register",
        }
        yield now


@pytest.fixture
def secret(district) -> str:
    return invitation(district).rpartition("=")[2]


def knock(app, lms, secret):
    db.remove()
    query = {"invite": secret, "openid_configuration": f"{lms.base}/config", "registration_token": "t"}
    return app.test_client().get("/lti/register", query_string=query)


@often
@given(
    query=st.dictionaries(
        st.sampled_from(["invite", "openid_configuration", "registration_token", "choice"]), texts
    )
)
def test_any_address_is_answered_in_words(app, lms, secret, query):
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
    for with_invite in (sent, sent | {"invite": secret.encode()}):
        before = kept()
        for answer in (
            app.test_client().get("/lti/register", query_string=with_invite),
            app.test_client().post(
                "/lti/register", data={name: value.decode("latin-1") for name, value in with_invite.items()}
            ),
        ):
            assert 400 <= answer.status_code < 500 or answer.status_code == 502, answer.text
            assert "<h1>" in answer.text
        assert kept() == before
    assert lms.asked == []


@often
@given(changes=odd_configurations, whole=st.none() | st.binary(max_size=200))
def test_any_configuration_is_shown_or_refused(app, lms, secret, changes, whole):
    lms.said = lms.honest | changes if whole is None else whole
    before = kept()
    answer = knock(app, lms, secret)
    assert answer.status_code == 200 or 400 <= answer.status_code < 500 or answer.status_code == 502, (
        answer.text
    )
    assert "<h1>" in answer.text and "<script>" not in answer.text
    assert kept() == before


@often
@given(changes=odd_configurations, answered=odd_answers)
def test_any_answer_registers_whole_or_not_at_all(app, district, lms, changes, answered):
    fresh = invitation(district).rpartition("=")[2]
    lms.said, lms.answered = lms.honest | changes, answered
    page = knock(app, lms, fresh)
    if page.status_code != 200:
        return
    before = kept()
    fields = fields_of(page)
    if db.query(Platform).count():
        fields["choice"] = "another"
    db.remove()
    answer = app.test_client().post("/lti/register", data=fields)
    assert answer.status_code < 500 or answer.status_code == 502, answer.text
    if answer.status_code == 200:
        row = db.query(Platform).filter_by(client_id=str(answered["client_id"])).one()
        assert row.district_id == district.id and row.client_id
    else:
        assert kept() == before
