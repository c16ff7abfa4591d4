"""The tables of restricted cases: which cases, and who may know of each."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from bot.storage.columns import metadata, moment, of_newsroom, refers_to

# A case that only those named may know of. `opened_at` is since when none of them leads security any more, so that all
# security leads see it.
case_restrictions = Table(
    "case_restrictions",
    metadata,
    Column("submission_id", BigInteger, ForeignKey("submissions.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("members", "made_by"),
    moment("made_at"),
    moment("opened_at", required=False),
    Index("ix_case_restrictions_newsroom", "newsroom_id"),
)

# Who may know of a restricted case.
restriction_members = Table(
    "restriction_members",
    metadata,
    Column("submission_id", BigInteger, ForeignKey("submissions.id"), primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("members", "added_by"),
    moment("added_at"),
    Index("ix_restriction_members_member", "newsroom_id", "member_id"),
)
