"""Everything the class page knows of its learners, in one query whatever the size of the class."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from completion.class_dates import ClassDates
from completion.group import GROUP
from completion.models import Evidence, Progress
from core.database import db
from core.sealed import unseal
from lti_tool.models import Context, ResourceLink, ScoreDelivery
from people.models import Enrollment, SchoolYear
from teaching.class_view import ClassView, Column, SeatRow, class_view


def read_class(
    classroom_id: int, columns: Sequence[Column], year: SchoolYear, dates: ClassDates
) -> ClassView:
    """The learners of one classroom in these columns, in one school year."""
    if not columns:
        return ClassView((), (), ())
    rows = _unsealed(db.execute(_learners_by_columns(classroom_id, columns, year)))
    return class_view(columns, rows, dates)


def _learners_by_columns(
    classroom_id: int, columns: Sequence[Column], year: SchoolYear
) -> sa.Select[*tuple[Any, ...]]:
    wanted = (
        sa.values(sa.column("part", sa.String), sa.column("target", sa.String), name="wanted")
        .data([(column.part, column.target) for column in columns])
        .cte("wanted")
    )
    gradebook = _gradebook_columns(classroom_id)
    return (
        sa.select(
            Enrollment.id,
            # Still sealed: a name stands in as many rows as there are columns and is opened once.
            sa.type_coerce(Enrollment.display_name, sa.Text),
            Enrollment.left_at,
            wanted.c.target,
            Progress.begun_at,
            Progress.best_score,
            Progress.done_at,
            ScoreDelivery.id,
            ScoreDelivery.state,
            ScoreDelivery.sent_at,
            ScoreDelivery.problem,
            _led_through_it(wanted.c.part, year),
        )
        .select_from(Enrollment)
        .join(wanted, sa.true())
        .outerjoin(
            Progress,
            sa.and_(
                Progress.person_id == Enrollment.person_id,
                Progress.school_year_id == year.id,
                Progress.part == wanted.c.part,
            ),
        )
        .outerjoin(gradebook, gradebook.c.target == wanted.c.target)
        .outerjoin(
            ScoreDelivery,
            sa.and_(
                ScoreDelivery.line_item_id == gradebook.c.line_item_id,
                ScoreDelivery.person_id == Enrollment.person_id,
                # A column coupled to its link outlives the summer; last year's grade is no news.
                ScoreDelivery.scored_at >= year.starts_at,
            ),
        )
        .where(Enrollment.classroom_id == classroom_id, Enrollment.role == "learner")
        .order_by(Enrollment.id, ScoreDelivery.id)
    )


def _led_through_it(part: sa.ColumnElement[str], year: SchoolYear) -> sa.Exists:
    """Whether the learner was there when a teacher took this part with the class."""
    return (
        sa.select(Evidence.id)
        .where(
            Evidence.person_id == Enrollment.person_id,
            Evidence.part == part,
            Evidence.school_year_id == year.id,
            Evidence.kind == GROUP,
            Evidence.voided_at.is_(None),
        )
        .exists()
    )


def _gradebook_columns(classroom_id: int) -> sa.Subquery:
    """(target, line item) of the links that stand in this classroom; two links may share one column."""
    return (
        sa.select(ResourceLink.target, ResourceLink.line_item_id)
        .join(Context, Context.id == ResourceLink.context_pk)
        .where(Context.classroom_id == classroom_id, ResourceLink.line_item_id.is_not(None))
        .distinct()
        .subquery("gradebook")
    )


def _unsealed(rows: Iterable[Sequence[Any]]) -> Iterator[SeatRow]:
    seat: int | None = None
    name: str | None = None
    for row in rows:
        if row[0] != seat:
            seat, name = row[0], row[1] and unseal(row[1])
        yield SeatRow(row[0], name, *row[2:])
