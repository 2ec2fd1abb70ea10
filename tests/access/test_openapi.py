"""The description of the interface: valid, kept in docs/openapi.json, and shown on a page."""

import json
from pathlib import Path

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

KEPT = Path("docs/openapi.json")
HOW = "write it anew with: .venv/bin/flask client openapi > docs/openapi.json"


def test_the_description_is_valid(client):
    described = client.get("/api/v1/openapi.json")
    assert described.status_code == 200
    OpenAPIV31SpecValidator(described.json).validate()


def test_the_kept_description_is_the_present_one(client):
    assert json.loads(KEPT.read_text()) == client.get("/api/v1/openapi.json").json, HOW


def test_every_operation_says_how_to_get_in_and_how_it_refuses(client):
    for path, operations in client.get("/api/v1/openapi.json").json["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                assert operation["security"], path
                assert "401" in operation["responses"], path


def test_the_page_shows_every_address_and_field(client):
    page = client.get("/api/docs")
    spec = client.get("/api/v1/openapi.json").json
    assert page.status_code == 200
    for path, operations in spec["paths"].items():
        for method in operations.keys() - {"parameters"}:
            assert f"<code>{method.upper()} {path}</code>" in page.text
    for field in spec["components"]["schemas"]["Standing"]["properties"]:
        assert f"<code>{field}</code>" in page.text
    assert "//cdn" not in page.text and '<script src="http' not in page.text


def test_the_examples_are_what_the_description_says(client):
    spec = client.get("/api/v1/openapi.json").json
    without = set()
    for path, operations in spec["paths"].items():
        for method in operations.keys() - {"parameters"}:
            answers = operations[method]["responses"]
            content = answers[min(answers)].get("content", {}).get("application/json", {})
            if "example" not in content:
                without.add((path, method))
                continue
            reader = OAS31Validator({**content["schema"], "components": spec["components"]})
            assert list(reader.iter_errors(content["example"])) == [], path
    assert without == {("/oauth/token", "post"), ("/api/v1/webhooks/{number}", "delete")}
