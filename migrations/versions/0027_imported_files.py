"""Imported files, and what each said of which row: so that a file can be withdrawn whole."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_WITHDRAWN = ("actors", "posts", "ads")


def upgrade() -> None:
    """Add the tables. What is there counts as before: of it nobody can say any more which file said what."""
    op.create_table(
        "imported_files",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("noun", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("importer", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_imported_files_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_files")),
        sa.UniqueConstraint("newsroom_id", "noun", "name", name=op.f("uq_imported_files_newsroom_id_noun_name")),
    )
    op.create_index("ix_imported_files_sha256", "imported_files", ["newsroom_id", "noun", "sha256"])
    op.create_table(
        "imported_sayings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("noun", sa.String(8), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("said", _JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_imported_sayings_newsroom_id")),
        sa.ForeignKeyConstraint(["file_id"], ["imported_files.id"], name=op.f("fk_imported_sayings_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_sayings")),
    )
    op.create_index("ix_imported_sayings_row", "imported_sayings", ["newsroom_id", "noun", "row_id"])
    op.create_index("ix_imported_sayings_file", "imported_sayings", ["file_id"])
    for table in _WITHDRAWN:
        op.add_column(table, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away again; what was withdrawn then counts again, as nothing says any more that it does not."""
    for table in reversed(_WITHDRAWN):
        op.drop_column(table, "withdrawn_at")
    op.drop_table("imported_sayings")
    op.drop_table("imported_files")
