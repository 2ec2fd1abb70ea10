"""The agent's rules as plain functions: placing, planning, the guard, LDAP's ways of writing."""

from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_agent.errors import AgentError, GuardTripped, OddSettings
from access_agent.ldap_values import all_values, folded, unchanging_id, values
from access_agent.placing import DEFAULT_GROUPS, group_for
from access_agent.planning import Account, Found, check_guard, plan, wanted
from access_agent.settings import Guard, read_settings
from access_agent.standings import Person, Standings
from access_agent.web_calls import _wait

GROUPS = list(dict.fromkeys(DEFAULT_GROUPS.values()))
STANDS = [("complete", "allow"), ("overdue", "allow"), ("expired", "limited"), ("revoked", "deny")]


@pytest.mark.parametrize(
    ("access", "state", "group"),
    [
        ("allow", "complete", "RUA-Current"),
        ("allow", "overdue", "RUA-Grace"),
        ("allow", "expired", "RUA-Grace"),  # a district that observes
        ("limited", "overdue", "RUA-Required"),
        ("deny", "not_applicable", "RUA-Revoked"),
        ("allow", "a_state_of_next_year", "RUA-Current"),
        ("an_access_of_next_year", "complete", "RUA-Required"),
    ],
)
def test_access_places_and_state_refines(access, state, group):
    assert group_for(access, state, DEFAULT_GROUPS) == group


def test_an_empty_name_is_no_group():
    assert group_for("deny", "not_applicable", {**DEFAULT_GROUPS, "deny.not_applicable": ""}) is None


def account(number: int) -> Account:
    return Account(f"key{number}", f"Name{number}", f"uid{number}")


def found(members: dict[str, set[int]], people: int = 30) -> Found:
    accounts = {str(number): account(number) for number in range(people)}
    return Found(
        accounts,
        {group: {f"key{number}": f"Name{number}" for number in members.get(group, ())} for group in GROUPS},
        {each.key: each for each in accounts.values()},
    )


people_of = st.dictionaries(st.integers(0, 29), st.sampled_from(STANDS), max_size=30)
members_of = st.dictionaries(st.sampled_from(GROUPS), st.sets(st.integers(0, 29), max_size=12))


@given(
    people_of,
    members_of,
    st.dictionaries(st.sampled_from(GROUPS), st.sets(st.integers(0, 29))),
    st.booleans(),
)
def test_a_plan_ends_where_people_stand_and_touches_only_ours(stands, members, put, exclusive):
    people = [Person(str(number), "staff", *stand) for number, stand in stands.items()]
    ours = {group: {f"uid{number}": f"key{number}" for number in numbers} for group, numbers in put.items()}
    planned = plan(people, found(members), ours, DEFAULT_GROUPS, exclusive=exclusive, adopt=False)
    after: dict[str, set[int]] = defaultdict(set)
    for each in planned.groups:
        before = members.get(each.group, set())
        took = {int(key[3:]) for key in each.remove}
        gave = {int(key[3:]) for key in each.add}
        assert took <= before and not gave & before
        assert exclusive or took <= put.get(each.group, set()), "somebody else put them there"
        after[each.group] = (before - took) | gave
    for number, (state, access) in stands.items():
        group = group_for(access, state, DEFAULT_GROUPS)
        assert group is not None and number in after[group]
        for other in GROUPS:
            if other != group and number in after[other]:
                assert not exclusive and number not in put.get(other, set())
    again = plan(people, found(after), planned.ours, DEFAULT_GROUPS, exclusive=exclusive, adopt=False)
    assert again.changes == 0, "what was done once is done"


def test_two_people_of_one_account_get_the_stricter_group():
    both = [Person("1", "staff", "complete", "allow"), Person("1", "staff", "revoked", "deny")]
    for people in (both, both[::-1]):
        placed, unmatched = wanted(people, found({}).accounts, DEFAULT_GROUPS)
        assert placed["key1"][0] == "RUA-Revoked" and unmatched == 0


def test_who_left_the_list_leaves_the_groups():
    planned = plan(
        [], found({"RUA-Current": {1, 2}}), {"RUA-Current": {"uid1": "key1"}}, DEFAULT_GROUPS,
        exclusive=False, adopt=False,
    )  # fmt: skip
    (current,) = [each for each in planned.groups if each.group == "RUA-Current"]
    assert set(current.remove) == {"key1"} and current.foreign == 1


@pytest.mark.parametrize(
    ("leave", "guard", "approved", "refused"),
    [
        (3, Guard(percent=10, few=3, removals=100), 0, False),
        (4, Guard(percent=10, few=3, removals=100), 0, True),
        (4, Guard(percent=20, few=3, removals=100), 0, False),
        (4, Guard(percent=100, few=3, removals=3), 0, True),
        (4, Guard(percent=10, few=3, removals=3), 4, False),
        (4, Guard(percent=10, few=3, removals=3), 3, True),
    ],
)
def test_the_guard_counts(leave, guard, approved, refused):
    here = set(range(20))
    people = [Person(str(n), "staff", *(STANDS[3] if n < leave else STANDS[0])) for n in here]
    ours = {"RUA-Current": {f"uid{n}": f"key{n}" for n in here}}
    planned = plan(people, found({"RUA-Current": here}), ours, DEFAULT_GROUPS, exclusive=False, adopt=False)
    assert planned.guarded == leave
    if refused:
        with pytest.raises(GuardTripped):
            check_guard(planned, guard, approved)
    else:
        check_guard(planned, guard, approved)


def test_an_amnesty_is_a_mass_change_too():
    here = set(range(20))
    people = [Person(str(n), "staff", "complete", "allow") for n in here]
    ours = {"RUA-Revoked": {f"uid{n}": f"key{n}" for n in here}}
    planned = plan(people, found({"RUA-Revoked": here}), ours, DEFAULT_GROUPS, exclusive=False, adopt=False)
    assert planned.guarded == 20


def test_a_tombstone_forgets_a_person():
    standings = Standings.__new__(Standings)
    people = {
        "p_1": Person("1", "staff", "complete", "allow"),
        "p_2": Person("2", "staff", "complete", "allow"),
    }
    standings._note(people, [{"id": "p_1", "removed": "left-roster"}, {"id": "p_9", "removed": "erased"}])
    assert set(people) == {"p_2"}


class Piecemeal:
    """A group as Active Directory hands it out: at most 1,500 values, under a name that says which."""

    def __init__(self, count: int, most: int = 1500) -> None:
        self.all = [f"CN={number}".encode() for number in range(count)]
        self.most, self.asked = most, []

    def __call__(self, attribute: str) -> dict[str, list[bytes]]:
        self.asked.append(attribute)
        name, _, option = attribute.partition(";range=")
        if not option and len(self.all) <= self.most:
            return {name: self.all} if self.all else {}
        start = int(option.partition("-")[0] or 0)
        part = self.all[start : start + self.most]
        end = "*" if start + len(part) == len(self.all) else str(start + len(part) - 1)
        return {name: [], f"{name};range={start}-{end}": part}


@pytest.mark.parametrize("count", [0, 1, 1500, 1501, 3000, 4007])
def test_a_long_group_is_read_in_pieces(count):
    read = Piecemeal(count)
    assert all_values(read, "member") == read.all
    assert len(read.asked) == max(1, -(-count // 1500))


def test_an_empty_piece_is_no_end():
    with pytest.raises(AgentError):
        all_values(lambda attribute: {"member;range=0-1499": []}, "member")


def test_names_are_compared_by_meaning():
    same = [
        "CN=Rivera\\, Dee,OU=Staff,DC=x",
        "cn=rivera\\2c dee, ou=staff , dc=X",
        "cn=Rivera\\2C Dee,ou=Staff,dc=x",
    ]
    assert len({folded(name) for name in same}) == 1
    assert folded("cn=Jos\\C3\\A9,dc=x") == folded("CN=José,DC=x")
    assert folded("cn=a\\,ou=b,dc=x") != folded("cn=a,ou=b,dc=x")
    assert folded("cn=a b,dc=x") != folded("cn=ab,dc=x")


def test_ids_and_single_values():
    guid = UUID("00112233-4455-6677-8899-aabbccddeeff")
    assert unchanging_id({"objectguid": [guid.bytes_le]}, "dn") == str(guid)
    assert unchanging_id({"entryUUID": [b"AB-1"]}, "dn") == "ab-1"
    assert unchanging_id({}, "dn") == "dn"
    assert values({"EmployeeID": [b"100001"]}, "employeeid") == [b"100001"]


class Answer:
    def __init__(self, said: str) -> None:
        self.headers = {"Retry-After": said}


def test_retry_after_is_seconds_or_a_date_or_nonsense():
    assert _wait(Answer("7"), 0) == 7
    assert _wait(Answer("Wed, 21 Oct 2015 07:28:00 GMT"), 0) == 0
    assert _wait(Answer("soon"), 3) == 8
    assert _wait(None, 2) == 4
    with pytest.raises(AgentError):
        _wait(Answer("Fri, 01 Jan 2100 00:00:00 GMT"), 0)


SOUND = """
target = "ldap"
state_file = "s.json"
[service]
url = "https://tool.example"
client_id = "x"
client_secret_env = "SECRET"
[ldap]
url = "ldaps://dc1.evergreen.example"
bind_dn = "cn=agent"
bind_password_file = "p"
people_bases = ["ou=staff"]
groups_base = "ou=rua"
match_attribute = "employeeID"
"""


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('url = "https://tool.example"', 'url = "http://tool.example"', "service.url: expected https://"),
        ('"ldaps://dc1', '"ldap://dc1', "ldap.url: expected ldaps://"),
        ('target = "ldap"', 'target = "graph"', "target: expected"),
        ('target = "ldap"', 'target = "scim"', "scim: missing"),
        ('client_id = "x"', "client_id = 7", "service.client_id: expected str"),
        ('client_id = "x"\n', "", "service.client_id: missing"),
        ('client_id = "x"', 'client_id = "x"\nclient_ip = 1', "service.client_ip: there is no such setting"),
        ("[ldap]", "[groups]\nexpired = 'X'\n[ldap]", "groups.expired: expected"),
        ("[ldap]", "[guard]\npercent = -1\n[ldap]", "guard.percent: expected 0 or more"),
        ('["ou=staff"]', '"ou=staff"', "ldap.people_bases: expected a list"),
        ('bind_dn = "cn=agent"', 'bind_dn = "cn=agent"\nstart_tls = "no"', "ldap.start_tls: expected bool"),
    ],
)
def test_an_odd_setting_is_named(tmp_path, before, after, words):
    path = tmp_path / "agent.toml"
    path.write_text(SOUND)
    assert read_settings(path).groups == DEFAULT_GROUPS
    assert before in SOUND
    path.write_text(SOUND.replace(before, after))
    with pytest.raises(OddSettings, match=words.replace("(", "\\(")):
        read_settings(path)


def test_start_tls_is_as_good_as_ldaps(tmp_path):
    path = tmp_path / "agent.toml"
    path.write_text(SOUND.replace("ldaps://", "ldap://").replace("[ldap]", "[ldap]\nstart_tls = true"))
    assert read_settings(path).ldap.start_tls
