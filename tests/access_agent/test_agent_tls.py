"""The password travels under TLS, to the server whose certificate the district's own authority signed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from access_agent.__main__ import main
from access_agent.errors import AgentError
from access_agent.ldap_directory import LdapDirectory
from access_agent.settings import Ldap
from core.clock import now
from tests.access_agent import slapd as ldap
from tests.access_agent.slapd import NoSlapd, Slapd, running_slapd


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signed_by: ec.EllipticCurvePrivateKey
):
    def named(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(signed_by, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    folder = tmp_path_factory.mktemp("tls")
    authority, key, stranger = new_key(), new_key(), new_key()
    (folder / "ca.pem").write_bytes(certificate("District CA", authority, "District CA", authority))
    (folder / "other.pem").write_bytes(certificate("Other CA", stranger, "Other CA", stranger))
    (folder / "cert.pem").write_bytes(certificate("localhost", key, "District CA", authority))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "password").write_text(ldap.PASSWORD)
    (folder / "password").chmod(0o600)
    try:
        with running_slapd(folder, 3) as server:
            yield server
    except NoSlapd as error:
        pytest.skip(str(error))


def opened(secured: Slapd, url: str, ca: str, start_tls: bool) -> LdapDirectory:
    return LdapDirectory(
        Ldap(
            url=url, bind_dn=ldap.AGENT, people_bases=(ldap.PEOPLE,), groups_base=ldap.GROUPS, kind="openldap",
            match_attribute="employeeNumber", bind_password_file=str(secured.folder / "password"),
            ca_file=str(secured.folder / ca), start_tls=start_tls,
        )
    )  # fmt: skip


@pytest.mark.parametrize("start_tls", [True, False])
def test_it_signs_in_under_tls(secured, start_tls):
    url = f"ldap://localhost:{secured.port}" if start_tls else f"ldaps://localhost:{secured.tls_port}"
    directory = opened(secured, url, "ca.pem", start_tls)
    try:
        assert directory.connection.tls_started or directory.connection.server.ssl
        assert set(directory.accounts()) == {"1", "2", "3"}
    finally:
        directory.close()


@pytest.mark.parametrize("start_tls", [True, False])
def test_another_authority_is_refused(secured, start_tls):
    url = f"ldap://localhost:{secured.port}" if start_tls else f"ldaps://localhost:{secured.tls_port}"
    with pytest.raises(AgentError, match="no certificate that we trust"):
        opened(secured, url, "other.pem", start_tls)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # ldap3 leaves the socket to Python
def test_another_host_of_the_same_authority_is_refused(secured):
    with pytest.raises(AgentError):
        opened(secured, f"ldaps://127.0.0.1:{secured.tls_port}", "ca.pem", False)


def test_a_secret_that_everybody_may_read_is_refused(tmp_path: Path, capsys):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o644)
    (tmp_path / "agent.toml").write_text(
        'target = "ldap"\nstate_file = "s.json"\n[service]\nurl = "https://x.example"\nclient_id = "x"\n'
        'client_secret_env = "X"\n[ldap]\nurl = "ldaps://x.example"\nbind_dn = "x"\npeople_bases = ["x"]\n'
        'groups_base = "x"\nmatch_attribute = "x"\nbind_password_file = "secret"\n'
    )
    assert main(["--config", str(tmp_path / "agent.toml")]) == 2
    assert "everybody on this machine may read it" in capsys.readouterr().out
