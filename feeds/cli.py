"""flask feed: who is told of changes without asking."""

from typing import Any

import click
from flask.cli import AppGroup

from access.events import TYPES
from core.cli import answer, as_json
from core.current import current_settings
from core.database import transaction
from core.errors import Refused
from feeds import setting_up, words
from feeds.behind import Lag, lags, seconds_since, state_of
from feeds.files import accept_held
from feeds.shapes import SHAPES
from feeds.trying import try_now
from feeds.wanted import AT_FIRST, wanted
from people.audit import COMMAND
from people.cli import require_district
from people.models import District

feed_group = AppGroup("feed", help="Webhooks and files: who is told of changes without asking.")
district_option = click.option("--district", "slug", required=True, metavar="SLUG")


@feed_group.command("add")
@district_option
@click.option("--kind", type=click.Choice(["webhook", "csv"]), default="webhook", show_default=True)
@click.option("--name", required=True, help="As IT will recognize it in lists.")
@click.option("--url", help="webhook: where to post, https://...")
@click.option(
    "--from", "first", type=click.IntRange(min=1), help="webhook: begin with this change; else with the next."
)
@click.option(
    "--event", "types", multiple=True, help=f"webhook, repeatable: {', '.join(TYPES)}. Else the first two."
)
@click.option("--folder", help="csv: where to write, on this machine.")
@click.option("--shape", "shapes", multiple=True, help=f"csv, repeatable: {', '.join(SHAPES)}.")
@as_json
def add(slug: str, *, kind: str, json: bool, **given: Any) -> None:
    """Tell a program of each change, or write files. A webhook's signing secret is printed this once."""
    wanted = "url" if kind == "webhook" else "folder"
    if not given[wanted]:
        raise click.UsageError(f"a feed of kind {kind} needs --{wanted}")
    with transaction():
        (_add_webhook if kind == "webhook" else _add_files)(require_district(slug), json, **given)


def _add_webhook(
    district: District,
    json: bool,
    *,
    name: str,
    url: str,
    first: int | None,
    types: tuple[str, ...],
    **_: Any,
) -> None:
    feed, secret = setting_up.add_webhook(
        district,
        name,
        url,
        COMMAND,
        plain_allowed=current_settings().allow_private_network,
        after=None if first is None else first - 1,
        types=types or AT_FIRST,
    )
    words_ = (
        f"feed    {feed.id}\nsecret  {secret}\nKeep the secret: it is not shown again. Try it: "
        f"flask feed test --district {district.slug} {feed.id}"
    )
    answer(json, words_, feed=feed.id, kind="webhook", secret=secret, first=feed.cursor + 1)


def _add_files(
    district: District, json: bool, *, name: str, folder: str, shapes: tuple[str, ...], **_: Any
) -> None:
    feed = setting_up.add_files(district, name, folder, shapes, COMMAND)
    answer(
        json,
        f"feed {feed.id} added; the worker writes the first files in a few seconds",
        feed=feed.id, kind="csv", **feed.settings,
    )  # fmt: skip


@feed_group.command("list")
@district_option
@as_json
def list_feeds(slug: str, json: bool) -> None:
    """List a district's feeds, and how far each is behind."""
    with transaction():
        found = lags(require_district(slug).id)
        answer(json, "\n".join(map(_line, found)) or "no feed yet", feeds=[_facts(each) for each in found])


@feed_group.command("test")
@district_option
@click.argument("number", type=int)
@as_json
def test(slug: str, number: int, json: bool) -> None:
    """Post a test event now. Exits 1 when it is not taken."""
    outcome = try_now(_district(slug), number)
    if outcome.problem:
        raise Refused(words.problem(outcome.problem, outcome.status))
    answer(json, f"feed {number} took the test: {outcome.status}", feed=number, status=outcome.status)


@feed_group.command("change")
@district_option
@click.argument("number", type=int)
@click.option("--name", help="Another name.")
@click.option("--url", help="Another address; posts are signed with the same secret.")
@click.option(
    "--event", "types", multiple=True, help="Repeatable: tell it these types of events and no others."
)
@as_json
def change(slug: str, number: int, json: bool, *, types: tuple[str, ...], **given: Any) -> None:
    """Change a webhook's name, address, or which events it is told."""
    plain_allowed = current_settings().allow_private_network
    with transaction():
        feed = setting_up.feed_of(require_district(slug).id, number)
        setting_up.change_webhook(feed, COMMAND, plain_allowed=plain_allowed, types=types or None, **given)
        answer(
            json,
            f"feed {number} ({feed.name}) is told {', '.join(wanted(feed))}",
            feed=number, name=feed.name, events=list(wanted(feed)),
        )  # fmt: skip


@feed_group.command("pause")
@district_option
@click.argument("number", type=int)
@as_json
def pause(slug: str, number: int, json: bool) -> None:
    """Tell it nothing until it is resumed. Nothing is lost."""
    with transaction():
        setting_up.pause(setting_up.feed_of(require_district(slug).id, number), COMMAND)
    answer(json, f"feed {number} paused", feed=number, state="paused")


@feed_group.command("resume")
@district_option
@click.argument("number", type=int)
@as_json
def resume(slug: str, number: int, json: bool) -> None:
    """Go on where it stopped, at once: paused, switched off, or waiting for its next try."""
    with transaction():
        setting_up.resume(setting_up.feed_of(require_district(slug).id, number), COMMAND)
    answer(json, f"feed {number} goes on", feed=number, state="ok")


@feed_group.command("replay")
@district_option
@click.argument("number", type=int)
@click.option(
    "--from", "first", type=click.IntRange(min=1), required=True, help="Number of the first change."
)
@as_json
def replay(slug: str, number: int, first: int, json: bool) -> None:
    """Tell it again from a change on. Ids stay what they were."""
    with transaction():
        setting_up.replay(setting_up.feed_of(require_district(slug).id, number), first, COMMAND)
    answer(json, f"feed {number} is told again from {first} on", feed=number, first=first)


@feed_group.command("rotate")
@district_option
@click.argument("number", type=int)
@as_json
def rotate(slug: str, number: int, json: bool) -> None:
    """Sign with a new secret; the old one signs beside it for a day."""
    with transaction():
        secret = setting_up.rotate_secret(setting_up.feed_of(require_district(slug).id, number), COMMAND)
    answer(
        json,
        f"secret  {secret}\nIt is not shown again. The old one goes on beside it for a day.",
        feed=number,
        secret=secret,
    )


@feed_group.command("accept")
@district_option
@click.argument("number", type=int)
@as_json
def accept(slug: str, number: int, json: bool) -> None:
    """Write the file that is held for having lost more than a fifth of its rows."""
    with transaction():
        accept_held(setting_up.feed_of(require_district(slug).id, number), COMMAND)
    answer(json, f"feed {number}: the smaller file is right, and is written now", feed=number)


@feed_group.command("remove")
@district_option
@click.argument("number", type=int)
@as_json
def remove(slug: str, number: int, json: bool) -> None:
    """Take a feed away."""
    with transaction():
        setting_up.remove(setting_up.feed_of(require_district(slug).id, number), COMMAND)
    answer(json, f"feed {number} removed", feed=number)


def _district(slug: str) -> District:
    with transaction():
        return require_district(slug)


def _line(lag: Lag) -> str:
    feed = lag.feed
    late = f", {lag.behind} behind for {seconds_since(lag.waiting_since)} s" if lag.waiting_since else ""
    wrong = f"  {words.problem(feed.last_error, feed.last_status)}" if feed.last_error else ""
    return f"{feed.id}  {feed.kind}  {feed.name}  {state_of(feed)} at {feed.cursor}{late}{wrong}"


def _facts(lag: Lag) -> dict[str, Any]:
    feed = lag.feed
    return {
        "feed": feed.id,
        "kind": feed.kind,
        "name": feed.name,
        "state": state_of(feed),
        "cursor": feed.cursor,
        "behind": lag.behind,
        "waiting_since": lag.waiting_since,
        "last_ok_at": feed.last_ok_at,
        "last_error": feed.last_error,
        "last_status": feed.last_status,
        "next_try_at": feed.next_try_at,
    }
