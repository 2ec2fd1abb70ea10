"""The events that followers of the log are told."""

from access.events import events_after


def test_an_event_says_who_and_what_and_neither_a_name_nor_why(hire, work, district):
    (ann,) = hire()
    work()
    (event,) = events_after(district, 0, 10)
    assert event["id"] == "evt_evergreen_1" and event["type"] == "standing.changed"
    assert event["data"] == {
        "person": ann.public_id, "requirement": "rua", "state": "assigned", "access": event["data"]["access"],
        "previous_state": None, "previous_access": None, "seq": 1,
    }  # fmt: skip
    assert event["timestamp"].endswith("Z")


def test_events_come_in_order_from_a_place_on_and_in_a_few_queries(hire, work, district, count_queries):
    hire(5)
    work()
    district_before = district
    with count_queries() as statements:
        events = events_after(district_before, 2, 2)
    assert [event["data"]["seq"] for event in events] == [3, 4]
    assert len(statements) == 3, "changes, erasures and the rest, however many"
    assert events_after(district, 5, 10) == []


def test_the_log_of_another_district_is_not_told(hire, work, district, elsewhere):
    hire()
    work()
    assert events_after(elsewhere, 0, 10) == []
