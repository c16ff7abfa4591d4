"""A second world, made apart from the first: other texts, other hours, other honest people, other gaps.

Where `world.py` simulates posts and lets everybody wander, this one hands out orders: a farm has brigades that work by
shift, in bursts, by a schedule or in drips; its texts are templates that are paraphrased, beside emoji and stock praise
that everybody uses; honest people are subscribers whom a notification calls to the same posts, clubs, chain-letter
passers and petitioners. Nothing here was tuned on, and no number here follows `detection/coordination`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.farms.world import DAY, HONEST, START, World
from detection.coordination.activity import UNKNOWN, Activity, Comments, Photos, Stances

Numbers = NDArray[np.int64]

#: Emoji and two-word praise that everybody writes.
_STOCK: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How one world is made; shares are of 0..1."""

    days: int
    pages: int
    posts_a_day: float
    comments: float
    brigade: int
    loyalty: float
    share: float
    styles: tuple[str, ...]
    night: float
    template: float
    paraphrased: float
    noticed: float
    stock: float
    joint: float
    own: float
    photos: float
    photo_group: int
    replies: float
    churn: float
    spares: int
    notified: float
    dense: float
    chain: float
    crowd: int
    lost: float
    timeless: float
    stances: float
    stance_wrong: float
    stance_other: float
    switch_days: float
    replaced: bool


def draw(seed: int) -> Scene:
    """The scene of a seed."""
    rng = np.random.default_rng([seed, 99])
    u, n = rng.uniform, rng.integers
    return Scene(
        days=int(n(28, 100)),
        pages=int(n(8, 30)),
        posts_a_day=u(0.4, 2.0),
        comments=u(18, 90),
        brigade=int(n(15, 60)),
        loyalty=u(0.0, 0.7),
        share=u(0.15, 0.6),
        styles=tuple(rng.choice(["burst", "burst", "schedule", "drip"], 5).tolist()),
        night=u(0.0, 0.5),
        template=u(0.2, 0.75),
        paraphrased=u(0.1, 0.6),
        noticed=u(0.3, 0.9),
        stock=u(0.1, 0.4),
        joint=u(0.0, 0.08),
        own=u(0.05, 0.4),
        photos=u(0.05, 0.35),
        photo_group=int(n(2, 7)),
        replies=u(0.0, 0.15),
        churn=u(0.0, 0.3),
        spares=int(n(0, 30)),
        notified=u(0.3, 0.8),
        dense=1.0,
        chain=u(0.05, 0.25),
        crowd=int(n(100, 1500)),
        lost=u(0.0, 0.3),
        timeless=u(0.0, 0.15),
        stances=u(15, 45),
        stance_wrong=u(0.0, 0.08),
        stance_other=u(0.1, 0.4),
        switch_days=u(0.2, 1.5),
        replaced=bool(rng.random() < 0.4),
    )


#: What is changed of a seed's own scene, kind by kind.
KINDS: Final[dict[str, dict[str, object]]] = {
    "as drawn": {},
    "no photos": {"photos": 0.0},
    "few comments": {"comments": 6.0, "own": 0.1, "lost": 0.0},
    "paraphrased": {"template": 0.5, "paraphrased": 0.9, "noticed": 0.3, "stock": 0.4},
    "by schedule": {"styles": ("schedule",) * 5, "night": 0.5},
    "in drips": {"styles": ("drip",) * 5},
    "viral crowds": {"dense": 10.0},
    "few stances": {"stances": 10.0},
    "noisy stances": {"stance_wrong": 0.2},
    "slow switch": {"switch_days": 3.3},
}


def make(seed: int, kind: str = "as drawn") -> World:
    """The world of a seed, with its truth."""
    return _Making(seed, replace(draw(seed), **KINDS[kind])).world()  # type: ignore[arg-type]


@dataclass(slots=True)
class _Columns:
    account: list[Numbers] = field(default_factory=list)
    at: list[Numbers] = field(default_factory=list)
    text: list[Numbers] = field(default_factory=list)
    post: list[Numbers] = field(default_factory=list)
    reply_to: list[Numbers] = field(default_factory=list)

    def add(self, account: Numbers, at: Numbers, text: Numbers, post: Numbers | int, reply_to: Numbers | None) -> None:
        size = len(account)
        self.account.append(account)
        self.at.append(np.asarray(at, dtype=np.int64))
        self.text.append(text)
        self.post.append(np.broadcast_to(np.asarray(post, dtype=np.int64), size))
        self.reply_to.append(np.full(size, UNKNOWN) if reply_to is None else reply_to)


class _Making:
    def __init__(self, seed: int, scene: Scene) -> None:
        self.rng = np.random.default_rng([seed, 1])
        self.scene = scene
        self.hired, self.honest = 800, 200
        self.listed = self.hired + self.honest
        self.everybody = self.listed + scene.crowd
        self.columns = _Columns()
        self.texts = 1_000
        self.farm = np.full(self.everybody, HONEST)
        sizes = np.maximum(30, self.rng.dirichlet(np.full(5, 4.0)) * self.hired).astype(int)
        sizes[sizes.argmax()] += self.hired - sizes.sum()
        self.farm[: self.hired] = np.repeat(np.arange(5), sizes)
        self.second = np.full(self.everybody, HONEST)
        spares = self.rng.choice(self.hired, scene.spares, replace=False)
        self.second[spares] = (self.farm[spares] + 1) % 5
        self.from_day, self.to_day = np.zeros(self.everybody), np.full(self.everybody, float(scene.days))
        self.switched = np.full(self.everybody, UNKNOWN)

    def world(self) -> World:
        self._lives()
        self._posts()
        photos = self._photos()
        for farm in range(5):
            self._orders(farm)
        self._honest()
        self._chatter()
        stances = self._stances()
        return self._assembled(photos, stances)

    def _lives(self) -> None:
        rng, scene = self.rng, self.scene
        self.heirs: list[tuple[int, int]] = []
        for farm in range(5):
            some = rng.permutation(np.flatnonzero(self.farm == farm))
            for old, new in some[: int(len(some) * scene.churn) // 2 * 2].reshape(-1, 2).tolist():
                gone = rng.uniform(0.3, 0.8) * scene.days
                self.to_day[old], self.from_day[new] = gone, min(gone + rng.uniform(1, 8), scene.days - 3)
                self.heirs.append((old, new))

    def _posts(self) -> None:
        rng, scene = self.rng, self.scene
        count = int(scene.pages * scene.posts_a_day * scene.days)
        self.page_of = rng.integers(0, scene.pages, count)
        hour = np.where(rng.random(count) < 0.8, rng.uniform(8, 22, count), rng.uniform(0, 24, count))
        self.post_at = np.sort(START + (rng.integers(0, scene.days, count) * 24 + hour) * 3600).astype(np.int64)
        self.heat = rng.pareto(1.3, count) + 0.3

    def _new_texts(self, count: int) -> Numbers:
        self.texts += count
        return np.arange(self.texts - count, self.texts)

    def _photos(self) -> list[tuple[int, int]]:
        rng, scene = self.rng, self.scene
        if not scene.photos:
            return []
        shown = np.flatnonzero(rng.random(self.everybody) < 0.6)
        photo = {int(n): 5_000 + int(n) for n in shown}
        for farm in range(5):
            some = np.flatnonzero(self.farm == farm)
            taken = some[rng.random(len(some)) < scene.photos]
            for start in range(0, len(taken), scene.photo_group):
                photo |= {int(n): 200_000 + farm * 1_000 + start for n in taken[start : start + scene.photo_group]}
        photo |= {new: photo[old] for old, new in self.heirs if old in photo and rng.random() < 0.5}
        # Frames and flags of the day.
        photo |= {int(n): int(8 * rng.random() ** 2) for n in np.flatnonzero(rng.random(self.everybody) < 0.12)}
        return sorted(photo.items())

    def _orders(self, farm: int) -> None:
        rng, scene = self.rng, self.scene
        staff = np.flatnonzero((self.farm == farm) | (self.second == farm))
        brigade = rng.integers(0, max(1, round(len(staff) / scene.brigade)), len(staff))
        night = rng.random() < scene.night
        begin = rng.uniform(18, 21) if night else rng.uniform(8, 11)
        watched = rng.choice(scene.pages, max(2, scene.pages // 3), replace=False)
        working = (1 - scene.own) * scene.comments
        orders = max(4, int(working / scene.share / (1 - 0.5 * scene.loyalty)))
        bank = self._new_texts(int(rng.integers(20, 150)))
        others = np.flatnonzero((self.farm != farm) & (self.farm != HONEST))
        for day in np.sort(rng.integers(0, scene.days, orders)):
            if day % 7 >= 5 and rng.random() < 0.6:
                continue
            moment = START + day * DAY + (begin + rng.uniform(0, 8)) * 3600
            near = np.flatnonzero((self.post_at > moment - 2 * DAY) & (self.post_at < moment))
            near = near[np.isin(self.page_of[near], watched)]
            if not len(near):
                continue
            lead = rng.integers(0, brigade.max() + 1)
            odds = np.where(brigade == lead, 1.0, 1 - scene.loyalty) * scene.share
            odds *= np.where(self.farm[staff] == farm, 1.0, 0.3)
            on_duty = (self.from_day[staff] <= day) & (self.to_day[staff] > day)
            team = staff[(rng.random(len(staff)) < odds) & on_duty]
            if rng.random() < scene.joint:
                team = np.concatenate([team, rng.choice(others, min(20, len(others)), replace=False)])
            post = int(rng.choice(near))
            script = np.concatenate([self._new_texts(int(rng.integers(2, 12))), rng.choice(bank, 4)])
            self._carry_out(farm, team, post, moment, script)

    def _carry_out(self, farm: int, team: Numbers, post: int, moment: float, script: Numbers) -> None:
        rng, scene = self.rng, self.scene
        size, style = len(team), scene.styles[farm]
        if style == "burst":
            wait = rng.gamma(1.5, rng.uniform(120, 500), size)
        elif style == "schedule":
            wait = rng.integers(0, 6, size) * 900 + rng.normal(0, 20, size) - moment % 900 + 900
        else:
            wait = rng.uniform(0, rng.uniform(1.5, 4.0) * 3600, size)
        answered = np.where(rng.random(size) < scene.replies, rng.permutation(team), UNKNOWN)
        answered = np.where(answered == team, UNKNOWN, answered)
        self.columns.add(team, moment + wait, self._said(size, script), post, answered)

    def _said(self, size: int, script: Numbers) -> Numbers:
        rng, scene = self.rng, self.scene
        said = self._new_texts(size).copy()
        ready = rng.random(size) < scene.template
        # A paraphrase is seen through now and then only.
        seen = (rng.random(size) >= scene.paraphrased) | (rng.random(size) < scene.noticed)
        said = np.where(ready & seen, rng.choice(script, size), said)
        return np.where(~ready & (rng.random(size) < scene.stock), self._stock(size), said)

    def _stock(self, size: int) -> Numbers:
        return (_STOCK * self.rng.random(size) ** 2).astype(np.int64)

    def _passed_on(self, size: int, share: float) -> Numbers:
        """What people write: their own, stock, and chain letters (numbers from 100 on)."""
        rng = self.rng
        said = np.where(rng.random(size) < self.scene.stock, self._stock(size), self._new_texts(size))
        return np.where(rng.random(size) < share, 100 + (200 * rng.random(size) ** 3).astype(np.int64), said)

    def _honest(self) -> None:
        """Subscribers called by notifications, clubs, chain letters and petitions; a chat of friends."""
        rng, scene = self.rng, self.scene
        people = rng.permutation(np.arange(self.hired, self.listed))
        called = people[: int(len(people) * scene.notified)]
        crowd = np.arange(self.listed, self.everybody)
        for club in np.array_split(called, int(rng.integers(3, 8))):
            pages = rng.choice(scene.pages, 2, replace=False)
            posts = np.flatnonzero(np.isin(self.page_of, pages))
            fans = np.concatenate([club, crowd[rng.random(len(crowd)) < 0.05]])
            odds = min(0.9, scene.comments * 0.6 / max(1, len(posts)))
            for post in posts.tolist():
                here = fans[rng.random(len(fans)) < odds]
                wait = rng.exponential(np.where(rng.random(len(here)) < 0.5, 900, 4 * 3600))
                self.columns.add(here, self.post_at[post] + wait, self._passed_on(len(here), scene.chain), post, None)
        for _ in range(int(rng.integers(1, 4))):
            begin = int(rng.integers(0, len(self.post_at)))
            signers = np.concatenate([people[rng.random(200) < 0.4], crowd[rng.random(len(crowd)) < 0.1]])
            post = np.minimum(begin + rng.integers(0, 6, len(signers)), len(self.post_at) - 1)
            text = rng.choice(self._new_texts(2), len(signers))
            at = self.post_at[post] + rng.exponential(5 * 3600, len(signers))
            self.columns.add(signers, at, text, post, None)

    def _chatter(self) -> None:
        """What everybody writes of their own under hot posts; ten times as much under the hottest in dense worlds."""
        rng, scene = self.rng, self.scene
        rate = np.full(self.everybody, scene.comments * 0.5)
        rate[: self.hired] = scene.comments * scene.own
        self._wander(np.repeat(np.arange(self.everybody), rng.poisson(rate)), self.heat)
        if scene.dense > 1:
            hottest = np.where(self.heat >= np.quantile(self.heat, 0.97), self.heat, 0.0)
            ours = np.arange(self.hired, self.everybody)
            self._wander(np.repeat(ours, rng.poisson(scene.comments * 0.05 * scene.dense, len(ours))), hottest)

    def _wander(self, who: Numbers, heat: NDArray[np.float64]) -> None:
        rng = self.rng
        post = rng.choice(len(heat), len(who), p=heat / heat.sum())
        at = self.post_at[post] + rng.gamma(0.7, 3 * 3600, len(who))
        day = (at - START) / DAY
        there = (self.from_day[who] <= day) & (self.to_day[who] > day)
        said = self._passed_on(len(who), self.scene.chain)
        self.columns.add(who[there], at[there], said[there], post[there], None)

    def _stances(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        rng, scene = self.rng, self.scene
        patron, rival = rng.integers(0, 4, self.everybody), rng.integers(4, 8, self.everybody)
        for farm in range(5):
            patron[self.farm == farm], rival[self.farm == farm] = rng.integers(0, 4), rng.integers(4, 8)
        turning = int(rng.integers(0, 5))
        staff = self.farm == turning
        middle = START + rng.uniform(0.35, 0.65) * scene.days * DAY
        moments = middle + rng.normal(0, scene.switch_days, self.everybody) * DAY
        self.switched = np.where(staff & (rng.random(self.everybody) < 0.93), moments.astype(np.int64), UNKNOWN)
        count = rng.poisson(scene.stances, self.listed)
        who = np.repeat(np.arange(self.listed), count)
        at = (START + rng.uniform(self.from_day[who], self.to_day[who]) * DAY).astype(np.int64)
        turned = (self.switched[who] != UNKNOWN) & (at >= self.switched[who])
        # Either the sides are swapped, or the old patron is dropped and attacked for a new one.
        new_patron = 8 if scene.replaced else rival[who]
        praising = rng.random(len(who)) < 0.5
        praised, attacked = np.where(turned, new_patron, patron[who]), np.where(turned, patron[who], rival[who])
        subject = np.where(praising, praised, attacked)
        aside = rng.random(len(who)) < scene.stance_other
        subject = np.where(aside, rng.integers(10, 16, len(who)), subject)
        said = np.where(aside, rng.random(len(who)) < 0.5, praising)
        said ^= rng.random(len(who)) < scene.stance_wrong
        return who, at, subject, np.where(said, 1, -1)

    def _assembled(self, photos: list[tuple[int, int]], seen: tuple[Numbers, Numbers, Numbers, Numbers]) -> World:
        rng, scene = self.rng, self.scene
        account, at, text, post, reply_to = (
            np.concatenate(getattr(self.columns, name)).astype(np.int64) for name in _Columns.__slots__
        )
        kept = rng.random(len(account)) >= scene.lost
        at = np.where(rng.random(len(at)) < scene.timeless, UNKNOWN, at)
        order = np.concatenate([rng.permutation(self.listed), np.arange(self.listed, self.everybody)])
        place = np.empty(self.everybody, dtype=np.int64)
        place[order] = np.arange(self.everybody)
        pairs = np.array(photos, dtype=np.int64).reshape(-1, 2)
        comments = Comments(
            account=place[account[kept]],
            at=at[kept],
            text=text[kept],
            post=post[kept],
            target=self.page_of[post[kept]],
            reply_to=np.where(reply_to[kept] == UNKNOWN, UNKNOWN, place[reply_to[kept]]),
        )
        who, when, subject, polarity = seen
        activity = Activity(
            accounts=self.everybody,
            listed=self.listed,
            comments=comments,
            photos=Photos(account=place[pairs[:, 0]], photo=pairs[:, 1]),
            stances=Stances(account=place[who], at=when, subject=subject.astype(np.int64), polarity=polarity),
        )
        # Whoever was heard of less than twice before or after has not switched as far as anybody can know.
        before = np.bincount(who[when < self.switched[who]], minlength=self.everybody)
        after = np.bincount(who[when >= self.switched[who]], minlength=self.everybody)
        known = (self.switched != UNKNOWN) & (np.minimum(before, after) >= 2)
        return World(
            parameters=scene,
            activity=activity,
            farm=self.farm[order],
            second_farm=self.second[order],
            switched_at=np.where(known, self.switched, UNKNOWN)[order],
            ever_switched=(self.switched != UNKNOWN)[order],
            honest_kind=np.full(self.everybody, "ordinary")[order],
        )
