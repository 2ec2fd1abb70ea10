"""Every configuration that docs/directory-agent.md shows is one that the agent reads."""

import re
from pathlib import Path

import pytest

from access_agent.settings import Ldap, Scim, read_settings

PAGE = Path("docs/directory-agent.md").read_text()
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = next(block for block in BLOCKS if block.startswith('target = "ldap"'))
SERVICE = WHOLE[WHOLE.index("state_file") : WHOLE.index("[ldap]")]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_the_page_is_read(block, tmp_path):
    path = tmp_path / "agent.toml"
    if "[scim]" in block:
        head, _, scim = block.partition("[scim]")
        path.write_text((head or 'target = "scim"\n') + SERVICE + "[scim]" + scim)
        assert isinstance(read_settings(path).scim, Scim)
    elif block.startswith("placeholder"):
        path.write_text(WHOLE + block)
        assert read_settings(path).ldap.placeholder.startswith("cn=nobody")
    elif block == WHOLE:
        path.write_text(block)
        assert isinstance(read_settings(path).ldap, Ldap)
    else:
        path.write_text(WHOLE + block)
        assert read_settings(path).groups["allow.overdue"] == "Network-Soon-Limited"


def test_the_rights_on_the_page_are_those_of_our_tests():
    from tests.access_agent.slapd import CONFIG

    assert 'attrs=member by dn.exact="{agent}" write by users read' in CONFIG
    assert re.search(r'attrs=member\n\s+by dn.exact="[^"]+" write\n\s+by users read', PAGE)
