"""What a person's network says of them, and an audit log whose links hold each other."""

import sqlalchemy as sa
from alembic import op

from kring.store.chain import linked
from kring.store.claims import tell_the_gate

revision = "0003"
down_revision = "0002"
STANCE = """CREATE VIEW stance AS WITH latest AS (
 SELECT coalesce(s.person, c.who) AS person, coalesce(nullif(c.scope, ''), 'all') AS scope, c.answer, c.evidence, c.at, max(c.node) AS consent
 FROM consent c LEFT JOIN same_person s ON s.account = c.who GROUP BY 1, 2)
 SELECT coalesce(s.account, l.person) AS who, l.scope, l.answer, l.evidence, l.at, l.consent
 FROM latest l LEFT JOIN same_person s ON s.person = l.person"""
"""What stands of the consent log, for each account of whoever was asked: the latest answer for each scope."""


def upgrade() -> None:
    op.add_column("account", sa.Column("flags", sa.Text(), server_default="", nullable=False))
    op.create_index("consent_who", "consent", ["who"], unique=False)
    op.create_table(
        "same_person",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.execute(STANCE)
    op.create_index("suppression_mac", "suppression", ["mac"], unique=False)
    for name in ("salt", "digest", "link"):
        op.add_column("audit", sa.Column(name, sa.LargeBinary(), nullable=True))
    connection, link = op.get_bind(), b""
    tell_the_gate(connection)
    for node, at, who, what, details in connection.exec_driver_sql("SELECT node, at, who, what, details FROM audit ORDER BY node").all():
        salt, digest, link = linked(link, at, who, what, details)
        connection.exec_driver_sql("UPDATE audit SET salt = ?, digest = ?, link = ? WHERE node = ?", (salt, digest, link, node))
    op.execute("CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END")
    op.execute(
        "CREATE TRIGGER audit_is_as_written BEFORE UPDATE ON audit WHEN OLD.link IS NOT NULL AND (NEW.at, NEW.who, NEW.what, NEW.digest, NEW.link)"
        " IS NOT (OLD.at, OLD.who, OLD.what, OLD.digest, OLD.link) OR NEW.details NOT IN ('', OLD.details)"
        " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
    )
