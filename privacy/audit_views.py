"""The audit log to read and to take along, for the privacy office and the district."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from completion.dates import written_time
from people.audit import head_of
from people.current import current_actor, current_district
from people.disclosures import disclose
from privacy.guard import require_privacy_office
from privacy.listing import MOST_IN_A_FILE, PAGE, Wish, actions_of, audit_csv, audit_entries, read_wish

blueprint = Blueprint("audit", __name__, url_prefix="/completion/audit", template_folder="templates")
blueprint.before_request(require_privacy_office)


@blueprint.get("")
def log() -> str:
    district, wish = current_district(), read_wish(request.args)
    rows = audit_entries(district, wish, PAGE + 1)
    seq, head = head_of(district.id)

    def address(endpoint: str, **changes: Any) -> str:
        return url_for(endpoint, **{**_said(wish), **changes})

    return render_template(
        "privacy/audit.html",
        page_name="audit",
        band="staff",
        district=district,
        wish=wish,
        rows=rows[:PAGE],
        onward=rows[PAGE - 1].seq if len(rows) > PAGE else None,
        actions=actions_of(district.id),
        seq=seq,
        head=head,
        address=address,
        most=MOST_IN_A_FILE,
        time=lambda at: written_time(at, district.timezone),
    )


@blueprint.get("/log.csv")
def file() -> Response:
    """The newest entries that fit the filter; who needs more than a file holds asks by days."""
    district = current_district()
    rows = audit_entries(district, read_wish(request.args), MOST_IN_A_FILE)
    people = {each.subject for each in rows if each.subject.startswith("person:")}
    disclose(district.id, current_actor(), "audit_csv", "district", len(people))
    answer = Response(audit_csv(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return answer


def _said(wish: Wish) -> dict[str, Any]:
    """The filter as parameters of an address, without the place in the list."""
    said = {"action": wish.action, "name": wish.name, "since": wish.since, "until": wish.until}
    return {name: str(value) for name, value in said.items() if value is not None}
