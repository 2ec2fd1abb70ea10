"""Assignment and Grade Services over HTTP: line items, scores, results (LTI AGS 2.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from practice_lms import settings as scopes
from practice_lms.door import (
    LINEITEM_TYPE,
    LINEITEMS_TYPE,
    RESULTS_TYPE,
    SCORE_TYPE,
    Refusal,
    answer,
    asked_page,
    body_of_type,
    check_accept,
    check_caller,
    course_numbered,
)
from practice_lms.grading import ScoreRefused
from practice_lms.people import Course
from practice_lms.state import LineItem, Result

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms


def lineitems_view(lms: PracticeLms, course: int, **_: str) -> Response:
    where = course_numbered(lms, course)
    if request.method == "POST":
        check_caller(lms, scopes.LINEITEM)
        return _make_lineitem(lms, where, body_of_type(lms, LINEITEM_TYPE))
    check_caller(lms, scopes.LINEITEM_READONLY)
    check_accept(lms, LINEITEMS_TYPE)
    found = [_as_json(lms, item) for item in lms.gradebook.columns(where) if _fits(lms, item)]
    page, headers = asked_page(lms, found, None)
    return answer(page, LINEITEMS_TYPE, headers)


def _fits(lms: PracticeLms, item: LineItem) -> bool:
    asked = request.args
    link = lms.world.links.get(item.link or "")
    return (
        asked.get("resource_id") in (None, item.resource_id)
        and asked.get("tag") in (None, item.tag)
        and asked.get("resource_link_id") in (None, lms.link_id(link) if link else "")
    )


def _as_json(lms: PracticeLms, item: LineItem) -> dict[str, Any]:
    maximum = int(item.score_maximum) if float(item.score_maximum).is_integer() else item.score_maximum
    shown: dict[str, Any] = {"id": lms.lineitem_url(item), "label": item.label, "scoreMaximum": maximum}
    shown |= {"resourceId": item.resource_id, "tag": item.tag}
    if item.link:
        shown["resourceLinkId"] = lms.link_id(item.link)
    return {name: value for name, value in shown.items() if value != ""}


def _checked(lms: PracticeLms, where: Course, body: Any) -> dict[str, Any]:
    """The fields of a line item in our own words. Raises Refusal where a real gradebook refuses."""
    refused = 422 if lms.personality.name == "canvas" else 400
    if not isinstance(body, dict) or not str(body.get("label") or "").strip():
        raise Refusal(refused, "label is missing or blank")
    maximum = body.get("scoreMaximum")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float) or maximum <= 0:
        raise Refusal(refused, "scoreMaximum must be above 0")
    link = None
    if body.get("resourceLinkId"):
        links = [each.key for each in where.links if lms.link_id(each) == body["resourceLinkId"]]
        if not links:
            raise Refusal(404, "resourceLinkId is not a link of this tool in this course")
        link = links[0]
    return {
        "label": body["label"].strip(),
        "score_maximum": float(maximum),
        "resource_id": str(body.get("resourceId") or ""),
        "tag": str(body.get("tag") or ""),
        "link": link,
    }


def _make_lineitem(lms: PracticeLms, where: Course, body: Any) -> Response:
    item = lms.gradebook.add_column(where.key, **_checked(lms, where, body), made_by_tool=True)
    return answer(_as_json(lms, item), LINEITEM_TYPE, {"Location": lms.lineitem_url(item)}, 201)


def lineitem_view(lms: PracticeLms, course: int, item: str, **_: str) -> Response:
    column = _column(lms, course, item)
    if request.method == "GET":
        check_caller(lms, scopes.LINEITEM_READONLY)
        check_accept(lms, LINEITEM_TYPE)
        return answer(_as_json(lms, column), LINEITEM_TYPE)
    check_caller(lms, scopes.LINEITEM)
    if request.method == "PUT":
        return _change_lineitem(lms, column, course_numbered(lms, course), body_of_type(lms, LINEITEM_TYPE))
    # Canvas keeps a column that belongs to an assignment (401); Moodle deletes an activity's own column.
    if lms.personality.coupled_column_stays and column.link and not column.made_by_tool:
        raise Refusal(401, "The line item belongs to an assignment and cannot be deleted")
    lms.gradebook.delete_column(column)
    return Response(status=204)


def _change_lineitem(lms: PracticeLms, column: LineItem, where: Course, body: Any) -> Response:
    changes = _checked(lms, where, body)
    if lms.personality.name != "moodle" and changes["link"] is None:
        changes["link"] = (
            column.link
        )  # Moodle drops the link when the body does not name it; the others keep it
    with lms.state.lock:
        lms.gradebook.change_maximum(column, changes.pop("score_maximum"), rescale=True)
        for name, value in changes.items():
            setattr(column, name, value)
    return answer(_as_json(lms, column), LINEITEM_TYPE)


def _column(lms: PracticeLms, course: int, item: str) -> LineItem:
    column = lms.state.line_items.get(item)
    if column is None or lms.world.courses[column.course].number != course:
        raise Refusal(404, "The line item does not exist")
    return column


def scores_view(lms: PracticeLms, course: int, item: str, **_: str) -> Response:
    check_caller(lms, scopes.SCORE)
    column = _column(lms, course, item)
    body = body_of_type(lms, SCORE_TYPE)
    try:
        lms.gradebook.receive(column, body, dict(request.headers.items()))
    except ScoreRefused as refusal:
        return _refused_score(lms, refusal)
    if lms.personality.name == "moodle":
        return Response(b"", 200)  # an empty body
    user_id = body["userId"]
    return answer({"resultUrl": f"{lms.lineitem_url(column)}/results/{user_id}"}, "application/json")


def _refused_score(lms: PracticeLms, refusal: ScoreRefused) -> Response:
    if lms.personality.name == "moodle":  # the body is [], the reason is only in the status line
        return Response("[]", f"{refusal.status} {refusal}", content_type="application/json")
    raise Refusal(refusal.status, str(refusal))


def results_view(lms: PracticeLms, course: int, item: str, **_: str) -> Response:
    check_caller(lms, scopes.RESULT_READONLY)
    check_accept(lms, RESULTS_TYPE)
    column = _column(lms, course, item)
    user_id = request.args.get("user_id")
    with lms.state.lock:
        held = [each for key, each in lms.state.results.items() if key[0] == column.id]
    wanted = [each for each in held if user_id in (None, each.user_id)]
    if lms.personality.name == "moodle":  # a wiped grade vanishes from the results
        wanted = [each for each in wanted if each.score is not None]
    page, headers = asked_page(lms, [_result(lms, column, each) for each in wanted], None)
    return answer(page, RESULTS_TYPE, headers)


def _result(lms: PracticeLms, column: LineItem, result: Result) -> dict[str, Any]:
    url = lms.lineitem_url(column)
    base, _, query = url.partition("?")
    shown = {
        "id": f"{base}/results/{result.user_id}" + (f"?{query}" if query else ""),
        "scoreOf": url,
        "userId": result.user_id,
        "resultMaximum": column.score_maximum,
        "resultScore": result.score,
        "comment": result.comment,
    }
    return {name: value for name, value in shown.items() if value is not None}
