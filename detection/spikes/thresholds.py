"""Every number that decides about spikes, with where it comes from.

Unless it says otherwise a number was chosen on seeds 0-99 of benchmarks/spikes/world.py, before any other seed was
drawn.
"""

from __future__ import annotations

from typing import Final

#: Hours within which comments are counted: a flash, a day, a slow wave.
WINDOWS: Final = (6, 24, 72)
#: What a window's level is lowered by, since three are looked at: the day's is the surest, the others are earlier.
WINDOW_COST: Final = (0.1, 0.0, 0.0)
#: Fewer comments in a window are no wave, whatever is usual.
LEAST: Final = 3

# --- what is usual ---

#: Days after which a day counts half for the rate, for the hours' shares.
RATE_HALF_DAYS: Final = 21.0
HOURS_HALF_DAYS: Final = 40.0
#: Before anything is known: so many comments in so many days. Weak, so that two days outweigh it.
PRIOR_COMMENTS: Final = 0.3
PRIOR_DAYS: Final = 0.3
#: Days that a comment waits before it counts as usual, so that a wave does not hide itself; fewer while little is
#: known.
GUARD_DAYS: Final = 4
EARLY_GUARD_DAYS: Final = 1
EARLY_DAYS: Final = 14
#: Standard deviations above what is usual at which a day is cut off before it is learnt: a wave must not hide the next.
CUT: Final = 7.0
#: Shares of the hours before they are known: evenings, as under the posts of media; worth so many events.
PRIOR_HOURS: Final = (3, 2, 2, 2, 2, 2, 3, 6, 8, 10, 11, 12, 12, 12, 12, 12, 13, 14, 15, 16, 16, 15, 11, 7)
PRIOR_EVENTS: Final = 30.0
#: Variance among newsrooms of how weekends differ from other days, and of a weekday's factor among its own kind: how
#: far it is believed when little is known. Seven factors of one variance instead: recall of x10 for 24 h at 10 a day
#: 0.01 lower, false alarms of office hours 0.1 higher.
WEEKEND_VARIANCE: Final = 0.1
WEEKDAY_VARIANCE: Final = 0.01
#: A weekday's factor is no less.
WEEKDAY_LEAST: Final = 0.05

# --- how much it varies by itself ---

#: Variance of a day's effect, before it is known, and the days that this is worth. Real ones: 0.05 to 2.
DAY_VARIANCE: Final = 0.45
DAY_VARIANCE_DAYS: Final = 6.0
#: What is added for windows of less than a day, and of several days.
SHORT_VARIANCE: Final = 0.03
LONG_VARIANCE: Final = 0.02
#: Variance of the comments in an hour by their mean, before it is known, of comments and of events; worth so many.
CLUMP: Final = 2.2
CLUMP_EVENTS: Final = 12.0
#: One day's clumps count no more than this many of a comment.
CLUMP_MOST: Final = 60.0
#: Comments of an hour are counted as events: the first in full, others by this power of the batch's mean size. Batches
#: say little; that they are many says much. Recall of x10 for 24 h at 2 a day: 0.73 with comments, 0.78 with events.
BATCH_POWER: Final = -4.0
#: Comments a day from which batches overlap within an hour, and comments are counted as they are.
OVERLAP_RATE: Final = 8.0

# --- when it is an alarm ---

#: Days in which nothing is known, and only the absolute rule speaks.
MUTE_DAYS: Final = 3
#: log10 of the comments a day, the level that gave 0.9 false alarms in 100 quiet days at that rate, and the share of
#: quiet days whose highest level is above EXCESS_FROM.
RATES: Final = (-1.0, -0.3, 0.3, 1.0, 1.7)
LEVELS: Final = (1.7, 1.9, 2.48, 2.75, 2.7)
EXCESS_SHARE: Final = (0.003, 0.045, 0.235, 0.38, 0.355)
#: By how much the highest level of a quiet day is above EXCESS_FROM, on average, if it is; worth so many such days. And
#: the days that EXCESS_SHARE is worth. More of them, or one threshold for all series together, are too slow for worlds
#: that differ from the one in which LEVELS were chosen (false alarms 2.2 of 100 days in a steadier one).
EXCESS_FROM: Final = 1.0
EXCESS: Final = 0.53
EXCESS_DAYS: Final = 12.0
SHARE_DAYS: Final = 40.0
#: A level counts no more than this above the threshold of its day: a wave teaches little.
EXCESS_CUT: Final = 2.5
EXCESS_HALF_DAYS: Final = 60.0
#: What the threshold is higher by on the first day, less and less until LEARNT_DAYS.
EARLY_COST: Final = 0.8
LEARNT_DAYS: Final = 56
#: No level below this is an alarm.
LOWEST: Final = 1.2
#: In a watch window people expect something: so much lower (2.0 instead of 2.66 in the notes).
WATCH_DISCOUNT: Final = 0.66
#: Weeks whose same hours a watch window is compared with.
WATCH_WEEKS: Final = 6

# --- the absolute rule ---

#: Comments within hours that are a wave where fewer than ABSOLUTE_BELOW a day are usual.
ABSOLUTE: Final = ((5, 6), (8, 24))
ABSOLUTE_BELOW: Final = 1.0
#: False alarms a day that batches alone may give by it: of the budget of 0.012 a day a part.
ABSOLUTE_BUDGET: Final = 0.0015

# --- told again ---

#: Hours after which a wave that goes on is told again, or as soon as its count has grown by this factor.
AGAIN_HOURS: Final = 48
AGAIN_GROWTH: Final = 2.0
#: Hours between two messages of one wave at least: a great one doubles every few minutes in its first hour.
AGAIN_APART_HOURS: Final = 1
#: Hours without a raised level after which a spike is over.
OVER_HOURS: Final = 24

# --- what a wave looks like ---

#: A wave of so much that is known fakes or repeated texts looks made; of so much that is unfamiliar, like people. In
#: between nothing is said: the shares stand beside it. Chosen so that a clear majority, not a bare one, is spoken of.
MADE: Final = 0.6
UNFAMILIAR: Final = 0.6
