"""What a person's network says of them, and an audit log whose links hold each other."""

import sqlalchemy as sa
from alembic import op

from kring.store.chain import linked

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("account", sa.Column("flags", sa.Text(), server_default="", nullable=False))
    op.create_index("consent_who", "consent", ["who"], unique=False)
    op.create_index("suppression_mac", "suppression", ["mac"], unique=False)
    for name in ("salt", "digest", "link"):
        op.add_column("audit", sa.Column(name, sa.LargeBinary(), nullable=True))
    connection, link = op.get_bind(), b""
    for node, at, who, what, details in connection.exec_driver_sql("SELECT node, at, who, what, details FROM audit ORDER BY node").all():
        salt, digest, link = linked(link, at, who, what, details)
        connection.exec_driver_sql("UPDATE audit SET salt = ?, digest = ?, link = ? WHERE node = ?", (salt, digest, link, node))
    op.execute("CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END")
    op.execute(
        "CREATE TRIGGER audit_is_as_written BEFORE UPDATE ON audit WHEN OLD.link IS NOT NULL AND (NEW.at, NEW.who, NEW.what, NEW.digest, NEW.link)"
        " IS NOT (OLD.at, OLD.who, OLD.what, OLD.digest, OLD.link) OR NEW.details NOT IN ('', OLD.details)"
        " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
    )
