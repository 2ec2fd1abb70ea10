"""The pages people see: pick a person, open a course item, watch the gradebook. No sign-in and no cookie:
the person chosen is in the address, so everything also works where cookies are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from practice_lms.deep_linking import DeepLinksRefused
from practice_lms.marks import gradebook_table
from practice_lms.oidc import FormPost, RefusedHere
from practice_lms.people import CAST, DISTRICT, Course, Link, Person
from practice_lms.trouble import PRESETS, STORAGE, make

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

blueprint = Blueprint(
    "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)

# What the frame around a tool may use, only for the tool's own origin (Moodle's list, and full screen).
FRAME_FEATURES = ("microphone", "camera", "geolocation", "midi", "encrypted-media", "autoplay", "fullscreen")
PICTURES = {
    "ana": "🧒🏽", "ben": "👦🏻", "cruz": "👩🏽‍🏫", "dee": "🧑🏾‍💼", "admin": "👩🏾‍💻", "parent": "👨🏽",
}  # fmt: skip


def practice_lms() -> PracticeLms:
    lms: PracticeLms = current_app.extensions["practice_lms"]
    return lms


@blueprint.app_context_processor
def _shared() -> dict[str, Any]:
    return {"lms": practice_lms(), "district": DISTRICT, "picture": lambda key: PICTURES.get(key, "🧑")}


@blueprint.after_request
def only_our_own(answer: Response) -> Response:
    """Scripts and styles from here only; the one foreign thing is the tool in its frame."""
    policy = f"default-src 'self'; frame-src 'self' {_tool_origin()}; object-src 'none'; base-uri 'none'"
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _tool_origin() -> str:
    parts = urlsplit(practice_lms().tool_url)
    return f"{parts.scheme}://{parts.netloc}"


def _person(key: str) -> Person:
    return practice_lms().world.people.get(key) or abort(404)


def _course(key: str) -> Course:
    return practice_lms().world.courses.get(key) or abort(404)


def _link(key: str) -> Link:
    return practice_lms().world.links.get(key) or abort(404)


@blueprint.get("/")
def home() -> str:
    cast = {person.key for person in CAST}
    everyone = practice_lms().world.people.values()
    others = [person for person in everyone if person.key not in cast]
    return render_template("home.html", cast=[each for each in everyone if each.key in cast], others=others)


@blueprint.get("/people/<person>")
def choose_item(person: str) -> str:
    chosen = _person(person)
    return render_template(
        "person.html", person=chosen, courses=practice_lms().memberships.courses_of(chosen)
    )


@blueprint.get("/people/<person>/<link>")
def course_page(person: str, link: str) -> str:
    opened = _link(link)
    source = url_for("pages.launch", person=person, link=link)
    return _course_page(_person(person), _course(opened.course), opened.title, source, opened.key)


def _course_page(person: Person, course: Course, title: str, source: str, current: str = "") -> str:
    features = "; ".join(f"{feature} {_tool_origin()}" for feature in FRAME_FEATURES)
    return render_template(
        "course_page.html", person=person, course=course, title=title, source=source, current=current,
        features=features, origin=_tool_origin(),
        storage=practice_lms().storage_target if practice_lms().settings.storage == "on" else None,
    )  # fmt: skip


@blueprint.get("/storage")
def storage() -> str:
    """The frame beside the tool's that keeps things for it, at the origin of the authorization endpoint."""
    return render_template("storage.html", origin=_tool_origin())


@blueprint.get("/launch/<person>/<link>")
def launch(person: str, link: str) -> str | AnyResponse:
    """Third-party initiated login; `?method=get` sends it by redirect, as some LMSs do."""
    fields = practice_lms().login_parameters(_person(person), _link(link))
    return _sent(
        FormPost(practice_lms().registration.login_url, fields), by=request.args.get("method", "post")
    )


@blueprint.get("/people/<person>/<link>/review/<learner>")
def review_page(person: str, link: str, learner: str) -> str:
    """The gradebook's cell, opened: the tool shows what this learner handed in."""
    opened, of = _link(link), _person(learner)
    source = url_for("pages.review", person=person, link=link, learner=learner)
    return _course_page(
        _person(person), _course(opened.course), f"{opened.title}: {of.name}", source, opened.key
    )


@blueprint.get("/review/<person>/<link>/<learner>")
def review(person: str, link: str, learner: str) -> str:
    fields = practice_lms().login_parameters(_person(person), _link(link), review_of=_person(learner))
    return _sent(FormPost(practice_lms().registration.login_url, fields))


@blueprint.route("/auth", methods=["GET", "POST"])
def auth() -> str | AnyResponse:
    return _sent(practice_lms().authorize(request.values.to_dict()))


@blueprint.get("/people/<person>/add/<course>")
def add_lessons(person: str, course: str) -> str:
    """The course page with the tool's chooser in the frame (deep linking)."""
    source = url_for("pages.choose", person=person, course=course, placement=request.args.get("placement"))
    return _course_page(_person(person), _course(course), "Add lessons", source)


@blueprint.get("/choose/<person>/<course>")
def choose(person: str, course: str) -> str:
    place = request.args.get("placement", "")
    fields = practice_lms().deep_linking_parameters(_person(person), _course(course), place)
    return _sent(FormPost(practice_lms().registration.login_url, fields))


@blueprint.post("/courses/<course>/deep_links")
def take_deep_links(course: str) -> str | tuple[str, int]:
    lms, where, person = practice_lms(), _course(course), request.args.get("person", "")
    answer = (where, request.form.get("JWT", ""), request.args.get("placement", ""))
    try:
        if lms.personality.saves_by_hand:
            held, chosen = lms.hold_deep_links(*answer)
            if chosen:
                return render_template("to_save.html", course=where, chosen=chosen, held=held, person=person)
            return render_template("added.html", course=where, added=[], person=person)
        added = lms.receive_deep_links(*answer)
    except DeepLinksRefused as refusal:
        return render_template("refused.html", message=f"The lessons were not added: {refusal}."), 400
    return render_template("added.html", course=where, added=added, person=person)


@blueprint.post("/courses/<course>/saved_links")
def save_deep_links(course: str) -> str:
    """The teacher saves what the chooser brought."""
    try:
        added = practice_lms().save_deep_links(request.form.get("held", ""))
    except KeyError:
        abort(404)
    return render_template(
        "added.html", course=_course(course), added=added, person=request.form.get("person", "")
    )


def _sent(form: FormPost, by: str = "post") -> str:
    return render_template("send.html", form=form, method=by if by == "get" else "post")


@blueprint.get("/courses/<course>/return")
def returned(course: str) -> str:
    """Where a tool sends people back to (launch_presentation.return_url)."""
    where = _course(course)
    said = [request.args[name] for name in ("lti_errormsg", "lti_msg") if request.args.get(name)]
    return render_template("returned.html", course=where, said=said)


@blueprint.get("/gradebook")
def gradebook() -> str:
    chosen = request.args.get("course", next(iter(practice_lms().world.courses)))
    course = _course(chosen)
    members = practice_lms().memberships.of(course)
    teacher = next((each.person for each in members if each.role in ("Instructor", "Administrator")), None)
    return render_template(
        "gradebook.html",
        course=course,
        table=gradebook_table(practice_lms(), course),
        teacher=teacher,
        done=request.args.get("done"),
    )


@blueprint.post("/gradebook/<course>")
def enter_grade(course: str) -> AnyResponse:
    """A teacher types a grade into the gradebook, over the tool's or where there is none; nothing clears it."""
    person, gradebook = _person(request.form.get("person", "")), practice_lms().gradebook
    column = gradebook.column_numbered(request.form.get("column", "")) or abort(400)
    if column.course != _course(course).key:
        abort(400)
    score = _points(request.form.get("score", ""))
    gradebook.override(person, column, score)
    said = "no grade" if score is None else f"{score:g} of {column.score_maximum:g}"
    done = f"{person.name} has {said} in “{column.label}” now, by their teacher's hand."
    return redirect(url_for("pages.gradebook", course=course, done=done), 303)


def _points(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        points = float(text)
    except ValueError:
        abort(400)
    return points if 0 <= points <= 10_000 else abort(400)


@blueprint.get("/trouble")
def trouble() -> str:
    recent = list(practice_lms().requests)[-25:][::-1]
    return render_template(
        "trouble.html", presets=PRESETS, storage=STORAGE, recent=recent, done=request.args.get("done")
    )


@blueprint.post("/trouble")
def make_trouble() -> AnyResponse:
    done = make(practice_lms(), request.form.get("what", "")) or abort(400)
    return redirect(url_for("pages.trouble", done=done), 303)


@blueprint.app_errorhandler(RefusedHere)
def refused(refusal: RefusedHere) -> tuple[str, int]:
    return render_template("refused.html", message=str(refusal)), refusal.status


@blueprint.app_errorhandler(404)
def not_found(error: HTTPException) -> tuple[str, int]:
    return render_template("refused.html", message="There is nothing at this address."), 404
