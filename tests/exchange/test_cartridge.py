"""The cartridge, against what Common Cartridge 1.3 asks of its parts and their order."""

import re
from xml.etree import ElementTree as ET

import pytest

from exchange.cartridge import Module, cartridge
from lti_tool.targets import path_named_by
from tests.exchange.reading import BLTI, CC, LTICM, one, tags, unpacked
from tests.lessons.every_type import every_type

URL = "https://dc.evergreen.example"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
"""An xs:ID."""


@pytest.fixture
def files() -> dict[str, bytes]:
    lesson = every_type()
    other = every_type("K-2", lesson_id="k-every-type")
    modules = [Module("g4", "Grade 4", (lesson,)), Module("k", "Kindergarten & <more>", (other,))]
    return unpacked(cartridge(modules, URL))


def test_the_manifest_is_that_of_a_thin_cartridge(files):
    manifest = ET.fromstring(files["imsmanifest.xml"])
    assert manifest.tag == f"{CC}manifest"
    assert tags(manifest) == ["metadata", "organizations", "resources"]
    metadata = one(manifest, f"{CC}metadata")
    assert tags(metadata) == ["schema", "schemaversion", "lom"]
    assert (metadata[0].text, metadata[1].text) == ("IMS Thin Common Cartridge", "1.3.0")


def test_each_course_is_a_module_with_its_lessons_in_order(files):
    manifest = ET.fromstring(files["imsmanifest.xml"])
    organization = one(manifest, f"{CC}organizations/{CC}organization")
    assert organization.get("structure") == "rooted-hierarchy"
    (root,) = organization
    assert root.find(f"{CC}title") is None, "the root item has no title of its own (CC 1.3, 3.5.2)"
    modules = root.findall(f"{CC}item")
    assert [one(each, f"{CC}title").text for each in modules] == ["Grade 4", "Kindergarten & <more>"]
    assert [[one(item, f"{CC}title").text for item in each.findall(f"{CC}item")] for each in modules] == [
        ["Every Type"],
        ["Every Type"],
    ]


def test_every_item_leads_to_a_resource_and_every_resource_to_a_file(files):
    manifest = ET.fromstring(files["imsmanifest.xml"])
    resources = {each.get("identifier"): each for each in manifest.iter(f"{CC}resource")}
    used = [each.get("identifierref") for each in manifest.iter(f"{CC}item") if each.get("identifierref")]
    assert sorted(used) == sorted(resources)
    assert {each.get("type") for each in resources.values()} == {"imsbasiclti_xmlv1p3"}
    named = {one(each, f"{CC}file").get("href") for each in resources.values()}
    assert named == set(files) - {"imsmanifest.xml"}
    ids = [each.get("identifier") for each in manifest.iter() if each.get("identifier")]
    assert len(set(ids)) == len(ids) and all(NAME.fullmatch(each) for each in ids)


def test_a_link_says_which_lesson_even_when_its_address_is_lost(files):
    link = ET.fromstring(files["links/g4-every-type.xml"])
    assert tags(link) == ["title", "description", "custom", "launch_url", "secure_launch_url", "vendor"]
    assert one(link, f"{BLTI}secure_launch_url").text == f"{URL}/lessons/g4/g4-every-type"
    properties = {each.get("name"): each.text for each in link.iter(f"{LTICM}property")}
    assert properties == {"course_id": "g4", "lesson_id": "g4-every-type"}
    assert path_named_by(properties) == "/lessons/g4/g4-every-type"
    assert "Spot a trick" in one(link, f"{BLTI}description").text


def test_a_tool_without_tls_promises_no_secure_address():
    files = unpacked(cartridge([Module("g4", "Grade 4", (every_type(),))], "http://localhost:8000"))
    assert "secure_launch_url" not in tags(ET.fromstring(files["links/g4-every-type.xml"]))
