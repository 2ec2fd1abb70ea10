"""flask admin-link: a way into the set-up pages before any LMS is connected."""

import click
from flask.cli import with_appcontext

from admin.links import make_link
from core.cli import answer, as_json
from core.current import current_settings
from core.database import transaction
from people.cli import require_district


@click.command("admin-link")
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option(
    "--minutes", type=click.IntRange(1, 24 * 60), default=30, show_default=True, help="How long it is good."
)
@as_json
@with_appcontext
def admin_link_command(slug: str, minutes: int, json: bool) -> None:
    """Print a link that opens the set-up pages of a district, once."""
    settings = current_settings()
    with transaction():
        secret = make_link(require_district(slug), minutes)
        url = f"{settings.public_url}/admin/enter?link={secret}"
        answer(
            json,
            f"open this once, within {minutes} minutes, and pass it to nobody:\n{url}",
            url=url,
            minutes=minutes,
        )
