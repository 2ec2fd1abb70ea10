"""Outgoing calls: never without a timeout, never to a private address, never after a redirect.

requests-hardened resolves the host, refuses private and loopback addresses and connects to the very address
it checked, so a name that changes its answer in between gains nothing.
"""

import threading

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress as PrivateAddress
from requests_hardened.ip_filter import filter_host

__all__ = ("PrivateAddress", "UnknownHost", "allow_private_network", "check_host", "http")

USER_AGENT = "DigitalCitizenship/0.1 (LTI 1.3 tool)"
"""Canvas has demanded a User-Agent since 2026-01, and some Moodles behind filters refuse calls without one."""

CONNECT_TIMEOUT, READ_TIMEOUT = 3.05, 10.0

_local = threading.local()
_config = Config(
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    never_redirect=True,
    default_timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
    user_agent_override=USER_AGENT,
)


def allow_private_network(allowed: bool) -> None:
    """Practice and tests only; called once, by create_app."""
    _config.ip_filter_enable = not allowed
    _local.__dict__.clear()


def http() -> requests.Session:
    """This thread's session (requests' sessions are not safe to share between threads)."""
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = Manager(_config).get_session()
        session.trust_env = False  # a proxy variable left in a shell must not reroute grades
        if not _config.ip_filter_enable:
            adapter = HTTPAdapter(pool_maxsize=16)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
        _local.session = session
    return session


class UnknownHost(Exception):
    """The name does not resolve."""


def check_host(host: str, port: int) -> None:
    """Where a name leads today. Each call checks again: what it leads to may change an hour later.

    Raises PrivateAddress, UnknownHost.
    """
    if not _config.ip_filter_enable:
        return
    try:
        filter_host(host, port, allow_loopback=False)
    except PrivateAddress:
        raise
    except requests.RequestException as error:
        raise UnknownHost(host) from error
