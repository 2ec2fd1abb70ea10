"""Join IT's interface to the application, and describe it (OpenAPI 3.1)."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, misc"

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template
from flask_smorest import Api

from access import api as standings
from access import events_api, oauth, records_api
from access.description import DESCRIPTION, completed, openapi
from access.schemas import ProblemSchema, RemovedSchema
from core.interface import Part
from core.language import speak
from people.bearer import say_allowances
from people.sign_in import anyone

docs = Blueprint("api_docs", __name__, template_folder="templates")
docs.before_request(anyone)


class PlainApi(Api):
    """flask-smorest without its error pages: it would answer for the whole application, and drop Allow from 405.

    core.problems answers for everything, and access.api says which parameter was wrong.
    """

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        return None


def set_up_api(app: Flask, *parts: Part) -> None:
    """Join the blueprints, also of other floors; what they are stands in app.extensions["openapi"]."""
    app.config.update(API_TITLE="Standings", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = PlainApi(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    api.spec.components.schema("Removed", schema=RemovedSchema)
    ours = (standings.blueprint, events_api.blueprint, records_api.blueprint)
    for blueprint in (*ours, *(part.blueprint for part in parts)):
        api.register_blueprint(blueprint)
    app.register_blueprint(oauth.blueprint)
    say_allowances(app)
    app.register_blueprint(docs)
    app.extensions["openapi"] = completed(api.spec.to_dict(), parts)


@docs.get("/api/v1/openapi.json")
def openapi_json() -> Response:
    return jsonify(openapi(current_app))


@docs.get("/api/docs")
def page() -> str:
    speak("en")  # the interface is described in English only, and the page says so truly
    return render_template("access/docs.html", page_name="api-docs", band="staff", spec=openapi(current_app))
