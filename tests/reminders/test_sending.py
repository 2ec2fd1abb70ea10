"""Letters and a real server: encryption, sign-in, refusals, silence, kills, and never a second letter."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from people.audit import COMMAND
from people.models import District
from reminders import sending
from reminders.mail_settings import go_on, pause, set_mail, try_addresses_again
from reminders.models import Letter, MailSettings, RefusedAddress, Reminder
from reminders.planning import plan_due
from reminders.sending import send_due
from tests.reminders.conftest import MONDAY, work
from tests.reminders.post_office import PASSWORD, free_port, post_office, silent_server

DUE = MONDAY + timedelta(days=30)
ANN = "ann@evergreen.example"


def the_letter() -> Letter:
    db.remove()
    return db.scalars(sa.select(Letter)).one()


def change(district, **changes) -> None:
    db.remove()
    set_mail(db.get_one(District, district.id), changes, COMMAND)
    db.commit()


def plan() -> None:
    db.remove()
    with transaction():
        plan_due()


# -- encryption and sign-in ----------------------------------------------------------------------------------


def test_by_starttls_and_with_a_password(staff, settings, post):
    staff.owes(ANN, DUE)
    assert work() == 1
    assert post.to() == [ANN] and post.encrypted == [True]
    assert post.sent_from == ["lessons@evergreen.example"]
    assert (the_letter().state, settings().last_sent_at is not None) == ("sent", True)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it means STARTTLS
def test_by_tls_from_the_first_byte(staff, settings, district, certificate):
    staff.owes(ANN, DUE)
    with post_office(certificate, "tls") as post:
        change(district, security="tls", port=post.port)
        assert work() == 1
    assert post.to() == [ANN]


def test_a_certificate_nobody_vouches_for_is_not_taken(staff, settings, post, monkeypatch, tmp_path):
    (tmp_path / "none.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    staff.owes(ANN, DUE)
    assert work() == 0 and post.taken == []
    assert settings().problem == "tls"
    assert the_letter().state == "waiting"


def test_a_wrong_password_is_said_and_burns_nobody(staff, settings, post, district, clock):
    change(district, password="wrong")
    staff.owes(ANN, DUE)
    assert work() == 0
    assert (settings().problem, settings().answer) == ("login", 535)
    assert db.scalar(sa.select(sa.func.count()).select_from(RefusedAddress)) == 0
    change(district, password=PASSWORD)
    assert work() == 1, "who sets it right need not wait"
    assert settings().problem is None


# -- what the server says about a letter ---------------------------------------------------------------------


def test_an_unknown_address_is_marked_and_left_alone(staff, settings, post, clock, district):
    staff.owes(ANN, MONDAY + timedelta(days=14))
    staff.owes("bob@evergreen.example", MONDAY + timedelta(days=14))
    post.refuse[ANN] = "550 5.1.1 no such user"
    assert work() == 2, "one refusal keeps nobody else waiting"
    assert post.to() == ["bob@evergreen.example"]
    db.remove()
    assert db.scalars(sa.select(RefusedAddress.answer)).all() == [550]
    post.refuse.clear()
    clock.at(MONDAY + timedelta(days=7))
    work()
    assert post.to() == ["bob@evergreen.example"] * 2
    assert try_addresses_again(db.get_one(District, district.id), COMMAND) == 1
    db.commit()
    clock.at(MONDAY + timedelta(days=11))  # a Friday; the 1 day before is a Sunday
    clock.at(MONDAY + timedelta(days=14))
    work()
    assert post.to()[-2:] in ([ANN, "bob@evergreen.example"], ["bob@evergreen.example", ANN])


def test_not_now_is_tried_again_on_a_ladder(staff, settings, post, clock):
    staff.owes(ANN, DUE)
    post.refuse[ANN] = "451 4.7.1 greylisted"
    assert work() == 1 and the_letter().problem == "address 451"
    assert work() == 0
    clock.on(minutes=5, seconds=5)
    assert work() == 1 and the_letter().tries == 2
    clock.on(minutes=14)
    assert work() == 0
    post.refuse.clear()
    clock.on(minutes=2)
    assert work() == 1 and post.to() == [ANN]
    assert db.scalar(sa.select(sa.func.count()).select_from(RefusedAddress)) == 0


def test_a_letter_refused_for_what_it_says_marks_no_address(staff, settings, post):
    staff.owes(ANN, DUE)
    post.answer = "554 5.7.1 looks like spam"
    work()
    assert (the_letter().state, the_letter().problem) == ("refused", "data 554")
    assert (settings().problem, settings().answer) == ("data", 554)
    assert db.scalar(sa.select(sa.func.count()).select_from(RefusedAddress)) == 0


def test_a_letter_that_was_never_taken_is_said_anew_another_day(staff, settings, post, clock):
    staff.owes(ANN, DUE)
    post.refuse[ANN] = "451 4.7.1 come back later"
    work()
    post.refuse.clear()
    clock.at(MONDAY + timedelta(days=1))
    work()
    assert post.to() == []
    db.remove()
    assert db.scalars(sa.select(Letter.state)).all() == ["late"]
    assert db.scalars(sa.select(Reminder)).all() == []
    clock.at(MONDAY + timedelta(days=2))
    work()
    assert post.to() == [ANN]


# -- a server that is not there ------------------------------------------------------------------------------


def test_a_silent_server_is_left_alone_and_its_letters_wait(staff, settings, district, clock, post):
    staff.owes(ANN, DUE)
    with silent_server() as port:
        change(district, port=port)
        assert work(timeout=0.3) == 0
    assert settings().problem == "connection"
    letter = the_letter()
    assert (letter.state, letter.leased_by, letter.tries) == ("waiting", None, 0)
    assert work(timeout=0.3) == 0, "it is not called again at once"


def test_while_the_server_is_down_it_is_called_less_and_less(staff, settings, district, clock, post):
    staff.owes(ANN, DUE)
    change(district, port=free_port())
    waits = []
    for _ in range(6):
        work(timeout=1)
        waits.append(round((settings().retry_at - now()).total_seconds() / 60))
        clock.traveller.move_to(settings().retry_at + timedelta(seconds=1))
    assert waits == [1, 2, 5, 15, 30, 30]
    change(district, port=post.port)
    assert work() == 1 and post.to() == [ANN]
    assert settings().failures == 0


# -- once, and never twice -----------------------------------------------------------------------------------


def test_a_worker_killed_before_it_wrote_down_the_yes_sends_the_same_letter_again(
    staff, settings, post, clock, monkeypatch
):
    staff.owes(ANN, DUE)

    class Killed(BaseException):
        pass

    def kill(*_args, **_values) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_settle", kill)  # what a kill at that very moment leaves behind
        with pytest.raises(Killed):
            work()
    db.remove()
    assert len(post.taken) == 1
    assert work() == 0, "its lease still holds"
    clock.on(minutes=11)
    assert work() == 1
    first, second = (each["Message-ID"] for each in post.taken)
    assert first == second
    assert work() == 0


def test_a_connection_that_breaks_after_the_letter_was_taken_repeats_its_number(staff, settings, post, clock):
    staff.owes(ANN, DUE)
    post.hangs_up = 1
    assert work() == 0 and len(post.taken) == 1
    assert settings().problem == "connection"
    assert the_letter().leased_until is not None, "nobody knows, so it is not called untold"
    clock.on(minutes=11)
    assert work() == 1
    assert len({each["Message-ID"] for each in post.taken}) == 1


def test_a_letter_that_always_breaks_the_connection_stops_after_five_tries(staff, settings, post, clock):
    staff.owes(ANN, DUE)
    post.hangs_up = 99
    for _ in range(8):
        work()
        clock.on(minutes=31)
    assert (the_letter().state, the_letter().problem) == ("refused", "broke_off")
    assert len(post.taken) == 5


def test_in_doubt_when_the_day_ends_it_counts_as_told(staff, settings, post, clock):
    staff.owes(ANN, DUE)
    clock.at(MONDAY, 18)
    post.hangs_up = 1
    work()
    clock.at(MONDAY + timedelta(days=1))
    work()
    clock.at(MONDAY + timedelta(days=2))
    work()
    assert len(post.taken) == 1


def test_several_workers_send_each_letter_once(staff, settings, post, app):
    people = [f"p{n}@evergreen.example" for n in range(40)]
    for each in people:
        staff.owes(each, DUE)
    plan()
    broke: list[Exception] = []

    def one() -> None:
        try:
            while send_due(timeout=5):
                pass
        except Exception as error:
            broke.append(error)
        finally:
            db.remove()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert broke == []
    assert sorted(post.to()) == sorted(people)


def test_who_is_done_by_now_is_left_in_peace(staff, settings, post):
    ann = staff.owes(ANN, DUE)
    plan()
    staff.stands(ann, "complete")
    assert work() == 1 and post.taken == []
    assert the_letter().state == "moot"


def test_a_pause_stops_letters_that_are_written_down(staff, settings, post, district):
    for number in range(3):
        staff.owes(f"p{number}@evergreen.example", DUE)
    plan()
    pause(db.get_one(District, district.id), COMMAND)
    db.commit()
    assert work() == 0 and post.taken == []
    go_on(db.get_one(District, district.id), COMMAND)
    db.commit()
    assert work() == 3


def test_a_worker_that_is_told_to_stop_gives_the_rest_back(staff, settings, post):
    for number in range(3):
        staff.owes(f"p{number}@evergreen.example", DUE)
    plan()
    stop = threading.Event()

    async def stop_after_the_first(server, session, envelope, address, options):
        stop.set()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    post.handle_RCPT = stop_after_the_first
    assert send_due(stop, timeout=5) == 1
    db.remove()
    left = db.scalars(sa.select(Letter).filter_by(state="waiting")).all()
    assert [each.leased_by for each in left] == [None, None]


def test_the_log_names_nobody(staff, settings, post, capsys):
    staff.owes(ANN, DUE)
    post.refuse[ANN] = f"550 5.1.1 <{ANN}> unknown"
    work()
    post.refuse.clear()
    out = capsys.readouterr()
    assert "ann@" not in out.out + out.err
    db.remove()
    for model in (MailSettings, Letter, RefusedAddress, Reminder):
        assert "ann@" not in str([vars(row) for row in db.scalars(sa.select(model))])
