"""A district's retention schedule: read it, change it within bounds."""

import sqlalchemy as sa

from core.database import db, insert_for
from core.errors import ToolError
from core.messages import N_
from held.kinds import KINDS
from held.models import RetentionTerm
from held.terms import Term, is_shorter, read_term
from people.audit import Actor, record
from people.models import District


class NoSuchKind(ToolError):
    status, code = 422, "no_such_kind"


class OutOfBounds(ToolError):
    status, code = 409, "out_of_bounds"


def terms_of(district_id: int) -> dict[str, Term]:
    """{kind: term}, one query."""
    own = dict(
        db.execute(sa.select(RetentionTerm.kind, RetentionTerm.term).filter_by(district_id=district_id)).all()
    )
    return {kind: read_term(own[kind]) if kind in own else rule.default for kind, rule in KINDS.items()}


def set_term(district: District, kind: str, text: str, actor: Actor) -> tuple[Term, Term]:
    """(before, after). Raises NoSuchKind, OddTerm, OutOfBounds."""
    if kind not in KINDS:
        raise NoSuchKind(N_("The kinds are: %(kinds)s.", kinds=", ".join(KINDS)), field="kind")
    rule, term = KINDS[kind], read_term(text)
    if is_shorter(term, rule.least) or is_shorter(rule.most, term):
        raise OutOfBounds(
            N_(
                "%(kind)s may be kept from %(least)s to %(most)s.",
                kind=kind,
                least=str(rule.least),
                most=str(rule.most),
            ),
            field="term",
        )
    before = terms_of(district.id)[kind]
    if term != before:
        statement = insert_for(RetentionTerm).values(district_id=district.id, kind=kind, term=str(term))
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["district_id", "kind"], set_={"term": statement.excluded.term}
            )
        )
        record(district.id, actor, "retention_set", f"retention:{kind}", before=str(before), after=str(term))
    return before, term
