"""A page of ours in somebody else's frame, in a real browser: the LMS may, another site may not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from core.database import db
from core.sealed import new_secret
from people.models import SignIn
from people.sign_in import COOKIE, open_sign_in


@contextmanager
def site_framing(page: str) -> Iterator[str]:
    """Another site on a port of its own, with `page` in a frame."""

    @Request.application
    def answer(_request: Request) -> Response:
        return Response(
            f'<!doctype html><title>Site</title><iframe src="{page}"></iframe>', mimetype="text/html"
        )

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    # The same host, so that the cookie comes along whatever the browser blocks; another port is another origin.
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.mark.parametrize("is_the_lms", [True, False], ids=["the LMS", "another site"])
def test_only_the_lms_shows_a_signed_in_page_in_its_frame(
    chromium: Browser, address: str, make_person, curriculum, is_the_lms
):
    person, secret = make_person(), new_secret()
    _, visit = open_sign_in(person, secret, role="learner", classroom_id=None)
    db.commit()
    with site_framing(f"{address}/lessons/g4?visit={visit}") as site:
        opened = db.query(SignIn).filter_by(key=visit).one()
        opened.framed_by = site if is_the_lms else "https://lms.example"
        db.commit()
        db.remove()
        context = chromium.new_context()
        context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(site)
        heading = page.frame_locator("iframe").get_by_role("heading", level=1)
        if is_the_lms:
            expect(heading).to_contain_text("Digital Citizenship")
        else:
            page.wait_for_load_state("networkidle")
            expect(heading).to_have_count(0)
            assert any("frame-ancestors" in each for each in said), said
        context.close()


def test_who_ran_out_of_time_reads_what_to_do_in_any_course(chromium: Browser, address: str, clean):
    """The sign-in is gone, so nobody can say which LMS it was; the page says how to go on all the same."""
    with site_framing(f"{address}/lessons/g4?visit=long-gone") as site:
        page = chromium.new_page()
        page.goto(site)
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("Go back to your course and open the lesson again")).to_be_visible()
        page.close()
