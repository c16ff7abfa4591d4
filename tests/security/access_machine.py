"""A newsroom under every order of deeds: members, roles, two people, codes, /panic, /lockdown, against a plain model.

The services and the database are the real ones; the model says what is allowed, in a few lines of its own. What the
gate does before each deed is done here in the same way: who somebody is, is read at the moment of use.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyotp
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right, Role
from bot.services.members import MemberChanged
from bot.storage import members
from bot.storage.store import Store
from tests.access_ground import AccessGround, access_ground
from tests.stores import StoppedClock

LEADING = {Role.ADMIN, Role.SECURITY}
PRESENT = (MemberStatus.ACTIVE, MemberStatus.FROZEN)
WHO = st.integers(0, 5)
#: Those who lead at first act most; what ends a membership is rare, or soon nobody would be left to try anything.
LEAD = st.sampled_from([0, 0, 2, 2, 1, 3, 4, 5])
SECOND = st.sampled_from([1, 1, 0, 2, 3, 4, 5])
LED = st.sampled_from([3, 4, 5, 3, 4, 5, 0, 1, 2])
ROLES = st.sampled_from(
    [
        *map(frozenset, ({Role.ADMIN}, {Role.SECURITY}, {Role.ADMIN, Role.SECURITY})),
        *map(frozenset, ({Role.EDITOR}, {Role.JOURNALIST}, {Role.EDITOR, Role.SECURITY})),
    ]
)


@dataclass
class Person:
    """What the model knows of a member."""

    member: Member
    roles: frozenset[Role]
    status: MemberStatus = MemberStatus.ACTIVE
    fresh_until: datetime | None = None
    locked_until: datetime | None = None
    wrong: list[datetime] = field(default_factory=list)
    last: int = 0
    codes: pyotp.TOTP | None = None

    def may(self, right: Right) -> bool:
        """What the policy allows whoever is active."""
        allowed = {
            Right.MANAGE_MEMBERS: {Role.ADMIN},
            Right.SECOND: LEADING,
            Right.LOCKDOWN: LEADING,
        }[right]
        return self.status is MemberStatus.ACTIVE and bool(self.roles & allowed)


@dataclass
class Act:
    """What waits for a second person, and on what it rested."""

    kind: str
    by: int
    about: int | None
    roles: frozenset[Role]
    rested_on: Any
    until: datetime
    id: int


class Newsroom(RuleBasedStateMachine):
    """Six people, of whom the first two lead at the beginning."""

    #: Given by the test: where the real thing runs.
    store: Store
    loop: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.clock = StoppedClock()
        self.people: list[Person] = []
        self.acts: list[Act] = []
        self.locked_at: datetime | None = None
        self.ground: AccessGround

    def run(self, deed: Any) -> Any:
        """Do something asynchronous."""
        return self.loop.run(deed)

    @initialize()
    def open(self) -> None:
        """A newsroom of its own in the common database."""
        self.ground = self.run(access_ground(self.store, self.clock))
        first = [
            {Role.ADMIN},
            {Role.SECURITY},
            {Role.ADMIN, Role.EDITOR},
            {Role.EDITOR},
            {Role.JOURNALIST},
            {Role.EDITOR},
        ]
        for roles in first:
            member = self.run(self.ground.member(*sorted(roles)))
            self.people.append(Person(member=member, roles=frozenset(roles)))

    def gate(self, who: int, right: Right) -> Member | None:
        """The member as they are now, when they may; what the database says and the model says must agree."""
        person = self.people[who]
        presence = self.run(self.ground.members.presence(self.ground.newsroom.id, person.member.telegram_id))
        member = presence.member
        assert presence.is_locked == (self.locked_at is not None)
        assert (member.status, member.roles) == (person.status, person.roles)
        assert member.may(right) == person.may(right)
        return member if member.may(right) else None

    def admins(self) -> list[int]:
        """Who administers now."""
        active = MemberStatus.ACTIVE
        return [n for n, each in enumerate(self.people) if each.status is active and Role.ADMIN in each.roles]

    def leads_alone(self, about: int) -> bool:
        """Whether nobody else leads security now: that takes two people to end."""
        others = [each for n, each in enumerate(self.people) if n != about and each.status is MemberStatus.ACTIVE]
        is_lead = Role.SECURITY in self.people[about].roles
        return is_lead and not any(Role.SECURITY in each.roles for each in others)

    @rule(who=LEAD, about=LED, roles=ROLES)
    def order_roles(self, who: int, about: int, roles: frozenset[Role]) -> None:
        """/role by somebody."""
        self.give_roles(who, about, roles)

    def give_roles(self, who: int, about: int, roles: frozenset[Role]) -> None:
        """/role: at once, or asked for when it leads somewhere new."""
        admin, person = self.gate(who, Right.MANAGE_MEMBERS), self.people[about]
        if admin is None or self.locked_at is not None:
            return
        self.run(self.ground.members.set_roles(self.ground.stage, admin, person.member.id, sorted(roles)))
        self.run(self.ground.commit())
        if person.status is not MemberStatus.ACTIVE or (Role.ADMIN not in roles and self.admins() == [about]):
            return
        leaves = Role.SECURITY not in roles and self.leads_alone(about)
        if leaves or (roles & LEADING) - person.roles:
            self.note("roles", who, about, roles, person.roles)
        else:
            self.became(about, roles)

    def note(self, kind: str, who: int, about: int | None, roles: frozenset[Role], rested_on: Any) -> None:
        """An act waits now, unless the same waits already."""
        same = [a for a in self.acts if (a.kind, a.by, a.about, a.roles) == (kind, who, about, roles)]
        if not [a for a in same if a.until > self.clock()]:
            until = self.clock() + timedelta(hours=24)
            waiting = self.run(self.ground.acts.waiting(self.ground.newsroom.id))
            self.acts.append(Act(kind, who, about, roles, rested_on, until, waiting[-1].act.id))

    def became(self, about: int, roles: frozenset[Role]) -> None:
        """Whoever loses a role loses what they asked for."""
        if self.people[about].roles - roles:
            self.acts = [act for act in self.acts if act.by != about]
        self.people[about].roles = roles

    def remove(self, who: int, about: int) -> None:
        """/remove"""
        admin, person = self.gate(who, Right.MANAGE_MEMBERS), self.people[about]
        if admin is None or self.locked_at is not None:
            return
        self.run(self.ground.members.remove(self.ground.stage, admin, person.member.id))
        self.run(self.ground.commit())
        if person.status not in PRESENT or self.admins() == [about]:
            return
        if self.leads_alone(about):
            self.note("removal", who, about, frozenset(), (person.status, person.roles))
        else:
            self.left(about)

    def left(self, about: int) -> None:
        """Whoever is removed loses what they asked for."""
        self.people[about].status = MemberStatus.REMOVED
        self.acts = [act for act in self.acts if act.by != about]

    def panic(self, who: int) -> None:
        """/panic; a stale one, of somebody who is nobody any more, changes nothing."""
        person = self.people[who]
        self.ground.freezing.panic(self.ground.stage, person.member, None)
        self.run(self.ground.commit())
        if person.status is MemberStatus.ACTIVE:
            person.status, person.fresh_until = MemberStatus.FROZEN, None
            self.acts = [act for act in self.acts if act.by != who]

    def ask_thaw(self, who: int, about: int) -> None:
        """/thaw"""
        member, person = self.gate(who, Right.SECOND), self.people[about]
        if member is None or self.locked_at is not None:
            return
        try:
            self.run(self.ground.freezing.ask_thaw(self.ground.stage, member, person.member.id))
        except Refusal:
            assert person.status is not MemberStatus.FROZEN
            return
        assert person.status is MemberStatus.FROZEN
        self.run(self.ground.commit())
        self.note("thaw", who, about, frozenset(), person.roles)

    def lock_down(self, who: int) -> None:
        """/lockdown"""
        member = self.gate(who, Right.LOCKDOWN)
        if member is None or self.locked_at is not None:
            return
        self.ground.lockdown.begin(self.ground.stage, member)
        self.run(self.ground.commit())
        self.locked_at = self.clock()

    def ask_unlock(self, who: int) -> None:
        """/unlock"""
        member = self.gate(who, Right.LOCKDOWN)
        if member is None:
            return
        try:
            self.run(self.ground.lockdown.ask_unlock(self.ground.stage, member))
        except Refusal:
            assert self.locked_at is None
            return
        self.run(self.ground.commit())
        self.note("unlock", who, None, frozenset(), self.locked_at)

    @precondition(lambda self: self.acts)
    @rule(who=SECOND, which=st.integers(0, 9), allow=st.sampled_from([True, True, True, False]))
    def press(self, who: int, which: int, allow: bool) -> None:
        """A button of an act."""
        self.decide(who, which, allow=allow)

    def decide(self, who: int, which: int, *, allow: bool) -> None:
        """A press on [Allow] or [Refuse] by anybody who ever belonged here, old buttons included."""
        act, person = self.acts[which % len(self.acts)], self.people[who]
        self.run(self.ground.decide(person.member, act.id, allow=allow))
        first = self.people[act.by]
        if not person.may(Right.SECOND) or who == act.by or act.until <= self.clock():
            return
        is_admins = not self.admins() or Role.ADMIN in (first.roles | person.roles)
        if allow and act.kind == "thaw" and not is_admins:
            return
        self.acts.remove(act)
        if allow and first.may(RIGHTS[act.kind]) and self.rests_on(act) == act.rested_on:
            self.done(act)

    def rests_on(self, act: Act) -> Any:
        """What an act rests on now."""
        if act.kind == "unlock":
            return self.locked_at
        person = self.people[act.about or 0]
        if act.kind == "removal":
            return (person.status, person.roles) if person.status in PRESENT else None
        wanted = MemberStatus.FROZEN if act.kind == "thaw" else MemberStatus.ACTIVE
        return person.roles if person.status is wanted else None

    def done(self, act: Act) -> None:
        """What an allowed act does."""
        if act.kind == "unlock":
            self.locked_at = None
        elif act.kind == "thaw":
            self.people[act.about or 0].status = MemberStatus.ACTIVE
        elif act.kind == "removal":
            if self.admins() != [act.about]:
                self.left(act.about or 0)
        elif Role.ADMIN in act.roles or self.admins() != [act.about]:
            self.became(act.about or 0, act.roles)

    def set_up(self, who: int) -> None:
        """/totp and its first code."""
        person = self.people[who]
        if person.status is not MemberStatus.ACTIVE or person.codes is not None:
            return
        person.codes = self.run(self.ground.set_up(person.member))
        person.last = int(self.clock().timestamp()) // 30
        person.fresh_until = self.clock() + timedelta(minutes=10)

    def give_code(self, who: int, step: int) -> None:
        """A code of now, of just before or after, an old or a used one."""
        person = self.people[who]
        if person.codes is None or person.status is not MemberStatus.ACTIVE:
            return
        now = self.clock()
        counter = int(now.timestamp()) // 30 + step
        self.run(self.ground.give(person.member, person.codes.generate_otp(counter)))
        if person.locked_until is not None and person.locked_until > now:
            return
        if abs(step) <= 1 and counter > person.last:
            person.last, person.wrong, person.fresh_until = counter, [], now + timedelta(minutes=10)
            return
        person.wrong = [*person.wrong, now] if person.wrong and now - person.wrong[0] < timedelta(minutes=15) else [now]
        if len(person.wrong) == 5:
            person.wrong, person.fresh_until, person.locked_until = [], None, now + timedelta(minutes=15)

    @rule(seconds=st.sampled_from([1, 1, 31, 31, 300, 601, 901, 43_200, 86_401]))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.clock.tick(seconds)

    def demand(self, who: int) -> None:
        """Something sensitive: let on exactly when a code was given not long ago."""
        person, now = self.people[who], self.clock()
        try:
            self.run(self.ground.step_up.demand(person.member))
            is_let = True
        except Refusal:
            is_let = False
        is_locked = person.locked_until is not None and person.locked_until > now
        is_fresh = person.fresh_until is not None and person.fresh_until > now
        assert is_let == (person.codes is not None and is_fresh and not is_locked)

    @rule(who=WHO)
    def in_flight(self, who: int) -> None:
        """An update that began when somebody was who they were at first is done only if they still are."""
        person = self.people[who]
        seen = person.member
        self.ground.members.hold(self.ground.stage, seen)
        try:
            self.run(self.ground.commit())
            is_done = True
        except MemberChanged:
            is_done = False
            self.ground.stage.steps.clear()
        assert is_done == ((seen.status, seen.roles) == (person.status, person.roles))

    @rule(deed=st.sampled_from([*["panic"] * 4, "remove", "lock_down"]), who=LEAD, about=LED)
    def end(self, deed: str, who: int, about: int) -> None:
        """What takes access away."""
        if deed == "remove":
            self.remove(who, about)
        elif deed == "panic":
            self.panic(about)
        else:
            self.lock_down(who)

    @rule(who=LEAD)
    def come_back(self, who: int) -> None:
        """Whoever can asks for what was taken away."""
        self.ask_unlock(who)
        for about, person in enumerate(self.people):
            if person.status is MemberStatus.FROZEN:
                self.ask_thaw(who, about)

    @rule(who=WHO, step=st.integers(-3, 3))
    def factor(self, who: int, step: int) -> None:
        """Something sensitive, before and after a code."""
        self.set_up(who)
        self.demand(who)
        self.give_code(who, step)
        self.demand(who)

    @precondition(lambda self: self.locked_at is None and len(self.admins()) > 1)
    @rule(about=st.sampled_from([3, 4, 5]), roles=ROLES, second=SECOND, between=ROLES, swaps=st.booleans())
    def overtaken(self, about: int, roles: frozenset[Role], second: int, between: frozenset[Role], swaps: bool) -> None:
        """Something is asked for, things change, and then somebody allows it."""
        before, (one, other) = len(self.acts), self.admins()[:2]
        if swaps:
            one, other = other, one
        self.give_roles(one, about, roles)
        self.give_roles(other, about, between)
        if len(self.acts) > before:
            self.decide(second, before, allow=True)

    @invariant()
    def agrees(self) -> None:
        """Nobody is above their role, nobody is back by themselves, and somebody can always decide."""
        if not self.people:
            return
        everyone = self.run(self._read())
        for person in self.people:
            there = everyone[person.member.id]
            assert (there.status, there.roles) == (person.status, person.roles)
        frozen = [p for p in self.people if p.status is MemberStatus.FROZEN and Role.ADMIN in p.roles]
        assert self.admins() or frozen, "the newsroom lost its last administrator"

    async def _read(self) -> dict[int, Member]:
        async with self.store.read() as conn:
            return {member.id: member for member in await members.all_of(conn, self.ground.newsroom.id, *MemberStatus)}


RIGHTS = {
    "roles": Right.MANAGE_MEMBERS,
    "removal": Right.MANAGE_MEMBERS,
    "thaw": Right.SECOND,
    "unlock": Right.LOCKDOWN,
}
