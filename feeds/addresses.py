"""Whether an address may receive webhooks: https, no name and password in it, and not inside our own network."""

from http import HTTPStatus
from urllib.parse import urlsplit

from core.errors import Refused
from core.http import PrivateAddress, UnknownHost, check_host

LONGEST = 2000
PORTS = {"https": 443, "http": 80}


class OddAddress(Refused):
    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "odd_address"


def check_address(url: str, *, plain_allowed: bool) -> None:
    """`plain_allowed`: http too, for practice and tests. Raises OddAddress.

    Said when it is added, so that a slip is found at once; each post checks and pins the host again (core.http).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise OddAddress("this is no address; expected https://...", field="url") from None
    schemes = ("https", "http") if plain_allowed else ("https",)
    if parts.scheme not in schemes or not parts.hostname or not url.isascii() or not url.isprintable():
        raise OddAddress("expected an address like https://hooks.example.org/standings", field="url")
    if " " in url or len(url) > LONGEST:
        raise OddAddress("this address has blanks or is too long", field="url")
    if "@" in parts.netloc or parts.fragment:
        raise OddAddress("leave name, password and # out of the address; posts are signed", field="url")
    try:
        check_host(parts.hostname, port or PORTS[parts.scheme])
    except PrivateAddress:
        raise OddAddress(
            f"{parts.hostname} leads to a private or loopback address, which we never call", field="url"
        ) from None
    except UnknownHost:
        raise OddAddress(f"{parts.hostname} can not be found (DNS)", field="url") from None


def shown(url: str) -> str:
    """What may stand on a page: the path of such addresses is often the key to them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.path.strip("/") or parts.query else url
