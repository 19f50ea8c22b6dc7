"""A no stands until it is withdrawn; and how long the audit log is, noted beside it."""

import sqlalchemy as sa
from alembic import op

from kring.store.chain import ERASED, accounting, blanked
from kring.store.ledger import note_audit

revision = "0004"
down_revision = "0003"
STANCE = """CREATE VIEW stance AS WITH own AS (
 SELECT who, coalesce(nullif(scope, ''), 'all') AS scope, answer, evidence, at, max(node) AS consent FROM consent GROUP BY 1, 2),
 heard AS (SELECT coalesce(s.person, o.who) AS person, o.scope, o.answer, o.evidence, o.at, o.consent,
 max(o.consent + CASE o.answer WHEN 'no' THEN 4611686018427387904 ELSE 0 END)
 FROM own o LEFT JOIN same_person s ON s.account = o.who GROUP BY 1, 2)
 SELECT coalesce(s.account, h.person) AS who, h.scope, h.answer, h.evidence, h.at, h.consent
 FROM heard h LEFT JOIN same_person s ON s.person = h.person"""
"""What stands of the consent log, for each account of whoever was asked, in each scope. Of each account the latest answer counts; of these a no
before any other, whichever of the person's accounts it came from; else the latest."""


def upgrade() -> None:
    op.execute("DROP VIEW stance")
    op.execute(STANCE)
    op.create_table(
        "audit_head",
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("node"),
    )
    op.execute(
        "CREATE TRIGGER audit_is_noted AFTER INSERT ON audit WHEN NEW.link IS NOT NULL"
        " BEGIN INSERT OR REPLACE INTO audit_head (node, entries, link)"
        " VALUES (1, 1 + coalesce((SELECT entries FROM audit_head), 0), NEW.link); END"
    )
    connection = op.get_bind()
    connection.exec_driver_sql(
        "INSERT INTO audit_head (node, entries, link) SELECT 1, node, link FROM audit WHERE link IS NOT NULL ORDER BY node DESC LIMIT 1"
    )
    if before := blanked(connection):  # erasures did not say which, until now
        note_audit(connection, ERASED, f"earlier, by erasures that didn't say which: {accounting(before)}")
