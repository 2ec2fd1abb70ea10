"""`python -m practice_lms`: the practice LMS as a program."""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from practice_lms.lms import PracticeLms
from practice_lms.personalities import PERSONALITIES
from practice_lms.server import serve
from practice_lms.settings import CHOICES, PracticeSettings, Registration


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="practice_lms", description="A practice LMS (LTI 1.3 Advantage) with invented people."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--public-url", help="how browsers and the tool reach it (default: http://HOST:PORT)")
    parser.add_argument("--tool-url", default="http://localhost:8000")
    parser.add_argument("--personality", choices=CHOICES["personality"], default="canvas")
    parser.add_argument(
        "--issuer", help="default: the public URL, so that it can never be taken for a real LMS"
    )
    parser.add_argument("--client-id", help="default: the personality's example")
    parser.add_argument(
        "--deployment-id", action="append", help="may be given several times; the first launches"
    )
    parser.add_argument("--privacy", choices=CHOICES["privacy"], default="public")
    parser.add_argument("--deep-linking", action="store_true", help='show teachers "Add lessons"')
    return parser.parse_args()


def _practice_lms(given: argparse.Namespace) -> PracticeLms:
    personality = PERSONALITIES[given.personality]
    client_id = given.client_id or personality.client_id
    deployment_ids = tuple(given.deployment_id or personality.deployment_ids)
    base_url = given.public_url or f"http://{given.host}:{given.port}"
    settings = PracticeSettings(
        base_url=base_url,
        tool_url=given.tool_url,
        personality=given.personality,
        registration=Registration.of_tool(given.tool_url, client_id, deployment_ids),
        issuer=given.issuer or base_url,
        privacy=given.privacy,
        offers_deep_linking=given.deep_linking,
    )
    return PracticeLms(settings)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    given = _arguments()
    lms = _practice_lms(given)
    for signum in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs with SIGINT ignored
        signal.signal(signum, _stop)
    serve(lms, given.host, given.port, lambda: _announce(lms))


def _announce(lms: PracticeLms) -> None:
    words = f"Practice LMS on {lms.base_url} (tool: {lms.tool_url}). Stop it with Ctrl-C."
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
