"""The first tables: newsrooms and people, inbox and outbox, submissions, comments, accounts, photos, threats."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Build every table of the first version."""
    op.create_table(
        "newsrooms",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("limits", JSON, nullable=False),
        sa.Column("case_counter", sa.BigInteger(), nullable=False),
        sa.Column("threat_counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsrooms")),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_history_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index("ix_history_subject", "history", ["newsroom_id", "subject", "subject_id"], unique=False)
    op.create_table(
        "inbox_updates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("chat_key", sa.BigInteger(), nullable=False),
        sa.Column("media_group", sa.String(length=64), nullable=True),
        sa.Column("loose", sa.Boolean(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_inbox_updates_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_updates")),
        sa.UniqueConstraint("bot_id", "update_id", "identity", name=op.f("uq_inbox_updates_bot_id_update_id_identity")),
    )
    op.create_index("ix_inbox_updates_chat", "inbox_updates", ["chat_key", "state"], unique=False)
    op.create_index("ix_inbox_updates_state", "inbox_updates", ["state", "id"], unique=False)
    op.create_table(
        "invites",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("expiry_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_invites_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invites_token_hash")),
    )
    op.create_table(
        "outbox_chats",
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_outbox_chats_newsroom_id")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_outbox_chats")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_outbox_messages_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    op.create_index("ix_outbox_messages_state", "outbox_messages", ["state", "priority", "id"], unique=False)
    op.create_index(
        "uq_outbox_messages_waiting_key",
        "outbox_messages",
        ["newsroom_id", "key"],
        unique=True,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("roles", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invite_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["invite_id"], ["invites.id"], name=op.f("fk_members_invite_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_members_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("newsroom_id", "telegram_id", name=op.f("uq_members_newsroom_id_telegram_id")),
    )
    op.create_index("ix_members_telegram_id", "members", ["telegram_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("handle", sa.String(length=100), nullable=True),
        sa.Column("handle_key", sa.String(length=100), nullable=True),
        sa.Column("numeric_id", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("farm", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("batch", sa.String(length=200), nullable=True),
        sa.Column("listed_by", sa.BigInteger(), nullable=True),
        sa.Column("lister", sa.String(length=128), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["listed_by"], ["members.id"], name=op.f("fk_accounts_listed_by")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_accounts_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "newsroom_id", "platform", "handle_key", name=op.f("uq_accounts_newsroom_id_platform_handle_key")
        ),
    )
    op.create_index("ix_accounts_batch", "accounts", ["newsroom_id", "batch"], unique=False)
    op.create_index("ix_accounts_changed", "accounts", ["newsroom_id", "changed_at"], unique=False)
    op.create_index("ix_accounts_numeric_id", "accounts", ["newsroom_id", "platform", "numeric_id"], unique=False)
    op.create_table(
        "dialogs",
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_dialogs_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_dialogs_newsroom_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_dialogs")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=True),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_staff_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_staff_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("newsroom_id", "kind", "name", name=op.f("uq_staff_newsroom_id_kind_name")),
    )
    op.create_table(
        "account_names",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_names_account_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_names_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_names")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_account_names_account_id_name")),
    )
    op.create_index("ix_account_names_key", "account_names", ["newsroom_id", "name_key"], unique=False)
    op.create_table(
        "account_rulings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("ruling", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_rulings_account_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_account_rulings_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_rulings_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_rulings")),
    )
    op.create_index("ix_account_rulings_account", "account_rulings", ["account_id", "live"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("first_message_id", sa.BigInteger(), nullable=False),
        sa.Column("media_group", sa.String(length=64), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settles_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_submissions_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_submissions_newsroom_id")),
        sa.ForeignKeyConstraint(["target_id"], ["staff.id"], name=op.f("fk_submissions_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_submissions_newsroom_id_number")),
    )
    op.create_index("ix_submissions_member", "submissions", ["newsroom_id", "member_id", "id"], unique=False)
    op.create_index("ix_submissions_settled", "submissions", ["settled", "settles_at"], unique=False)
    op.create_table(
        "photos",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_photos_account_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_photos_newsroom_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_photos_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    op.create_index("ix_photos_account", "photos", ["account_id"], unique=False)
    op.create_index("ix_photos_sha256", "photos", ["newsroom_id", "sha256"], unique=False)
    op.create_index("ix_photos_submission", "photos", ["submission_id"], unique=False)
    op.create_index("ix_photos_withdrawn", "photos", ["withdrawn_at"], unique=False)
    op.create_table(
        "rulings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_rulings_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_rulings_newsroom_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_rulings_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index("ix_rulings_submission", "rulings", ["submission_id"], unique=False)
    op.create_table(
        "submission_accounts",
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_submission_accounts_account_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_submission_accounts_newsroom_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_accounts_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "account_id", name=op.f("pk_submission_accounts")),
    )
    op.create_index("ix_submission_accounts_account", "submission_accounts", ["account_id"], unique=False)
    op.create_table(
        "submission_parts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=True),
        sa.Column("origin", JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("file_unique_id", sa.String(length=64), nullable=True),
        sa.Column("finding", JSON, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_submission_parts_newsroom_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_submission_parts_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_parts")),
        sa.UniqueConstraint(
            "newsroom_id", "chat_id", "message_id", name=op.f("uq_submission_parts_newsroom_id_chat_id_message_id")
        ),
    )
    op.create_index("ix_submission_parts_submission", "submission_parts", ["submission_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("part_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("text_key", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=True),
        sa.Column("handle", sa.String(length=100), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.Column("author_key", sa.String(length=220), nullable=True),
        sa.Column("post", sa.String(length=500), nullable=True),
        sa.Column("batch", sa.String(length=200), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_comments_newsroom_id")),
        sa.ForeignKeyConstraint(["part_id"], ["submission_parts.id"], name=op.f("fk_comments_part_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_comments_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_source", "comments", ["newsroom_id", "source"], unique=False)
    op.create_index("ix_comments_submission", "comments", ["submission_id"], unique=False)
    op.create_index("ix_comments_text_key", "comments", ["newsroom_id", "text_key"], unique=False)
    op.create_index("ix_comments_withdrawn", "comments", ["withdrawn_at"], unique=False)
    op.create_table(
        "threats",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("part_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("imminent", sa.Boolean(), nullable=False),
        sa.Column("targets", JSON, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_threats_newsroom_id")),
        sa.ForeignKeyConstraint(["part_id"], ["submission_parts.id"], name=op.f("fk_threats_part_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_threats_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threats")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_threats_newsroom_id_number")),
        sa.UniqueConstraint("part_id", name=op.f("uq_threats_part_id")),
    )


def downgrade() -> None:
    """Take them down again."""
    op.drop_table("threats")
    op.drop_index("ix_comments_withdrawn", table_name="comments")
    op.drop_index("ix_comments_text_key", table_name="comments")
    op.drop_index("ix_comments_submission", table_name="comments")
    op.drop_index("ix_comments_source", table_name="comments")
    op.drop_table("comments")
    op.drop_index("ix_submission_parts_submission", table_name="submission_parts")
    op.drop_table("submission_parts")
    op.drop_index("ix_submission_accounts_account", table_name="submission_accounts")
    op.drop_table("submission_accounts")
    op.drop_index("ix_rulings_submission", table_name="rulings")
    op.drop_table("rulings")
    op.drop_index("ix_photos_withdrawn", table_name="photos")
    op.drop_index("ix_photos_submission", table_name="photos")
    op.drop_index("ix_photos_sha256", table_name="photos")
    op.drop_index("ix_photos_account", table_name="photos")
    op.drop_table("photos")
    op.drop_index("ix_submissions_settled", table_name="submissions")
    op.drop_index("ix_submissions_member", table_name="submissions")
    op.drop_table("submissions")
    op.drop_index("ix_account_rulings_account", table_name="account_rulings")
    op.drop_table("account_rulings")
    op.drop_index("ix_account_names_key", table_name="account_names")
    op.drop_table("account_names")
    op.drop_table("staff")
    op.drop_table("dialogs")
    op.drop_index("ix_accounts_numeric_id", table_name="accounts")
    op.drop_index("ix_accounts_changed", table_name="accounts")
    op.drop_index("ix_accounts_batch", table_name="accounts")
    op.drop_table("accounts")
    op.drop_index("ix_members_telegram_id", table_name="members")
    op.drop_table("members")
    op.drop_index(
        "uq_outbox_messages_waiting_key",
        table_name="outbox_messages",
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
    op.drop_index("ix_outbox_messages_state", table_name="outbox_messages")
    op.drop_table("outbox_messages")
    op.drop_table("outbox_chats")
    op.drop_table("invites")
    op.drop_index("ix_inbox_updates_state", table_name="inbox_updates")
    op.drop_index("ix_inbox_updates_chat", table_name="inbox_updates")
    op.drop_table("inbox_updates")
    op.drop_index("ix_history_subject", table_name="history")
    op.drop_table("history")
    op.drop_table("newsrooms")
