"""flask mail: the district's own mail server, for reminders to its staff."""

import sys
from email.utils import make_msgid
from typing import Any

import click
from flask.cli import AppGroup

from completion.rules import rules_of
from core.cli import answer, as_json
from core.clock import now
from core.database import only_reading, transaction
from core.errors import Refused
from core.language import speaking
from people.audit import COMMAND
from people.cli import require_district
from people.models import District
from reminders import mail_settings as verbs
from reminders.composing import is_ours, write
from reminders.models import MailSettings
from reminders.post import LetterRefused, ServerUnusable, connected, hand_over
from reminders.sending import server_of
from reminders.words import PROBLEMS, Part

mail_group = AppGroup("mail", help="Reminders to staff by the district's own mail server.")
in_district = click.option("--district", "slug", required=True, metavar="SLUG")


@mail_group.command("set")
@in_district
@click.option("--host", help="The name of the mail server, as its certificate says it.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 587, or 465 for tls.")
@click.option("--security", type=click.Choice(["starttls", "tls"]), help="Default: starttls.")
@click.option(
    "--user", "login", help="Without it nobody signs in. An empty one takes user and password away."
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)
@click.option("--from", "sender", metavar="ADDRESS", help="Who the letters are from.")
@click.option("--reply-to", metavar="ADDRESS", help="Where answers go. An empty one takes it away.")
@click.option(
    "--course", "course_url", metavar="URL", help="The staff course in the LMS, where letters lead."
)
@click.option("--send-from", type=click.IntRange(0, 18), help="The hour of the day there. Default: 7.")
@as_json
def set_mail(*, slug: str, login: str | None, password_stdin: bool, json: bool, **chosen: Any) -> None:
    """Set the mail server, or change some of it; the rest stays."""
    changes = {name: value or None for name, value in chosen.items() if value is not None}
    if chosen["send_from"] is not None:
        changes["send_from"] = chosen["send_from"]
    if login is not None:
        changes["login"] = login or None
        changes["password"] = _password(password_stdin) if login else None
    elif password_stdin:
        changes["password"] = _password(True)
    if not changes:
        raise click.UsageError("say what to change; flask mail set --help lists it")
    with transaction():
        district = require_district(slug)
        _answer(json, district, verbs.set_mail(district, changes, COMMAND))


@mail_group.command("show")
@in_district
@as_json
def show(slug: str, json: bool) -> None:
    """Say how mail is sent and how it went in the last seven days. The password is shown to nobody."""
    with only_reading():
        district = require_district(slug)
        _answer(json, district, verbs.require_settings(district))


@mail_group.command("test")
@in_district
@click.option("--to", required=True, metavar="ADDRESS", help="An address in one of the district's domains.")
@as_json
def test(slug: str, to: str, json: bool) -> None:
    """Send one letter now, and say what the server answered."""
    with only_reading():
        district = require_district(slug)
        settings = verbs.require_settings(district)
        if not is_ours(district, to):
            raise Refused(f"{to} is in none of the district's domains: {', '.join(district.email_domains)}")
        server, sender = server_of(settings), settings.sender
        part = Part("A test", ("This is a test of the reminders. Nothing is asked of you.",), "")
        with speaking("en"):
            message_id = make_msgid(domain=sender.rpartition("@")[2])
            message = write(settings, district, to, [part], message_id=message_id, at=now())
    try:
        with connected(server) as connection:
            hand_over(connection, message, sender, to)
    except ServerUnusable as trouble:
        raise Refused(f"not sent: {PROBLEMS[trouble.problem]}{_number(trouble.answer)}") from trouble
    except LetterRefused as refusal:
        whom = "the address" if refusal.address else "the letter"
        raise Refused(f"not sent: the server refused {whom}{_number(refusal.answer)}") from refusal
    answer(json, f"the server took a letter to {to}", sent=True, message_id=message_id)


@mail_group.command("pause")
@in_district
@as_json
def pause(slug: str, json: bool) -> None:
    """Send nothing until `flask mail resume`."""
    with transaction():
        verbs.pause(require_district(slug), COMMAND)
        answer(json, "no letter leaves until: flask mail resume", paused=True)


@mail_group.command("resume")
@in_district
@as_json
def resume(slug: str, json: bool) -> None:
    """Go on after a pause, and try a server at once that was left alone."""
    with transaction():
        verbs.go_on(require_district(slug), COMMAND)
        answer(json, "letters leave again", paused=False)


def _password(from_stdin: bool) -> str:
    """Never an option: a command line is seen by others on the machine."""
    given = sys.stdin.readline().rstrip("\r\n") if from_stdin else click.prompt("Password", hide_input=True)
    if not given:
        raise click.UsageError("the password is empty")
    return str(given)


def _number(answer: int | None) -> str:
    return f" It answered {answer}." if answer else ""


def _answer(json: bool, district: District, settings: MailSettings) -> None:
    letters = verbs.letters_of(district, now())
    facts = {
        "host": settings.host,
        "port": settings.port,
        "security": settings.security,
        "user": settings.login,
        "password": "set" if settings.password else None,
        "from": settings.sender,
        "reply_to": settings.reply_to,
        "course": settings.course_url,
        "send_from": settings.send_from,
        "quiet": ",".join(rules_of(district.id, "staff").quiet),
        "paused": settings.paused_at is not None,
        "problem": settings.problem,
        "answer": settings.answer,
        "problem_at": settings.problem_at,
        "last_sent_at": settings.last_sent_at,
        "letters": letters.by_state,
        "no_address": letters.no_address,
        "refused_addresses": letters.refused_addresses,
    }
    words = "\n".join(
        f"{name:<18} {'' if value is None else value}".rstrip() for name, value in facts.items()
    )
    answer(json, words, district=district.slug, **facts)
