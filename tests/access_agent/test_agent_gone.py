"""Who is gone, as the real API tells it: off the roster, merged, erased."""

import pytest

from access_agent.settings import Service as Source
from access_agent.standings import Person, Standings
from core.clock import now
from core.database import db
from people import models
from people.audit import COMMAND
from people.merging import merge
from people.roster_models import RosterInterval
from privacy.erasing import erase
from tests.access.conftest import hire, names_of, rua, work

__all__ = ["hire", "rua", "work"]


@pytest.fixture
def client(service, monkeypatch):
    monkeypatch.setenv("AGENT_SECRET", service.secret)
    made = Standings(Source(url=service.url, client_id=service.client_id, client_secret_env="AGENT_SECRET"))
    yield made
    made.close()


def listed(client: Standings, work) -> tuple[dict[str, Person], str]:
    work()
    db.remove()
    pulled = client.pull({}, None)
    return pulled.people, pulled.delta


def test_who_left_the_roster_is_denied_by_the_change_as_by_the_list(hire, work, client, district):
    (dee,) = hire()
    dee_id, sis = dee.public_id, names_of(dee)["sis"]
    people, delta = listed(client, work)
    assert people[dee_id].access != "deny"
    dee = db.get_one(models.Person, dee.id)
    db.add(
        RosterInterval(
            district_id=district.id, person_id=dee.id, audience="staff", starts_at=dee.created_at, ends_at=now(),
            source="staff_csv",
        )
    )  # fmt: skip
    from completion import reviews

    reviews.mark_everybody(district_id=district.id)
    db.commit()
    while reviews.sweep():
        pass
    db.commit()
    work()
    db.remove()
    pulled = client.pull(people, delta)
    assert pulled.how == "changes"
    assert pulled.people[dee_id] == Person(sis, "staff", "not_applicable", "deny")
    assert client.pull({}, None).people == pulled.people


def test_after_a_merge_everybody_is_listed_anew(hire, work, client):
    kept, gone = hire(2)
    kept_id, gone_id = kept.public_id, gone.public_id
    people, delta = listed(client, work)
    assert set(people) == {kept_id, gone_id}
    merge(db.merge(kept), db.merge(gone), COMMAND)
    db.commit()
    work()
    db.remove()
    pulled = client.pull(people, delta)
    assert pulled.how == "list" and set(pulled.people) == {kept_id}


def test_who_was_erased_is_forgotten(hire, work, client):
    bob, cleo = hire(2)
    bob_id, cleo_id = bob.public_id, cleo.public_id
    people, delta = listed(client, work)
    erase(db.get_one(models.Person, bob.id), COMMAND)
    db.commit()
    db.remove()
    pulled = client.pull(people, delta)
    assert pulled.how == "changes" and set(pulled.people) == {cleo_id} and bob_id in people
