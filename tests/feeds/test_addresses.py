"""Where we never post to: our own network, whatever a name says today or tomorrow."""

import socket

import pytest

from core.http import allow_private_network
from feeds.addresses import OddAddress, check_address, shown


@pytest.fixture
def guarded(app):
    """As on a real host: outgoing calls reach no private address."""
    allow_private_network(False)
    yield
    allow_private_network(True)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://hooks.example.org/", "https://", "https://user:pw@hooks.example.org/",
        "https://hooks.example.org/#x", "https://hooks.example.org/a b", "https://hooks.example.org:99999/", "x",
        "https://hooks.exämple.org/", "https://hooks.example.org/\n", "https://[::1",
    ],
)  # fmt: skip
def test_an_odd_address_is_refused_when_it_is_added(app, url):
    with pytest.raises(OddAddress):
        check_address(url, plain_allowed=False)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "0.0.0.0",
     "localhost", "100.64.1.1"],
)  # fmt: skip
def test_an_address_of_our_own_network_is_refused_when_it_is_added(guarded, host):
    with pytest.raises(OddAddress, match="private or loopback"):
        check_address(f"https://{host}/hook", plain_allowed=False)


def test_a_name_that_leads_nowhere_is_refused_when_it_is_added(guarded, monkeypatch):
    def nowhere(*_args, **_options):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(OddAddress, match="can not be found"):
        check_address("https://hooks.example.org/", plain_allowed=False)


def test_a_name_that_turns_inward_after_it_was_added_is_not_called(
    change, add_hook, receiver, deliver, again, monkeypatch
):
    """DNS rebinding: public while it is looked at, ours when it is posted to."""
    real, answers = socket.getaddrinfo, ["93.184.216.34"]

    def rebinding(host, port, *args, **options):
        if host == "hooks.example.org":
            return real(answers[-1], port, *args, **options)
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    allow_private_network(False)
    try:
        check_address(f"https://hooks.example.org:{receiver.server_port}/", plain_allowed=False)
        feed, _ = _with_address(add_hook, receiver, f"http://hooks.example.org:{receiver.server_port}/hook")
        answers.append("127.0.0.1")
        change()
        deliver()
    finally:
        allow_private_network(True)
    assert receiver.got == []
    assert (again(feed).last_error, again(feed).cursor) == ("points_inward", 0)


def _with_address(add_hook, receiver, url):
    class Named:
        pass

    named = Named()
    named.url = url
    return add_hook(named)


def test_of_an_address_a_page_shows_the_host_alone():
    assert shown("https://hooks.example.org/services/T0/k3y?x=1") == "https://hooks.example.org/…"
    assert shown("https://hooks.example.org/") == "https://hooks.example.org/"
