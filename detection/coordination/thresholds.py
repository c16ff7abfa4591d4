"""Every number that decides about links and farms, with where it comes from.

Unless it says otherwise a number was chosen on seeds 0-19 of benchmarks/farms/world.py, before any other seed was made.
"""

from __future__ import annotations

from typing import Final

#: Comments under one post so close together count as one wave: former trolls tell of minutes between a task and its
#: comments; half of a wave is over in that time in what newsrooms collected.
WAVE_SECONDS: Final = 600
#: At most so many later comments of a wave are paired with each comment: a busy post costs no more than that.
WAVE_PAIRS: Final = 40
#: A photo or text of more accounts than this is common property: nobody is linked by it. Bounds the pairs of a block.
COMMON_ACCOUNTS: Final = 250
#: An honest account that passes a text or photo on is so much likelier to have any given one than a random account.
PASSING_ON: Final = 3.0
#: What one shared photo, one shared text may add at most.
PHOTO_CAP: Final = 5.0
TEXT_CAP: Final = 3.5
#: The same text so many seconds apart is of one task; later it counts for so much only: it may have gone round.
TEXT_DAY: Final = 86_400
LATER_TEXT: Final = 0.25
#: Two accounts are at one target in one hour when no more accounts than this are.
HOUR_ACCOUNTS: Final = 60
#: Changes of allegiance so close together, in days, are one.
SWITCH_DAYS: Final = 3.0
#: Gain in log-likelihood from which a change of an account's allegiance is believed.
SWITCH_GAIN: Final = 5.0
#: Sum of the changes in mean polarity (-1..1) of the subject that lost most and the one that won most, at least.
SWITCH_TURN: Final = 1.2
#: The same for what a whole farm said, of which there must be so much on each side of the change.
FARM_SWITCH_GAIN: Final = 30.0
FARM_SWITCH_TURN: Final = 1.2
FARM_STANCES: Final = 12
#: Log-odds that an account of a farm that changed sides did so too: of ten about eight.
MEMBER_SWITCHES: Final = 1.4
#: Candidate pairs that are weighed at most; those with the strongest first signs.
CANDIDATES: Final = 1_200_000
#: No expectation is smaller: twice is not a habit, however unlikely.
LEAST_EXPECTED: Final = 0.05
#: The most that replies, a shared switch and an alike week may add: friends answer each other, a scandal turns many.
REPLY_CAP: Final = 2.0
SWITCH_CAP: Final = 2.0
RHYTHM_CAP: Final = 0.5
#: Comments within minutes are also within the hour: the hour counts for this share of its surprise.
HOURS_SHARE: Final = 0.3
#: Modularity's resolution: a little finer than its definition, so that farms of one client stay apart.
RESOLUTION: Final = 1.2
#: A pair counts no more than this in the search for communities: a few inseparable accounts must not drown the rest.
PAIR_CAP: Final = 12.0
#: No farm is smaller.
SMALLEST_FARM: Final = 4
#: A text is a community's own when so large a share of all who ever wrote it are its members; it counts for no more
#: than so many comments.
OWN_TEXT_SHARE: Final = 0.6
OWN_TEXT_COMMENTS: Final = 4
#: Constant and weights of inwardness, photos and texts (`signs`), then of how far each is below the archive's middle:
#: a logistic regression on the communities of seeds 0-4 of both worlds in all their kinds (benchmarks/farms), some of
#: them with the farms left out; honest and hired weigh the same.
SIGN_WEIGHTS: Final = (-5.96, 9.15, 5.19, 10.25, 8.13, 6.88, 7.06)
#: Log-odds from which a community is suggested as a farm; beside clear farms more is asked: this share of the clearest
#: one's log-odds, less a unit.
FARM_ODDS: Final = -0.5
FARM_ODDS_SHARE: Final = 0.3
#: Only a group of so many accounts sets such a measure: the signs of a handful swing widely.
CLEAR_ACCOUNTS: Final = 20
#: A member keeps to its community by at least this share of what its middle account does.
MEMBER_SHARE: Final = 0.6
#: A link is offered from this weight on (natural logarithms), of which so much is direct evidence on the two accounts.
LINK_WEIGHT: Final = 1.4
DIRECT_WEIGHT: Final = 0.5
#: So many links of an account are offered, the strongest: what a person can look through.
LINKS_AN_ACCOUNT: Final = 12
#: A group continues a farm when they share this of the smaller one's accounts.
SAME_FARM: Final = 0.3
#: So many comments have a rhythm: below, the hours of a handful of people would be called a shift.
RHYTHM_COMMENTS: Final = 60
#: An hour belongs to a shift from this share of the busiest three's mean on.
SHIFT_LEVEL: Final = 0.4
#: Hours in which lunch is looked for, and how far it dips below its neighbours.
LUNCH_HOURS: Final = (11, 12, 13, 14, 15)
LUNCH_DIP: Final = 0.75
#: Days before a vote in which overtime is looked for.
OVERTIME_DAYS: Final = 7
#: So many links of an account, its strongest, count in the search for communities.
NEAREST: Final = 100
