"""A real FreeRADIUS from docs/radius, in a private folder on free ports, stopped by its own process id."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

KEPT = Path(__file__).parents[2] / "docs" / "radius"
SECRET = "testing123"
PASSWORD = "pw"
RESTRICTED_VLAN, RESTRICTED_FILTER_ID = "998", "closed"
"""Other than what the service answers for an unknown person, so that a test sees who decided."""

PROGRAMS = ("freeradius", "radtest", "eapol_test")
ASKS_OVER_HTTP = Path("/usr/lib/freeradius/rlm_rest.so")
INSTALL = "apt-get install -y --no-install-recommends freeradius freeradius-rest freeradius-utils eapoltest"


def require_programs() -> None:
    missing = [name for name in PROGRAMS if program(name) is None]
    missing += [] if ASKS_OVER_HTTP.exists() else ["rlm_rest"]
    if missing:
        pytest.skip(f"NOT TRIED AGAINST FREERADIUS: {', '.join(missing)} not there; install with: {INSTALL}")


def program(name: str) -> str | None:
    """Also from where only root's PATH looks."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")


@dataclass
class FreeRadius:
    folder: Path
    port: int
    eap_port: int
    process: subprocess.Popen[bytes]

    def fallbacks(self) -> list[str]:
        """Lines about answers that the service did not give."""
        log = self.folder / "log" / "rua.log"
        return log.read_text().splitlines() if log.exists() else []


@contextmanager
def running_freeradius(
    folder: Path, gate_url: str, client_id: str, secret: str, ca_file: Path | None = None, **replaced: str
) -> Iterator[FreeRadius]:
    """`replaced` holds texts to write otherwise in the pieces, by file: (before, after)."""
    require_programs()
    shutil.copytree(KEPT, folder, ignore=shutil.ignore_patterns("README.md"))
    for name in ("certs", "log", "run"):
        (folder / name).mkdir()
    key, certificate = self_signed("radius.evergreen.example")
    (folder / "certs/server.key").write_bytes(key)
    (folder / "certs/server.pem").write_bytes(certificate)
    port, eap_port = free_udp_port(), free_udp_port()
    fill(
        folder,
        {
            "DIR": str(folder),
            "GATE_URL": gate_url,
            "CA_FILE": str(ca_file or folder / "certs/server.pem"),
            "CLIENT_ID": client_id,
            "CLIENT_SECRET": secret,
            "RADIUS_SECRET": SECRET,
            "RESTRICTED_VLAN": RESTRICTED_VLAN,
            "RESTRICTED_FILTER_ID": RESTRICTED_FILTER_ID,
            "AUTH_PORT": str(port),
            "EAP_PORT": str(eap_port),
        },
    )
    # Everybody's password is the same: the directory is not what is tried. Nobody waits a second to be refused.
    (folder / "users").write_text(f'DEFAULT Cleartext-Password := "{PASSWORD}"\n')
    change(folder / "radiusd.conf", "reject_delay = 1", "reject_delay = 0")
    for name, (before, after) in replaced.items():
        change(folder / name, before, after)
    with (folder / "log/out").open("wb") as out:
        process = subprocess.Popen(
            [str(program("freeradius")), "-f", "-d", folder, "-n", "radiusd"],
            stdout=out,
            stderr=out,
            cwd=folder,
        )
    try:
        wait_for_udp(port, process, folder)
        yield FreeRadius(folder, port, eap_port, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def fill(folder: Path, values: dict[str, str]) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name != "certs":
            text = path.read_text()
            for name, value in values.items():
                text = text.replace(f"@{name}@", value)
            path.write_text(text)


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text, (path, before)
    path.write_text(text.replace(before, after))


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_udp(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    listening = f":{port:04X} "
    while listening not in Path("/proc/net/udp").read_text():
        said = (folder / "log/out").read_text() + (
            (folder / "log/radius.log").read_text() if (folder / "log/radius.log").exists() else ""
        )
        assert process.poll() is None and time.monotonic() < deadline, said[-3000:]
        time.sleep(0.02)


def self_signed(name: str) -> tuple[bytes, bytes]:
    """(key, certificate) as PEM; also good for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    return (
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        certificate.public_bytes(serialization.Encoding.PEM),
    )
