"""People are found by any of their names, and never doubled."""

import threading

import sqlalchemy as sa

from core.database import db, transaction
from people.directory import find_by_identity, find_or_add, link_identity
from people.models import District, Identity, Person


def add(district_id, value="u1"):
    return find_or_add(district_id, scheme="lti", value=value, issuer="1", audience="pupil", source="launch")


def test_the_same_name_is_the_same_person(district):
    assert add(district.id).id == add(district.id).id


def test_a_subject_is_kept_exactly(district):
    assert add(district.id, "a").id != add(district.id, "a ").id


def test_email_compares_without_case_and_subjects_with(district):
    with transaction():
        person = add(district.id, "AbC")
        link_identity(person, scheme="email", value="Dee@Evergreen.example", source="launch")
    assert find_by_identity(district.id, "email", "dee@evergreen.EXAMPLE").id == person.id
    assert find_by_identity(district.id, "lti", "abc", issuer="1") is None


def test_districts_are_walls(district):
    with transaction():
        other = District(slug="north", name="North", timezone="UTC", email_domains=[])
        db.add(other)
        db.flush()
        assert add(district.id).id != add(other.id).id
        assert find_by_identity(other.id, "lti", "u1", issuer="1").district_id == other.id


def test_values_are_sealed_and_prints_say_nothing(district):
    with transaction():
        add(district.id, "secret-subject")
    raw = db.execute(sa.text("SELECT value, fingerprint FROM identity")).one()
    assert "secret-subject" not in raw[0] and "secret-subject" not in raw[1]


def test_two_first_launches_at_once_make_one_person(app, district):
    together = threading.Barrier(4)
    broke = []

    def launch():
        together.wait()
        try:
            with transaction():
                add(district.id)
        except Exception as error:
            broke.append(error)

    db.remove()
    threads = [threading.Thread(target=launch) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert broke == []
    assert (
        db.scalar(sa.select(sa.func.count(Person.id)))
        == db.scalar(sa.select(sa.func.count(Identity.id)))
        == 1
    )
