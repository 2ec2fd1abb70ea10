"""Active Directory or an LDAP server: reads accounts, writes the members of our groups and nothing else.

The only module that knows ldap3.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ldap3 import BASE, MODIFY_ADD, MODIFY_DELETE, NONE, SUBTREE, Connection, Server, Tls
from ldap3.core import exceptions as ldap_errors
from ldap3.utils.dn import escape_rdn

from access_agent.errors import AgentError, OddSettings
from access_agent.ldap_values import Raw, all_values, folded, unchanging_id, values
from access_agent.planning import Account
from access_agent.settings import Ldap, secret

PEOPLE = {
    "ad": "(&(objectCategory=person)(objectClass=user))",
    "openldap": "(objectClass=inetOrgPerson)",
}
IDS = {"ad": "objectGUID", "openldap": "entryUUID"}
PAGE = 500
"""Active Directory gives at most 1,000 entries at once."""
PERMISSIVE = ("1.2.840.113556.1.4.1413", False, None)
"""Adding who is there and removing who is not are no errors (MS-ADTS 3.1.1.3.4.1.8); OpenLDAP knows it too."""
ONE_BY_ONE = (
    ldap_errors.LDAPNoSuchObjectResult,
    ldap_errors.LDAPNoSuchAttributeResult,
    ldap_errors.LDAPAttributeOrValueExistsResult,
    ldap_errors.LDAPConstraintViolationResult,
)
"""One name in a batch was wrong by the time it arrived; the others must not wait for it."""


class LdapDirectory:
    """One connection. `ambiguous` counts names that more than one account has; they match nobody."""

    def __init__(self, settings: Ldap) -> None:
        self.settings = settings
        self.ambiguous = 0
        self.skipped = 0
        self.has_placeholder: set[str] = set()
        self.connection = _connect(settings)

    def accounts(self) -> dict[str, Account]:
        """{the matched attribute, folded: account}. One paged search, not one for each person."""
        chosen = self.settings.people_filter or PEOPLE[self.settings.kind]
        attribute = self.settings.match_attribute
        found: dict[str, Account] = {}
        twice: set[str] = set()
        for base in self.settings.people_bases:
            for dn, raw in self._search(
                base, f"(&{chosen}({attribute}=*))", [attribute, IDS[self.settings.kind]]
            ):
                key = folded(dn)
                account = Account(key, dn, unchanging_id(raw, key))
                for value in values(raw, attribute):
                    name = value.decode("utf-8", "replace").strip().casefold()
                    if name in found and found[name].key != key:
                        twice.add(name)
                    found[name] = account
        self.ambiguous = len(twice)
        return {name: account for name, account in found.items() if name not in twice}

    def members(self, group: str) -> dict[str, str]:
        """{key: name}, without the placeholder. Raises AgentError when there is no such group."""
        dn = self._dn(group)

        def read(attribute: str) -> Raw:
            with _plainly(f"reading {group}"):
                self.connection.search(dn, "(objectClass=*)", BASE, attributes=[attribute])
            return next((raw for _, raw in _entries(self.connection.response)), {})

        names = [each.decode("utf-8") for each in all_values(read, "member")]
        placeholder = folded(self.settings.placeholder)
        members = {folded(name): name for name in names}
        if placeholder in members:
            del members[placeholder]
            self.has_placeholder.add(group)
        return members

    def remove(self, group: str, names: list[str]) -> None:
        if names and self.settings.placeholder and group not in self.has_placeholder:
            self._modify(group, MODIFY_ADD, [self.settings.placeholder])
            self.has_placeholder.add(group)
        self._in_chunks(group, MODIFY_DELETE, names)

    def add(self, group: str, names: list[str]) -> None:
        self._in_chunks(group, MODIFY_ADD, names)

    def close(self) -> None:
        self.connection.unbind()

    def _in_chunks(self, group: str, operation: str, names: list[str]) -> None:
        for start in range(0, len(names), self.settings.chunk):
            chunk = names[start : start + self.settings.chunk]
            try:
                self._modify(group, operation, chunk)
            except ONE_BY_ONE:
                for name in chunk:
                    self._modify_one(group, operation, name)

    def _modify_one(self, group: str, operation: str, name: str) -> None:
        try:
            self._modify(group, operation, [name])
        except (ldap_errors.LDAPNoSuchAttributeResult, ldap_errors.LDAPAttributeOrValueExistsResult):
            pass  # somebody was quicker, and it is as it should be
        except ONE_BY_ONE:
            self.skipped += 1  # an account that went away a moment ago; the next run does not see it any more

    def _modify(self, group: str, operation: str, names: list[str]) -> None:
        with _plainly(f"writing {group}"):
            self.connection.modify(self._dn(group), {"member": [(operation, names)]}, controls=[PERMISSIVE])

    def _search(self, base: str, chosen: str, attributes: list[str]) -> Iterator[tuple[str, Raw]]:
        with _plainly("reading accounts"):
            yield from _entries(
                self.connection.extend.standard.paged_search(
                    base, chosen, SUBTREE, attributes=attributes, paged_size=PAGE, generator=True
                )
            )

    def _dn(self, group: str) -> str:
        return f"{self.settings.group_names_by}={escape_rdn(group)},{self.settings.groups_base}"


def _entries(response: Any) -> Iterator[tuple[str, Raw]]:
    """Entries only. A referral to another server is not followed: our rights and our accounts are here."""
    for each in response or ():
        if each["type"] == "searchResEntry":
            yield each["dn"], each["raw_attributes"]


def _connect(settings: Ldap) -> Connection:
    """An open connection that is signed in. The password travels only under TLS (or on this machine)."""
    password = secret("ldap.bind_password", settings.bind_password_file, settings.bind_password_env)
    with _plainly("connecting"):
        tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=settings.ca_file or None)
        server = Server(settings.url, tls=tls, get_info=NONE, connect_timeout=10)
        connection = Connection(
            server, settings.bind_dn, password, raise_exceptions=True, auto_referrals=False, auto_range=False,
            check_names=False, receive_timeout=120,
        )  # fmt: skip
        try:
            connection.open()
            if settings.start_tls:
                connection.start_tls()
            connection.bind()
        except BaseException:
            connection.strategy.close()
            raise
    return connection


@contextmanager
def _plainly(doing: str) -> Iterator[None]:
    """LDAP's refusals as sentences. Their own texts may name accounts, so only their kind is told."""
    try:
        yield
    except ONE_BY_ONE:
        if doing.startswith("writing"):
            raise
        raise AgentError(f"{doing}: there is no such entry, or we may not see it") from None
    except ldap_errors.LDAPInvalidCredentialsResult:
        raise OddSettings("the directory refused our account or its password") from None
    except ldap_errors.LDAPInsufficientAccessRightsResult:
        raise AgentError(f"{doing}: the directory does not let our account do that") from None
    except ldap_errors.LDAPReferralResult:
        raise AgentError(f"{doing}: this server sends us to another one; name a writable server") from None
    except ldap_errors.LDAPObjectClassViolationResult:
        raise AgentError(f"{doing}: this kind of group can not be empty; set ldap.placeholder") from None
    except (ldap_errors.LDAPStartTLSError, ldap_errors.LDAPSocketOpenError, ssl.SSLError, OSError) as error:
        raise AgentError(
            f"{doing}: no connection, or no certificate that we trust ({type(error).__name__})"
        ) from None
    except ldap_errors.LDAPExceptionError as error:
        raise AgentError(f"{doing}: {type(error).__name__}") from None
