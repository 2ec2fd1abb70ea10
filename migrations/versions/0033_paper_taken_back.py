"""Who entered a paper signature may take it back before anybody has confirmed it."""

from alembic import op

revision = "0033"
down_revision = "0032"

TABLE = "paper_signature"
STATES, HANDS = "ck_paper_signature_state_is_known", "ck_paper_signature_two_people_see_it"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as changed:
        changed.drop_constraint(op.f(STATES), type_="check")
        changed.drop_constraint(op.f(HANDS), type_="check")
        changed.create_check_constraint(
            op.f(STATES), "state IN ('waiting', 'confirmed', 'sent_back', 'taken_back')"
        )
        changed.create_check_constraint(op.f(HANDS), "(state = 'taken_back') = (decided_by = entered_by)")


def downgrade() -> None:
    # What its author took back was waiting before, and must not wait again; it counted for nothing at any time.
    op.execute("DELETE FROM paper_signature WHERE state = 'taken_back'")
    with op.batch_alter_table(TABLE) as changed:
        changed.drop_constraint(op.f(STATES), type_="check")
        changed.drop_constraint(op.f(HANDS), type_="check")
        changed.create_check_constraint(op.f(STATES), "state IN ('waiting', 'confirmed', 'sent_back')")
        changed.create_check_constraint(op.f(HANDS), "decided_by <> entered_by")
