"""The application, put together: settings, database, errors, blueprints, commands."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from access.cli import client_group
from access.enforcement_commands import enforcement_group
from access.radius import blueprint as radius
from access.radius_commands import radius_group
from access.removals import learn_of_erasures
from access.setup import set_up_api
from admin.cli import admin_link_command
from admin.editing import blueprint as admin_editing
from admin.entrance import blueprint as admin_entrance
from admin.trying import blueprint as admin_trying
from admin.views import blueprint as admin_pages
from completion.evidence_commands import evidence_group
from completion.evidence_views import blueprint as evidence_pages
from completion.guest_views import blueprint as guest_pages
from completion.merging import best_of_both, count_once, look_again, sign_once
from completion.policy_commands import policy_group
from completion.revocation_commands import revocation_group
from completion.rule_commands import rules_group
from completion.views import blueprint as completion_pages
from core import health
from core.cli import refusals_exit_1
from core.database import connect
from core.http import allow_private_network
from core.language import set_up_language
from core.logs import set_up_logs
from core.metrics import add_level
from core.migrate import not_at_head
from core.problems import set_up_problems
from core.schema_commands import db_group
from core.sealed import use_data_key
from core.settings import Settings
from core.static_files import set_up_static_files
from core.templating import set_up_templates
from core.web import set_up_web
from exchange.cli import curriculum_group
from exchange.views import blueprint as exchange_pages
from feeds.api import part as webhooks
from feeds.behind import feeds_by_state
from feeds.cli import feed_group
from feeds.export_views import blueprint as feeds_export
from feeds.views import blueprint as feeds_pages
from held.notice_views import blueprint as notice_pages
from lessons.choosing_views import blueprint as choosing_pages
from lessons.guide_views import blueprint as guide_pages
from lessons.leaving_views import blueprint as leaving_pages
from lessons.library import nothing_published, title_under
from lessons.paper_views import blueprint as paper_pages
from lessons.public_views import blueprint as public_pages
from lessons.staff_views import blueprint as staff_course_pages
from lessons.views import blueprint as lesson_pages
from lti_tool.canvas_config import blueprint as canvas_config
from lti_tool.cli import keys_group, platform_group
from lti_tool.ladder import blueprint as ladder
from lti_tool.launches import provenance
from lti_tool.merging import one_grade
from lti_tool.registration_views import blueprint as registration
from lti_tool.scores import deliveries_by_state
from lti_tool.views import blueprint as lti
from lti_tool.visits import visits_of
from oversight.people_views import blueprint as oversight_people
from oversight.views import blueprint as oversight_pages
from people.carried import have_pages_carried
from people.cli import district_group
from people.lost_keys import lost_keys
from people.merging import tell, when_both
from people.merging_rules import one_seat
from people.office_commands import audit_group, office_group
from people.sign_in import keep_visit_in_links, signed_in
from people.views import blueprint as people_pages
from personnel.deciding import blueprint as personnel_deciding
from personnel.views import blueprint as personnel_pages
from portal.admin_views import blueprint as portal_admin
from portal.captive_views import blueprint as captive
from portal.commands import portal_group
from portal.views import blueprint as portal_pages
from privacy.audit_views import blueprint as audit_pages
from privacy.departure_commands import leave_command
from privacy.erased import erased_after
from privacy.hold_commands import hold_group
from privacy.person_commands import person_group
from privacy.person_views import blueprint as privacy_person_pages
from privacy.retention_commands import retention_group
from privacy.views import blueprint as privacy_pages
from proof import cli as proof_commands  # noqa: F401  # they join `flask evidence`
from proof.views import blueprint as proof_pages
from quizzes.merging import number_on
from quizzes.refresher_views import blueprint as refresher_pages
from quizzes.views import blueprint as quiz_pages
from reminders.mail_commands import mail_group
from reminders.views import blueprint as mail_pages
from reports.views import blueprint as report_pages
from rosters.api import part as roster_files
from rosters.cli import roster_group
from rosters.views import blueprint as roster_pages
from rulebook.views import blueprint as rulebook_pages
from rulebook.year_views import blueprint as rulebook_year
from teaching.about_views import children_pages, submission_pages
from teaching.dates_views import blueprint as dates_pages
from teaching.pupil_views import blueprint as pupil_pages
from teaching.reteaching_views import blueprint as reteaching_pages
from teaching.together_views import blueprint as together_pages
from teaching.views import blueprint as teaching_pages
from visitors.commands import visitors_group
from visitors.office_views import blueprint as visitors_desk
from visitors.views import blueprint as visitor_pages
from worker import worker_command

BLUEPRINTS = (
    health.blueprint,
    people_pages,
    lti,
    ladder,
    registration,
    canvas_config,
    lesson_pages,
    staff_course_pages,
    leaving_pages,
    guide_pages,
    paper_pages,
    public_pages,
    notice_pages,
    privacy_pages,
    privacy_person_pages,
    audit_pages,
    choosing_pages,
    quiz_pages,
    refresher_pages,
    exchange_pages,
    completion_pages,
    guest_pages,
    evidence_pages,
    roster_pages,
    personnel_pages,
    personnel_deciding,
    proof_pages,
    report_pages,
    teaching_pages,
    together_pages,
    reteaching_pages,
    pupil_pages,
    dates_pages,
    admin_entrance,
    admin_pages,
    admin_trying,
    admin_editing,
    mail_pages,
    children_pages,
    submission_pages,
    oversight_pages,
    oversight_people,
    radius,
    captive,
    portal_pages,
    portal_admin,
    visitor_pages,
    visitors_desk,
    rulebook_year,
    rulebook_pages,
    feeds_export,
    feeds_pages,
)
COMMANDS = (
    db_group,
    district_group,
    office_group,
    audit_group,
    hold_group,
    person_group,
    retention_group,
    platform_group,
    keys_group,
    evidence_group,
    policy_group,
    client_group,
    rules_group,
    revocation_group,
    enforcement_group,
    feed_group,
    radius_group,
    portal_group,
    visitors_group,
    curriculum_group,
    roster_group,
    mail_group,
    admin_link_command,
    worker_command,
)


def introduce_merging_rules() -> None:
    """What gives way in each package's tables when two records of one person are put together."""
    when_both("enrollment", one_seat)
    when_both("progress", best_of_both)
    when_both("evidence", count_once)
    when_both("attestation", sign_once)
    when_both("attempt", number_on)
    when_both("score_delivery", one_grade)
    tell(look_again)


def create_app(settings: Settings) -> Flask:
    """The whole service as one WSGI application."""
    set_up_logs(settings.log_format)
    use_data_key(settings.data_key, settings.data_keys_old, settings.fingerprint_key)
    allow_private_network(settings.allow_private_network)
    connect(settings.database_url)

    app = Flask(
        "digital_citizenship",
        root_path=str(Path(__file__).parent),
        static_folder=None,
        template_folder="core/templates",
    )
    app.config["SETTINGS"] = settings
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    set_up_web(app, settings)
    set_up_templates(app)
    set_up_language(app, signed_in)
    set_up_problems(app)
    keep_visit_in_links(app)
    have_pages_carried(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    set_up_api(app, webhooks, roster_files)
    set_up_static_files(app)
    introduce_merging_rules()
    # A signature records the launch it was made in, and completion knows no LTI: the front door introduces them.
    app.extensions["provenance"] = provenance
    app.extensions["visits_of"] = visits_of
    # It knows no lessons either, and a certificate's check says what the lesson was called.
    app.extensions["part_title"] = title_under
    learn_of_erasures(erased_after)  # readers of standings hear of it; who erases stands above them
    add_level("feeds", "Feeds by how they stand.", "state", feeds_by_state)
    add_level("score_deliveries", "Scores by how far they got.", "state", deliveries_by_state)
    health.add_check("migrations", not_at_head)
    health.add_check("keys", lost_keys)
    health.add_check("curriculum", nothing_published)
    district_group.add_command(leave_command)
    for command in COMMANDS:
        refusals_exit_1(command)
        app.cli.add_command(command)
    return app
