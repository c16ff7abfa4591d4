"""Which rows are kept from a viewer: the one condition of need to know, and what follows from it in each table."""

from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.spike import SeriesKind
from bot.model.viewer import Viewer
from bot.storage.columns import Json
from bot.storage.tables import (
    alarms,
    campaign_pictures,
    campaigns,
    case_restrictions,
    comments,
    members,
    restriction_members,
    submission_parts,
    submissions,
    texts,
    threats,
)

#: The columns of a table, or of an alias of it.
Row = Any
Ids = sa.Select[Any]
#: A campaign is named after a text: what it is called where that may be a restricted one.
UNNAMED: Final = "…"


def active_leads() -> sa.ColumnElement[bool]:
    """Of a joined member: whether they lead security now."""
    return sa.and_(members.c.status == MemberStatus.ACTIVE.value, members.c.roles.like(f"%{Role.SECURITY.value}%"))


def led(submission_id: Any) -> sa.ColumnElement[bool]:
    """Whether somebody who is named of a restricted case leads security now."""
    n = restriction_members.c
    named = sa.select(1).select_from(restriction_members).join(members, members.c.id == n.member_id)
    return (
        named.where(n.submission_id == submission_id, active_leads())
        .correlate_except(restriction_members, members)
        .exists()
    )


class Hidden:
    """The rows that a viewer may not see; each property selects ids, as far down as a statement needs them."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    @cached_property
    def records(self) -> Ids:
        """Submissions of restricted cases that do not name the viewer: of these nothing at all is seen."""
        r, n, viewer = case_restrictions.c, restriction_members.c, self._viewer
        named = sa.exists().where(n.submission_id == r.submission_id, n.member_id == viewer.member_id)
        shut = sa.select(r.submission_id).where(r.newsroom_id == viewer.newsroom_id)
        if viewer.member_id is not None:
            shut = shut.where(~named)
        return shut.where(led(r.submission_id)) if viewer.leads else shut

    @cached_property
    def cases(self) -> Ids:
        """The same without those that the viewer sent in: they know what they sent."""
        if self._viewer.member_id is None:
            return self.records
        s = submissions.alias().c
        own = sa.select(s.id).where(s.newsroom_id == self._viewer.newsroom_id, s.member_id == self._viewer.member_id)
        return self.records.where(case_restrictions.c.submission_id.not_in(own))

    @cached_property
    def threats(self) -> Ids:
        """Records that were first seen in one of them."""
        t = threats.alias().c
        return sa.select(t.id).where(t.submission_id.in_(self.records))

    @cached_property
    def alarms(self) -> Ids:
        """Alarms of such records."""
        t = alarms.alias().c
        return sa.select(t.id).where(t.threat_id.in_(self.threats))

    @cached_property
    def incidents(self) -> Ids:
        """Incidents in which there are such records and no other."""
        t, other = threats.alias().c, threats.alias().c
        seen = sa.exists().where(other.incident_id == t.incident_id, other.submission_id.not_in(self.records))
        return sa.select(t.incident_id).where(t.submission_id.in_(self.records), t.incident_id.is_not(None), ~seen)

    @cached_property
    def texts(self) -> Ids:
        """Keys of the texts that stand in such cases and nowhere else."""
        c, other = comments.alias().c, comments.alias().c
        seen = sa.exists().where(
            other.newsroom_id == c.newsroom_id,
            other.text_key == c.text_key,
            sa.or_(other.submission_id.is_(None), other.submission_id.not_in(self.cases)),
        )
        return sa.select(c.text_key).where(c.submission_id.in_(self.cases), ~seen)

    @cached_property
    def tainted(self) -> Ids:
        """Campaigns that have something of such a case."""
        t, c, p = texts.alias().c, comments.alias().c, campaign_pictures.alias().c
        told = sa.select(t.campaign_id).where(
            c.submission_id.in_(self.cases),
            t.newsroom_id == c.newsroom_id,
            t.text_key == c.text_key,
            t.campaign_id.is_not(None),
        )
        shown = sa.select(p.campaign_id).where(p.submission_id.in_(self.cases), p.campaign_id.is_not(None))
        return sa.select(sa.union(told, shown).subquery().c.campaign_id)

    @cached_property
    def campaigns(self) -> Ids:
        """Campaigns that have nothing else."""
        t, c, p = texts.alias().c, comments.alias().c, campaign_pictures.alias().c
        tainted = self.tainted.subquery()
        others = sa.or_(c.submission_id.is_(None), c.submission_id.not_in(self.cases))
        told = sa.exists().where(
            t.campaign_id == tainted.c.campaign_id, c.newsroom_id == t.newsroom_id, c.text_key == t.text_key, others
        )
        shown = sa.exists().where(
            p.campaign_id == tainted.c.campaign_id,
            sa.or_(p.submission_id.is_(None), p.submission_id.not_in(self.cases)),
        )
        return sa.select(tainted.c.campaign_id).where(~told, ~shown)

    def has(self, column: Any, ids: Ids) -> sa.ColumnElement[bool]:
        """Whether a column names one of these; one that names nothing does not."""
        return sa.and_(column.is_not(None), column.in_(ids))

    def told_of(self, noun: Any, row_id: Any) -> sa.ColumnElement[bool]:
        """Whether a line about something by noun and id tells of such a case."""
        p = submission_parts.alias().c
        parts = sa.select(p.id).where(p.submission_id.in_(self.cases))
        return sa.or_(
            sa.and_(noun.in_(("submission", "case")), row_id.in_(self.cases)),
            sa.and_(noun == "part", row_id.in_(parts)),
            sa.and_(noun == "threat", row_id.in_(self.threats)),
            sa.and_(noun == "incident", row_id.in_(self.incidents)),
        )

    def unnamed(self, campaign_id: Any, name: Any) -> sa.ColumnElement[Any]:
        """A campaign's name, unless it may be a text of such a case."""
        return sa.case((campaign_id.in_(self.tainted), sa.literal(UNNAMED)), else_=name)

    def _campaign_marks(self, of: Any) -> sa.Select[Any]:
        """Of the campaigns that have something of such a case: that by which others name them."""
        return sa.select(of).where(campaigns.c.id.in_(self.tainted))

    def unnamed_series(self, kind: Any, ref: Any, name: Any) -> sa.ColumnElement[Any]:
        """What a spike is called, unless it is called after such a campaign."""
        ids = self._campaign_marks(sa.cast(campaigns.c.id, sa.String))
        return sa.case((sa.and_(kind == SeriesKind.CAMPAIGN.value, ref.in_(ids)), sa.literal(UNNAMED)), else_=name)

    def without_campaigns(self, listed: Any) -> sa.ColumnElement[Any]:
        """A list in which campaigns stand with their names, by label or by id: empty, where one of them is such."""
        written = sa.cast(listed, sa.Text)
        marks = (
            sa.literal('%"C-').concat(sa.cast(campaigns.c.number, sa.String)).concat('"%'),
            sa.literal("%").concat(sa.cast(campaigns.c.id, sa.String)).concat("%"),
        )
        said = self._campaign_marks(sa.literal(1)).where(sa.or_(*(written.like(mark) for mark in marks)))
        return sa.case((said.correlate_except(campaigns).exists(), sa.literal([], Json)), else_=listed)

    def without_cases(self, listed: Any) -> sa.ColumnElement[Any]:
        """A list in which cases stand by their numbers: empty, where one of them is such."""
        s = submissions.alias()
        mark = sa.literal('%"K-').concat(sa.cast(s.c.number, sa.String)).concat('"%')
        said = sa.select(1).where(s.c.id.in_(self.cases), sa.cast(listed, sa.Text).like(mark))
        return sa.case((said.correlate_except(s).exists(), sa.literal([], Json)), else_=listed)

    def unlabelled(self, column: Any) -> sa.ColumnElement[Any]:
        """A reason or a source, unless it is the number of such a case."""
        s = submissions.alias().c
        labels = sa.select(sa.literal("K-").concat(sa.cast(s.number, sa.String))).where(
            s.id.in_(self.cases), s.number.is_not(None)
        )
        return sa.case((column.in_(labels), sa.literal("")), else_=column)
