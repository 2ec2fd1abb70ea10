"""The inventory: every table with rows about people, and every column of it.

A new table or column that belongs here makes tests/held/test_inventory.py fail until it is named: then the export
shows it, erasing and purging reach it, and the public notice says it.
"""

from held.shape import Held

YEAR = "school_year_id"

OF_PEOPLE = (
    Held("person", "number", ("public_id", "audience", "language"), about="id", kind="person", evidence=True),
    Held("identity", "names", ("scheme", "issuer", "fingerprint", "value", "source"), kind="person", evidence=True),
    Held("claimed_name", "names", ("scheme", "fingerprint", "value", "why"), kind="person"),
    Held("not_ours", "decisions", (), by=("decided_by",), kind="person"),
    Held(
        "person_merge",
        "names",
        ("by", "moved", "changed", "undone_at", "undone_by"),
        about="kept_id",
        by=("gone_id",),
        kind="person",
        evidence=True,
    ),
    Held("roster_key_change", "class", ("source", "modified_at"), kind="person"),
    Held(
        "roster_import",
        "decisions",
        ("source", "version", "bulk", "sha256", "state", "counts", "expires_at"),
        about="approved_by",
        secret=("token_hash",),
        period=("created_at",),
        evidence=True,
    ),
    Held("enrollment", "class", ("classroom_id", "role", "display_name", "left_at"), kind="person"),
    Held(
        "roster_interval",
        "class",
        ("building_id", "audience", "job", "grade", "starts_at", "ends_at", "source"),
        period=("ends_at",),
        evidence=True,
    ),
    Held("office", "duties", ("office", "building_id"), kind="person"),
    Held(
        "legal_hold",
        "duties",
        ("public_id", "matter", "building_id", "placed_by", "placed_at", "lifted_by", "lifted_at"),
        kind="person",
    ),
    Held(
        "sign_in",
        "visit",
        (
            "classroom_id", "role", "locale", "return_url", "document_target", "about", "framed_by", "expires_at",
        ),
        secret=("key", "browser_hash"),
        kind="sign_ins",
    ),
)  # fmt: skip

OF_THE_LEDGER = (
    Held(
        "assignment",
        "asked",
        ("requirement_id", YEAR, "assigned_at", "due_at", "grace_until", "basis", "joined_at"),
        period=(YEAR,),
        evidence=True,
    ),
    Held("review", "asked", ("requirement_id", "facts", "seen", "due_at"), kind="person"),
    Held("progress", "lessons", (YEAR, "part", "begun_at", "best_score", "done_at"), period=(YEAR,)),
    Held(
        "evidence",
        "evidence",
        (
            "public_id", YEAR, "part", "kind", "version", "score", "shown_at", "source", "voided_at", "void_reason",
            "code", "jws",
        ),
        by=("voided_by",),
        period=(YEAR,),
        evidence=True,
    ),
    Held(
        "attestation",
        "evidence",
        (
            "public_id", YEAR, "policy_text_id", "intent", "typed_name", "signed_at", "provenance", "voided_at", "jws",
        ),
        period=(YEAR,),
        evidence=True,
    ),
    Held(
        "paper_signature",
        "evidence",
        ("public_id", YEAR, "edition_id", "signed_on", "state", "decided_at"),
        by=("entered_by", "decided_by"),
        period=(YEAR,),
        evidence=True,
    ),
    Held(
        "equivalent",
        "evidence",
        (YEAR, "requirement_id", "course", "taken_on"),
        by=("accepted_by",),
        period=(YEAR,),
        evidence=True,
    ),
    Held(
        "visit",
        "evidence",
        ("building_id", "under_code", "signed_at", "valid_until"),
        about="attestation_id",
        parent="attestation",
        secret=("form_hash",),
        period=(YEAR,),
        evidence=True,
    ),
    Held("declined", "evidence", (YEAR, "edition_id", "declined_at"), period=(YEAR,), evidence=True),
    Held(
        "exemption",
        "decisions",
        ("public_id", "requirement_id", "starts_at", "ends_at", "reason_code", "recorded_by", "ended_at", "ended_by"),
        by=("approved_by",),
        period=("ends_at",),
        evidence=True,
    ),
    Held(
        "extension",
        "decisions",
        (
            "public_id", YEAR, "requirement_id", "part", "due_at", "grace_until", "reason_code", "given_at", "ended_at",
            "ended_by",
        ),
        by=("given_by",),
        period=(YEAR,),
        evidence=True,
    ),
    Held(
        "revocation",
        "decisions",
        (
            "public_id", "starts_at", "ends_at", "reason_code", "emergency", "recorded_by", "review_due_at",
            "reinstated_at", "reinstated_by", "conditions_code", "lapsed_at",
        ),
        by=("decided_by",),
        period=("reinstated_at", "lapsed_at", "ends_at"),
        evidence=True,
    ),
)  # fmt: skip

OF_LESSONS = (
    Held(
        "lesson_visit",
        "lessons",
        (YEAR, "lesson_id", "version_id", "step", "furthest", "finished_at", "lang", "away_at"),
        period=(YEAR,),
    ),
    Held("staff_choice", "lessons", (YEAR, "job", "path", "whats_new_read"), period=(YEAR,)),
    Held(
        "opt_out",
        "lessons",
        (YEAR, "lesson_id", "reason", "set_at", "ended_at"),
        by=("set_by", "ended_by"),
        period=(YEAR,),
    ),
    Held(
        "attempt",
        "answers",
        (
            "public_id", YEAR, "lesson_id", "version_id", "number", "lang", "job", "seed", "draw", "started_at",
            "submitted_at", "score", "passed",
        ),
        period=(YEAR,),
    ),
    Held(
        "response",
        "answers",
        ("item_id", "answer", "points", "saved_at"),
        about="attempt_id",
        parent="attempt",
        kind="quiz_answers",
        period=(YEAR,),
    ),
    Held(
        "group_session",
        "evidence",
        ("public_id", "classroom_id", YEAR, "lesson_id", "version_id", "held_on", "undone_at"),
        about="led_by",
        period=(YEAR,),
        evidence=True,
    ),
)  # fmt: skip

OF_THE_NETWORK = (
    Held(
        "standing",
        "access",
        (
            "requirement", "audience", "period", "state", "access", "would_be", "reason", "completed_at",
            "valid_until", "due_at", "grace_until", "next_change_at", "policy_version", "evidence", "seq", "changed_at",
        ),
        kind="person",
    ),
    Held(
        "standing_change",
        "access",
        ("seq", "requirement", "state", "access", "reason", "previous_state", "previous_access", "at"),
        period=("at",),
    ),
)  # fmt: skip

OF_REMINDERS = (
    Held(
        "reminder_letter",
        "asked",
        ("day", "message_id", "state", "due_at", "tries", "leased_until", "leased_by", "sent_at", "problem"),
        period=("created_at",),
    ),
    Held("reminder", "asked", ("letter_id", "kind", "subject", "detail"), period=("created_at",)),
    Held("refused_address", "names", ("fingerprint", "answer", "refused_at"), kind="person"),
)

OF_THE_LMS = (
    Held("launch", "gradebook", ("platform_id", "resource_link_id", "sign_in_id"), period=("created_at",)),
    Held(
        "score_delivery",
        "gradebook",
        (
            "platform_id", "line_item_id", "score", "scored_at", "wanted", "sent", "sent_score", "offered", "state",
            "due_at", "tries", "leased_until", "leased_by", "sent_at", "problem",
        ),
        period=("scored_at",),
    ),
    Held(
        "deep_linking_request",
        "visit",
        (
            "platform_id", "deployment_pk", "context_pk", "accept_types", "accept_targets", "accept_multiple",
            "accept_lineitem", "picked", "answered_at",
        ),
        about="sign_in_id",
        parent="sign_in",
        secret=("return_url", "data"),
        kind="sign_ins",
    ),
)  # fmt: skip

INVENTORY: dict[str, Held] = {
    each.table: each
    for each in (*OF_PEOPLE, *OF_THE_LEDGER, *OF_LESSONS, *OF_THE_NETWORK, *OF_REMINDERS, *OF_THE_LMS)
}

NO_RECORDS = {
    "audit_entry": "actors and subjects are public ids in a chain that can not be cut; shown with the export",
    "disclosure": "readers and subjects are public ids; shown with the export",
    "quarantined_row": "rows of a roster file that could be two people, sealed; the next import replaces them",
    "erasure": "the certificate that the rest is gone, under a number that opens nothing",
    "delivered": "counts without a person",
    "visit_code": "who made it is a public id; what was signed under it stands with the signature",
    "evidence_pack": "who asked is a public id; it says nothing of anybody else",
    "evidence_pack_piece": "a file for auditors, sealed, gone after days",
}
"""Tables that speak of people without pointing at one, and why erasing leaves them."""
