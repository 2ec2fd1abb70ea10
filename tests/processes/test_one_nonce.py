"""Launches that arrive at once in several processes."""

import threading
from collections.abc import Callable, Sequence

import requests
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool.models import Context, Launch, LineItem, ResourceLink, SpentNonce
from people.models import Classroom, Enrollment, Person, SignIn
from people.sign_in import COOKIE

PUPILS = [f"pupil{number:02d}" for number in range(3, 27)]


def at_once(calls: Sequence[Callable[[], requests.Response]]) -> list[requests.Response]:
    """Their answers, in order."""
    together = threading.Barrier(len(calls))
    answers: dict[int, requests.Response] = {}

    def run(place: int, call: Callable[[], requests.Response]) -> None:
        together.wait(timeout=20)
        answers[place] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    return [answers[place] for place in range(len(calls))]


def arrival(school, port: int, person: str, link: str) -> Callable[[], requests.Response]:
    """The form that the browser would post now."""
    client = school.app.test_client()
    fields = school.fields(person, link, client)
    headers = {"Cookie": f"{COOKIE}={client.get_cookie(COOKIE).value}"}
    db.remove()
    address = f"http://127.0.0.1:{port}/lti/launch"
    return lambda: requests.post(address, data=fields, headers=headers, allow_redirects=False, timeout=50)


def count(model: type) -> int:
    with transaction():
        return db.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_launches_at_once_over_all_processes(school, programs):
    """A new class that arrives in one moment is one class; and one nonce opens one launch, however often sent."""
    _, port = programs.gunicorn()
    answers = at_once([arrival(school, port, pupil, "g4-my-day-in-blocks") for pupil in PUPILS])
    assert {answer.status_code for answer in answers} == {303}, answers[0].text[-300:]
    assert (count(Classroom), count(Context), count(ResourceLink), count(LineItem)) == (1, 1, 1, 1)
    opened = len(PUPILS)
    assert (count(Person), count(Enrollment), count(Launch)) == (opened, opened, opened)

    for rounds in (1, 2, 3):
        answers = at_once([arrival(school, port, "ana", "g4-same-me")] * 8)
        assert sorted(answer.status_code for answer in answers) == [303] + [401] * 7
        refused = [answer.text for answer in answers if answer.status_code == 401]
        assert all("opened already" in text for text in refused), refused[0][-300:]
        assert {count(Launch), count(SpentNonce), count(SignIn)} == {opened + rounds}
