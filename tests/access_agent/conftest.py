"""A directory, the service, and the agent between them, run as its command is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from people.models import District
from tests.access_agent import slapd as ldap
from tests.access_agent.served import Service, serving
from tests.access_agent.slapd import NoSlapd, Slapd, running_slapd

STAFF = 40
CONFIG = """
target = "ldap"
state_file = "state.json"
exclusive = {exclusive}

[service]
url = "{service}"
client_id = "{client_id}"
client_secret_file = "secret"

[guard]
percent = {percent}
few = {few}

[ldap]
kind = "openldap"
url = "{directory}"
bind_dn = "{bind_dn}"
bind_password_file = "password"
people_bases = ["{people}"]
groups_base = "{groups}"
match_attribute = "employeeNumber"
placeholder = "{placeholder}"
"""


class Agent:
    """The agent in a folder of its own."""

    def __init__(self, folder: Path, service: Service, directory: Slapd) -> None:
        self.folder = folder
        self.values = {
            "service": service.url, "client_id": service.client_id, "directory": directory.url,
            "bind_dn": ldap.AGENT, "people": ldap.PEOPLE, "groups": ldap.GROUPS, "placeholder": ldap.NOBODY,
            "percent": 10, "few": 10, "exclusive": "false",
        }  # fmt: skip
        for name, text in (("secret", service.secret), ("password", ldap.PASSWORD)):
            (folder / name).write_text(text + "\n")
            (folder / name).chmod(0o600)

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    def config(self, more: str = "", **values: object) -> Path:
        path = self.folder / "agent.toml"
        path.write_text(CONFIG.format(**{**self.values, **values}) + more)
        return path

    def run(self, *arguments: str, more: str = "", **values: object) -> int:
        """The exit code."""
        from access_agent.__main__ import main

        return main(["--config", str(self.config(more, **values)), *arguments])


@pytest.fixture(scope="session")
def district_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    folder = tmp_path_factory.mktemp("slapd")
    try:
        with running_slapd(folder, STAFF) as server:
            yield server
    except NoSlapd as error:
        pytest.skip(str(error))


@pytest.fixture
def directory(district_directory: Slapd) -> Iterator[Slapd]:
    yield district_directory
    for group in ldap.NAMES:
        district_directory.put(group, [])


@pytest.fixture
def service(app: Flask, district: District) -> Iterator[Service]:
    with serving(app) as (url, front):
        yield Service(app, district, url, front)


@pytest.fixture
def agent(tmp_path: Path, service: Service, directory: Slapd) -> Agent:
    return Agent(tmp_path, service, directory)
