"""A real OpenLDAP server of a district: staff, four groups, and an account that may change their members only.

Started from a private folder on free ports and stopped by its process id. No root, no /etc/ldap/slapd.d.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ldap3 import BASE, MODIFY_REPLACE, SUBTREE, Connection, Server

BASE_DN = "dc=evergreen,dc=example"
PEOPLE = f"ou=people,{BASE_DN}"
GROUPS = f"ou=rua,ou=groups,{BASE_DN}"
NOBODY = f"cn=nobody,ou=svc,{BASE_DN}"
AGENT = f"cn=rua-agent,ou=svc,{BASE_DN}"
ADMIN = f"cn=admin,{BASE_DN}"
PASSWORD = "only-for-tests"
NAMES = ("RUA-Current", "RUA-Grace", "RUA-Required", "RUA-Revoked")

CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload refint
pidfile {folder}/slapd.pid
sizelimit 500
{tls}
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw {password}
directory {folder}/db
maxsize 268435456
dbnosync
index objectClass,uid,employeeNumber,member eq
limits dn.exact="{agent}" size.prtotal=unlimited size.soft=500 size.hard=500
access to dn.subtree="{groups}" attrs=member by dn.exact="{agent}" write by users read
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth by * none
overlay memberof
memberof-group-oc groupOfNames
overlay refint
refint_attributes member
refint_nothing "{nobody}"
"""
TLS = """
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
"""


class NoSlapd(Exception):
    """There is no slapd; install it with: apt-get install -y --no-install-recommends slapd"""


@dataclass
class Slapd:
    """The server, as its administrator sees it."""

    port: int
    tls_port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @contextmanager
    def admin(self, who: str = ADMIN) -> Iterator[Connection]:
        connection = Connection(Server(self.url), who, PASSWORD, auto_bind=True, raise_exceptions=True)
        try:
            yield connection
        finally:
            connection.unbind()

    def members(self, group: str) -> set[str]:
        """Their uid; without the placeholder."""
        with self.admin() as connection:
            connection.search(group_dn(group), "(objectClass=*)", BASE, attributes=["member"])
            names = connection.entries[0].member.values
        return {name.split(",")[0].partition("=")[2] for name in names if name != NOBODY}

    def everywhere(self) -> dict[str, int]:
        return {group: len(self.members(group)) for group in NAMES}

    def put(self, group: str, uids: list[str]) -> None:
        """By hand, as IT might."""
        with self.admin() as connection:
            names = [NOBODY, *(person_dn(uid) for uid in uids)]
            connection.modify(group_dn(group), {"member": [(MODIFY_REPLACE, names)]})

    def written(self) -> dict[str, str]:
        """The number of the last write of each entry under our groups: it moves with every write."""
        with self.admin() as connection:
            connection.search(GROUPS, "(objectClass=*)", SUBTREE, attributes=["entryCSN"])
            return {entry.entry_dn: str(entry.entryCSN) for entry in connection.entries}


def person_dn(uid: str) -> str:
    return f"uid={uid},{PEOPLE}"


def group_dn(group: str) -> str:
    return f"cn={group},{GROUPS}"


@contextmanager
def running_slapd(folder: Path, people: int) -> Iterator[Slapd]:
    """With `people` accounts s1, s2, ... whose employeeNumber is 1, 2, ...; TLS too, where cert.pem is in `folder`.

    Raises NoSlapd.
    """
    program = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/local/libexec:/usr/bin")
    if program is None:
        raise NoSlapd(NoSlapd.__doc__)
    (folder / "db").mkdir()
    config, ldif = folder / "slapd.conf", folder / "init.ldif"
    tls = TLS.format(folder=folder) if (folder / "cert.pem").exists() else ""
    config.write_text(
        CONFIG.format(
            folder=folder, base=BASE_DN, admin=ADMIN, password=PASSWORD, agent=AGENT, groups=GROUPS,
            nobody=NOBODY, tls=tls,
        )
    )  # fmt: skip
    ldif.write_text(entries(people))
    add = shutil.which("slapadd", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "slapadd"
    subprocess.run([add, "-q", "-f", config, "-l", ldif], check=True, capture_output=True)
    server = Slapd(free_port(), free_port(), folder)
    urls = f"ldap://127.0.0.1:{server.port}/" + (f" ldaps://127.0.0.1:{server.tls_port}/" if tls else "")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([program, "-d", "0", "-f", config, "-h", urls], stderr=log, stdout=log)
    try:
        wait_for(server.port, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def entries(people: int) -> str:
    found = [
        f"dn: {BASE_DN}\nobjectClass: dcObject\nobjectClass: organization\ndc: evergreen\no: Evergreen\n",
        *(
            f"dn: {dn}\nobjectClass: organizationalUnit\nou: {dn.split(',')[0].partition('=')[2]}\n"
            for dn in (PEOPLE, f"ou=groups,{BASE_DN}", GROUPS, f"ou=svc,{BASE_DN}")
        ),
        f"dn: {NOBODY}\nobjectClass: organizationalRole\ncn: nobody\n",
        f"dn: {AGENT}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: rua-agent\n"
        f"userPassword: {PASSWORD}\n",
        *(
            f"dn: {group_dn(name)}\nobjectClass: groupOfNames\ncn: {name}\nmember: {NOBODY}\n"
            for name in NAMES
        ),
        *(
            f"dn: {person_dn(f's{number}')}\nobjectClass: inetOrgPerson\nuid: s{number}\ncn: Staff {number}\n"
            f"sn: {number}\nemployeeNumber: {number}\n"
            for number in range(1, people + 1)
        ),
    ]
    return "\n".join(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, f"the server stopped with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not answer")
