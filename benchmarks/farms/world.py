"""A seeded synthetic world with ground truth: farms, honest look-alikes, a crowd, churn, a switch of allegiance.

Every parameter is drawn anew for each seed, over wide ranges, from what journalists and former trolls describe: waves
of comments under a post, ready-made texts, office hours and shifts, stolen photos used twice, spares that farms share,
accounts that die and come back with an old photo. The honest 200 are made to look like them: fans in office hours in
the same groups with the same slogans, citizens who copy a petition, people who pass viral texts on, friends who answer
each other, some who change their mind on the day of a scandal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detection.coordination.activity import UNKNOWN, Activity, Comments, Photos, Stances

DAY = 86_400
#: Midnight in Bishkek (UTC+6), a Monday.
START = 1_788_717_600
#: Seconds that Bishkek is ahead of UTC.
BISHKEK = 6 * 3600
HONEST = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """How one world is made; shares are of 0..1, times as named."""

    farms: int = 5
    farm_accounts: int = 800
    honest: int = 200
    crowd: int
    days: int
    subjects: int
    posts_per_day: float
    evenness: float
    team: tuple[int, int]
    wave_minutes: float
    tasks_per_day: float
    bank: int
    brief: tuple[int, int]
    reuse: float
    reword: float
    own_life: float
    photo_reuse: float
    popular_photo: float
    replies: float
    spares: int
    spare_work: float
    churn: float
    heir_photo: float
    switching: int
    switch_jitter_days: float
    fans: float
    petitioners: float
    viral: float
    honest_rate: float
    lost_comments: float
    lost_times: float
    stance_seen: float
    stance_wrong: float
    lost_photos: float
    night_shift: float
    weekend_work: float
    shared_slogans: float


def draw(seed: int) -> Parameters:
    """The parameters of a seed."""
    rng = np.random.default_rng([seed, 7])
    u = rng.uniform
    smallest = int(rng.integers(5, 12))
    return Parameters(
        crowd=int(rng.integers(0, 900)),
        days=int(rng.integers(50, 120)),
        subjects=int(rng.integers(5, 12)),
        posts_per_day=u(6, 20),
        evenness=u(2, 12),
        team=(smallest, smallest + int(rng.integers(6, 40))),
        wave_minutes=u(6, 35),
        tasks_per_day=u(2.0, 6.0),
        bank=int(rng.integers(40, 400)),
        brief=(1, int(rng.integers(3, 15))),
        reuse=u(0.25, 0.8),
        reword=u(0.05, 0.45),
        own_life=u(0.05, 0.5),
        photo_reuse=u(0.03, 0.3),
        popular_photo=u(0.02, 0.2),
        replies=u(0.02, 0.15),
        spares=int(rng.integers(15, 60)),
        spare_work=u(0.05, 0.35),
        churn=u(0.05, 0.3),
        heir_photo=u(0.2, 0.8),
        switching=int(rng.integers(1, 3)),
        switch_jitter_days=u(0.0, 1.5),
        fans=u(0.25, 0.5),
        petitioners=u(0.15, 0.3),
        viral=u(0.05, 0.25),
        honest_rate=u(0.3, 1.5),
        lost_comments=u(0.0, 0.4),
        lost_times=u(0.0, 0.25),
        stance_seen=u(0.25, 0.8),
        stance_wrong=u(0.0, 0.1),
        lost_photos=u(0.05, 0.5),
        night_shift=u(0.0, 0.4),
        weekend_work=u(0.1, 1.0),
        shared_slogans=u(0.0, 0.15),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What happened, and the truth about it: per account its farm (HONEST for none), a second farm it works for too
    (HONEST for none), and the moment it changed sides as far as it can be known (UNKNOWN: never, or it was heard of
    less than twice before or after); ``ever_switched`` says who really did, spares by their second farm included."""

    parameters: object
    activity: Activity
    farm: NDArray[np.int64]
    second_farm: NDArray[np.int64]
    switched_at: NDArray[np.int64]
    ever_switched: NDArray[np.bool_]
    honest_kind: NDArray[np.str_]

    def same_farm(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether pairs of accounts work for one farm."""
        home, second = self.farm, self.second_farm
        known = lambda a, b: (a == b) & (a != HONEST)  # noqa: E731 - four uses on the next line
        return np.asarray(
            known(home[one], home[other])
            | known(home[one], second[other])
            | known(second[one], home[other])
            | known(second[one], second[other])
        )


@dataclass(slots=True)
class _Rows:
    """Comments being written."""

    account: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    text: list[int] = field(default_factory=list)
    post: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    reply_to: list[int] = field(default_factory=list)
    polarity: list[int] = field(default_factory=list)

    def add(self, account: int, at: float, text: int, post: int, target: int, reply_to: int, polarity: int) -> None:
        """One comment."""
        self.account.append(account)
        self.at.append(int(at))
        self.text.append(text)
        self.post.append(post)
        self.target.append(target)
        self.reply_to.append(reply_to)
        self.polarity.append(polarity)


def make(seed: int, parameters: Parameters | None = None) -> World:
    """The world of a seed; other parameters than the seed's own make a held-out kind of world."""
    return _Maker(np.random.default_rng([seed, 1]), parameters or draw(seed)).make()


class _Maker:
    """Makes one world step by step."""

    def __init__(self, rng: np.random.Generator, parameters: Parameters) -> None:
        self.rng = rng
        self.p = parameters
        self.rows = _Rows()
        self._next_text = 1_000_000
        total = parameters.farm_accounts + parameters.honest + parameters.crowd
        self.total = total
        self.farm = np.full(total, HONEST)
        self.second = np.full(total, HONEST)
        self.switched = np.full(total, UNKNOWN)
        self.kind = np.full(total, "", dtype="<U12")
        self.born = np.zeros(total)
        self.dies = np.full(total, float(parameters.days))
        self.night = rng.random(total) < parameters.night_shift
        self.speed = rng.gamma(3.0, 1 / 3.0, total)
        self.photos: list[tuple[int, int]] = []

    def make(self) -> World:
        """Everything in order."""
        self._hire()
        self._posts()
        self._sides()
        for farm in range(self.p.farms):
            self._work(farm)
        self._honest_life()
        self._petitions()
        self._pictures()
        return self._seen()

    def _fresh(self) -> int:
        self._next_text += 1
        return self._next_text

    def _hire(self) -> None:
        rng, p = self.rng, self.p
        share = rng.dirichlet(np.full(p.farms, p.evenness))
        least = max(25, p.farm_accounts // 20)
        sizes = np.maximum(least, (share * p.farm_accounts).astype(int))
        while sizes.sum() != p.farm_accounts:
            sizes[sizes.argmax()] += 1 if sizes.sum() < p.farm_accounts else -1
        self.farm[: p.farm_accounts] = np.repeat(np.arange(p.farms), sizes)
        spares = rng.choice(p.farm_accounts, min(p.spares, p.farm_accounts // 4), replace=False)
        self.second[spares] = (self.farm[spares] + rng.integers(1, p.farms, len(spares))) % p.farms
        self._churn()
        kinds = rng.choice(
            ["fan", "petitioner", "viral", "ordinary"],
            p=[p.fans, p.petitioners, (1 - p.fans - p.petitioners) / 2, (1 - p.fans - p.petitioners) / 2],
            size=p.honest,
        )
        self.kind[p.farm_accounts : p.farm_accounts + p.honest] = kinds
        self.kind[p.farm_accounts + p.honest :] = "crowd"

    def _churn(self) -> None:
        # Pairs of accounts within a farm: the second comes days after the first was removed.
        rng, p = self.rng, self.p
        self.heir_of: dict[int, int] = {}
        for farm in range(p.farms):
            members = rng.permutation(np.flatnonzero(self.farm == farm))
            for old, new in zip(*[iter(members[: int(len(members) * p.churn) // 2 * 2])] * 2, strict=True):
                gone = rng.uniform(0.25, 0.75) * p.days
                self.dies[old], self.born[new] = gone, min(p.days - 5.0, gone + rng.exponential(3.0))
                self.heir_of[int(new)] = int(old)

    def _posts(self) -> None:
        rng, p = self.rng, self.p
        count = int(p.days * p.posts_per_day)
        day, hour = rng.integers(0, p.days, count), rng.normal(14, 4, count).clip(7, 22.5)
        self.post_at = np.sort(START + day * DAY + hour * 3600)
        self.post_subject = rng.choice(p.subjects, count, p=rng.dirichlet(np.full(p.subjects, 3.0)))
        self.post_heat = rng.lognormal(0.0, 0.9, count)

    def _sides(self) -> None:
        rng, p = self.rng, self.p
        # Factories serve rivals: two farms may have the same client.
        self.praises = rng.integers(0, p.subjects, p.farms)
        self.attacks = (self.praises + rng.integers(1, p.subjects, p.farms)) % p.subjects
        self.after = {}
        for farm in rng.choice(p.farms, p.switching, replace=False):
            at = START + rng.uniform(0.3, 0.7) * p.days * DAY
            self.after[int(farm)] = (at, int(self.attacks[farm]), int(self.praises[farm]))
            members = np.flatnonzero(self.farm == farm)
            moments = at + rng.normal(0, p.switch_jitter_days, len(members)) * DAY
            # A tenth belongs to a person and stays with them.
            stays = rng.random(len(members)) < 0.1
            self.switched[members] = np.where(stays, UNKNOWN, moments.astype(np.int64))

    def _side(self, account: int, at: float, farm: int) -> tuple[int, int]:
        """Whom an account praises and attacks for a farm at a moment."""
        praised, attacked = int(self.praises[farm]), int(self.attacks[farm])
        moved = self.switched[account] if self.farm[account] == farm else UNKNOWN
        if farm in self.after and moved == UNKNOWN and self.farm[account] != farm and at >= self.after[farm][0]:
            return attacked, praised
        return (attacked, praised) if moved != UNKNOWN and at >= moved else (praised, attacked)

    def _work(self, farm: int) -> None:
        """Waves of comments by teams: each task has ready texts of its own, beside a bank for every day."""
        rng, p = self.rng, self.p
        home = np.flatnonzero(self.farm == farm)
        lent = np.flatnonzero(self.second == farm)
        bank = [self._fresh() for _ in range(p.bank)]
        shared = [10_000 + n for n in range(30)]
        for day in range(p.days):
            weekend = day % 7 >= 5
            if weekend and rng.random() > p.weekend_work:
                continue
            for _ in range(rng.poisson(p.tasks_per_day * (max(0.4, p.weekend_work) if weekend else 1.0))):
                bank[int(rng.integers(len(bank)))] = self._fresh()
                brief = [self._fresh() for _ in range(int(rng.integers(*p.brief)))]
                self._wave(farm, day, home, lent, [bank, brief], shared)

    def _wave(
        self,
        farm: int,
        day: int,
        home: NDArray[np.int64],
        lent: NDArray[np.int64],
        ready: Sequence[Sequence[int]],
        shared: Sequence[int],
    ) -> None:
        rng, p = self.rng, self.p
        alive = home[(self.born[home] <= day) & (self.dies[home] > day)]
        begin = START + day * DAY
        wanted = {*self._side(int(alive[0]), begin, farm)} if len(alive) else set()
        low, high = np.searchsorted(self.post_at, [begin - 0.5 * DAY, begin + DAY])
        posts = [n for n in range(low, high) if self.post_subject[n] in wanted]
        if not posts or len(alive) < 3:
            return
        post = int(rng.choice(posts))
        team = rng.choice(alive, min(len(alive), int(rng.integers(*p.team))), replace=False)
        helpers = lent[rng.random(len(lent)) < p.spare_work * 0.3]
        hour = rng.uniform(19, 26) if rng.random() < p.night_shift * 0.5 else self._office_hour()
        start = max(begin + hour * 3600, self.post_at[post] + 300)
        for account in [*team, *helpers]:
            at = start + rng.exponential(p.wave_minutes * 60 * 0.4) + rng.normal(0, 60)
            subject = int(self.post_subject[post])
            polarity = 1 if subject == self._side(int(account), at, farm)[0] else -1
            answered = int(rng.choice(team)) if rng.random() < p.replies else UNKNOWN
            text = self._farm_text(ready, shared)
            self.rows.add(int(account), at, text, post, subject, answered if answered != account else -1, polarity)

    def _office_hour(self) -> float:
        hour = float(self.rng.uniform(9.7, 18.5))
        # Lunch is kept by most.
        return hour if not 13 <= hour < 14 or self.rng.random() < 0.25 else hour + 1.1

    def _farm_text(self, ready: Sequence[Sequence[int]], shared: Sequence[int]) -> int:
        rng, p = self.rng, self.p
        if rng.random() < p.shared_slogans:
            return int(rng.choice(shared))
        if rng.random() < p.reuse and rng.random() > p.reword:
            # The task's own texts are used most, and favourites of the bank more than the rest.
            texts = ready[int(rng.random() < 0.7)]
            return texts[int(len(texts) * rng.random() ** 1.5)]
        return self._fresh()

    def _honest_life(self) -> None:
        """Comments of the honest and the crowd, and what farm accounts write for cover, by how hot a post is."""
        rng, p = self.rng, self.p
        by_subject = [np.flatnonzero(self.post_subject == s) for s in range(p.subjects)]
        heat = [self.post_heat[n] / self.post_heat[n].sum() if len(n) else self.post_heat[n] for n in by_subject]
        everywhere = self.post_heat / self.post_heat.sum()
        friends = rng.permutation(np.arange(p.farm_accounts, self.total))
        self.friend = {int(a): int(b) for a, b in zip(friends[0::2], friends[1::2], strict=False)}
        scandal = START + rng.uniform(0.2, 0.8) * p.days * DAY
        for account in range(self.total):
            is_farm = self.farm[account] != HONEST
            days = (self.dies[account] - self.born[account]) * self.speed[account]
            rate = p.own_life * 0.5 if is_farm else p.honest_rate * (0.5 if self.kind[account] == "crowd" else 1.0)
            idol = int(self.praises[rng.integers(p.farms)])
            foe = int(self.attacks[rng.integers(p.farms)])
            turns = scandal if not is_farm and rng.random() < 0.06 else None
            for _ in range(rng.poisson(max(0.0, rate * days)) + (3 if not is_farm else 0)):
                fond = self.kind[account] == "fan" and rng.random() < 0.75
                subject = (idol if rng.random() < 0.7 else foe) if fond else int(rng.integers(p.subjects))
                pool, odds = (by_subject[subject], heat[subject]) if fond else (None, everywhere)
                if pool is not None and not len(pool):
                    continue
                post = int(rng.choice(pool, p=odds) if pool is not None else rng.choice(len(self.post_at), p=odds))
                self._honest_comment(account, post, idol, turns)

    def _honest_comment(self, account: int, post: int, idol: int, turns: float | None) -> None:
        rng, p = self.rng, self.p
        kind = self.kind[account]
        at = self.post_at[post] + rng.exponential(2.5 * 3600)
        local = (at - START) % DAY / 3600
        if kind == "fan" and not 9 <= local < 19:
            at = self.post_at[post] + rng.exponential(1800)
        elif 1 <= local < 7:
            at += 7 * 3600
        day = (at - START) / DAY
        if not self.born[account] <= day < self.dies[account]:
            return
        copying = {"fan": 0.5 * p.viral, "viral": 2 * p.viral, "petitioner": 0.3 * p.viral}.get(kind, 0.1 * p.viral)
        virals = 10_000 + int(120 * rng.random() ** 3)
        text = virals if rng.random() < copying else self._fresh()
        subject = int(self.post_subject[post])
        likes = 1 if subject == idol else (-1 if rng.random() < 0.7 else 1)
        polarity = -likes if turns is not None and at >= turns else likes
        pal = self.friend.get(account, UNKNOWN)
        answered = pal if pal != UNKNOWN and rng.random() < 0.06 else UNKNOWN
        if answered == UNKNOWN and rng.random() < 0.08:
            answered = int(rng.integers(self.total))
        self.rows.add(account, at, text, post, subject, answered if answered != account else UNKNOWN, polarity)

    def _petitions(self) -> None:
        """A real campaign: citizens copy a petition under posts of one subject within two days."""
        rng, p = self.rng, self.p
        citizens = np.flatnonzero(self.kind == "petitioner")
        crowd = np.flatnonzero(self.kind == "crowd")
        for number in range(int(rng.integers(1, 4))):
            begin = rng.uniform(0.1, 0.85) * p.days
            low, high = np.searchsorted(self.post_at, [START + begin * DAY, START + (begin + 2) * DAY])
            if high <= low:
                continue
            variants = [20_000 + number * 10 + n for n in range(int(rng.integers(1, 4)))]
            joined = np.concatenate([citizens, crowd[rng.random(len(crowd)) < 0.1]])
            for account in joined[rng.random(len(joined)) < 0.8]:
                for _ in range(int(rng.integers(1, 4))):
                    post = int(rng.integers(low, high))
                    at = self.post_at[post] + rng.exponential(1.5 * 3600)
                    text = int(rng.choice(variants))
                    self.rows.add(int(account), at, text, post, int(self.post_subject[post]), UNKNOWN, -1)

    def _pictures(self) -> None:
        rng, p = self.rng, self.p
        for account in range(self.total):
            if rng.random() < p.lost_photos:
                continue
            if rng.random() < (p.popular_photo if self.farm[account] == HONEST else p.popular_photo * 0.6):
                photo = int(12 * rng.random() ** 2)
            else:
                photo = 1_000 + account
            if self.farm[account] != HONEST and rng.random() < p.photo_reuse:
                mates = np.flatnonzero(self.farm == self.farm[account])
                photo = 1_000 + int(mates[rng.integers(max(2, len(mates) // 3))])
            heir = self.heir_of.get(account)
            if heir is not None and rng.random() < p.heir_photo:
                photo = 1_000 + heir
                self.photos.append((heir, photo))
            self.photos.append((account, photo))

    def _seen(self) -> World:
        """What a newsroom has of all this, with its gaps; accounts in a random order, the crowd last."""
        rng, p, rows = self.rng, self.p, self.rows
        kept = rng.random(len(rows.account)) >= p.lost_comments
        column = {n: np.array(getattr(rows, n), dtype=np.int64)[kept] for n in _Rows.__dataclass_fields__}
        listed = p.farm_accounts + p.honest
        order = np.concatenate([rng.permutation(listed), np.arange(listed, self.total)])
        place = np.empty(self.total, dtype=np.int64)
        place[order] = np.arange(self.total)
        observed = rng.random(len(column["at"])) < p.stance_seen * 0.6
        wrong = rng.random(len(column["at"])) < p.stance_wrong
        polarity = np.where(wrong, -column["polarity"], column["polarity"])
        stances = Stances(
            account=place[column["account"]][observed],
            at=column["at"][observed],
            subject=column["target"][observed],
            polarity=polarity[observed],
        )
        answered = column["reply_to"]
        comments = Comments(
            account=place[column["account"]],
            at=np.where(rng.random(len(column["at"])) < p.lost_times, UNKNOWN, column["at"]),
            text=column["text"],
            post=column["post"],
            target=column["target"],
            reply_to=np.where(answered == UNKNOWN, UNKNOWN, place[answered]),
        )
        pictured = np.array(self.photos, dtype=np.int64).reshape(-1, 2)
        photos = Photos(account=place[pictured[:, 0]], photo=pictured[:, 1])
        activity = Activity(accounts=self.total, listed=listed, comments=comments, photos=photos, stances=stances)
        return World(
            parameters=p,
            activity=activity,
            farm=self.farm[order],
            second_farm=self.second[order],
            switched_at=self._seen_switches(order, place, stances),
            ever_switched=((self.switched != UNKNOWN) | np.isin(self.second, list(self.after)))[order],
            honest_kind=self.kind[order],
        )

    def _seen_switches(self, order: NDArray[np.int64], place: NDArray[np.int64], stances: Stances) -> NDArray[np.int64]:
        # Somebody who left before, came after, or was hardly heard of has not switched as far as anybody can know.
        moved = self.switched.copy()
        for account in np.flatnonzero(moved != UNKNOWN):
            mine = stances.at[stances.account == place[account]]
            before, after = int((mine < moved[account]).sum()), int((mine >= moved[account]).sum())
            if min(before, after) < 2:
                moved[account] = UNKNOWN
        return np.asarray(moved[order])


def harder(parameters: Parameters, **changes: float) -> Parameters:
    """The same world with some parameters changed."""
    return replace(parameters, **changes)  # type: ignore[arg-type]


def without_farms(world: World, listed: int = 500) -> Activity:
    """What everybody else did: so many honest accounts are on the list, and no farm is anywhere."""
    whole = world.activity
    honest = world.farm == HONEST
    kept = np.flatnonzero(honest)
    place = np.full(whole.accounts + 1, UNKNOWN)
    place[kept] = np.arange(len(kept))
    comments, photos, stances = whole.comments, whole.photos, whole.stances
    said, shown, held = honest[comments.account], honest[photos.account], honest[stances.account]
    return Activity(
        accounts=len(kept),
        listed=min(listed, len(kept)),
        comments=Comments(
            account=place[comments.account[said]],
            at=comments.at[said],
            text=comments.text[said],
            post=comments.post[said],
            target=comments.target[said],
            reply_to=place[comments.reply_to[said]],
        ),
        photos=Photos(account=place[photos.account[shown]], photo=photos.photo[shown]),
        stances=Stances(
            account=place[stances.account[held]],
            at=stances.at[held],
            subject=stances.subject[held],
            polarity=stances.polarity[held],
        ),
    )
