"""Every number that decides, each with where it comes from.

"Dev corpus" is a public collection of 117,955 troll-farm posts in Russian and English, 10,803 lines in Kyrgyz, Uzbek,
Tajik and Kazakh, and 249 hand-written threat sentences. None of it ships with the product.
"""

from __future__ import annotations

from typing import Final

# --- text ---

# Longest text that is compared; the rest is cut off. The longest comment a platform takes has 10,000 (YouTube).
TEXT_MAX_CHARS: Final = 20_000

# Shorter skeletons match only exactly: unrelated short headlines reach any ratio by chance. It is also the number of
# letters that must be left for hashtags to be dropped.
FUZZY_MIN_SKELETON: Final = 25

# Letters of a fingerprint, and neighbouring ones of which the smallest is kept. Of the designs compared on 12,080
# edited texts among 100,000, 6-grams with a window of 4 found the source among 20 candidates for 0.994 (window 8:
# 0.990; 8-grams: 0.991), with 26-32 rows a text.
FINGERPRINT_GRAM: Final = 6
FINGERPRINT_WINDOW: Final = 4

# Texts that are kept for one fingerprint, in memory as in the archive. With 16, 64 and 256 of them the source was among
# the best 20 candidates in 0.991, 0.994 and 0.998 of 4,000 queries against 100,000 texts.
POSTINGS_CAP: Final = 64

# Fingerprints of one text at most: those of some 2,500 letters.
FINGERPRINTS_MAX: Final = 1_024

# Stored texts that a text is compared with at most, and the mass below which they are not: of 13,200 edited posts of
# the dev corpus the source is first in 0.966 and below 1.0 in 0.006.
CANDIDATES_MAX: Final = 12
CANDIDATE_MIN_MASS: Final = 1.0

# Among fewer texts than these a stretch is as rare as among these: one that the only stored text has is not common.
RARITY_MIN_STORE: Final = 1_000

# Letters of two texts within which single edits are looked for: the one step that costs the square of the length, 50 ms
# for two texts of 20,000 letters. The rest of a longer text counts by its ratios and common stretches alone.
EDITS_MAX_CHARS: Final = 3_000

# Mass from which a candidate is compared in full, else the ratio (0-100) as a whole or with sorted words. Of 26,227
# edited posts with a score of similar or better all but 0.0001 have one of the two; of unrelated candidates 0.10 have.
PROMISING_MASS: Final = 4.0
PROMISING_RATIO: Final = 55.0

# Letters of the stretches that two texts are compared by, what one that is not common costs within a segment, and the
# weight below which a stretch is common: values of the prototype.
LIKENESS_GRAM: Final = 5
LIKENESS_MISS: Final = 0.25
COMMON_WEIGHT: Final = 0.5

# Log-odds of the forest from which a text is a copy, or similar, by the number of stored texts; between two sizes they
# are interpolated over its logarithm. Fitted on the part "fit" of the dev corpus (benchmarks/text/fitting): of 20,000
# unrelated queries, each judged by a forest that had not seen it, at most 5e-4 are above the first (half of what is
# allowed: other texts are never quite the same) and 1e-2 above the second; 36 pairs that were read and found to be
# reworked posts teach and count nothing. Beyond 52,000 texts there are no real ones to fit on: the values rise on, more
# slowly (among generated ones 3.5 were enough at 100,000).
COPY_ODDS: Final = {500: 2.9, 2_000: 2.9, 8_000: 3.4, 22_000: 3.9, 52_000: 4.0, 100_000: 4.1, 1_000_000: 4.6}
SIMILAR_ODDS: Final = {500: -1.0, 2_000: -1.0, 8_000: -0.8, 22_000: 0.0, 52_000: 0.6, 100_000: 0.7, 1_000_000: 1.3}

# RapidFuzz ratio (0-100) of the skeletons from which a text with the same numbers is a copy, whatever the forest says:
# of 20,000 unrelated queries of the part "fit" 3 have such a text among 52,000, two of them the same phrase.
LITERAL_RATIO: Final = 94.0

# RapidFuzz ratio (0-100) of the wholes from which a copy is a copy of the whole; below, one is a part of the other, or
# they share a part.
WHOLE_RATIO: Final = 70.0

# --- threats ---
# With these numbers, lines of the dev corpus per 1,000 at "threat" and "review": Russian 0.19 and 0.13 (67,955 lines),
# English 0.18 and 0.20 (50,000), Kyrgyz, Uzbek and others 0 and 0.19 (10,803 lines).
# On 56 sentences in less usual words, written after the rules, "threat" had precision 0.95 and recall 0.58 before the
# rules learnt from them: expect that, not more, of unseen text. Hints without an act are mostly missed.

# Longest text that is read for threats: as long as the longest that is compared.
THREAT_MAX_CHARS: Final = 20_000

# Words within which an act and its target belong together. The prototype on the same sentences took 55 characters.
THREAT_TARGET_WORDS: Final = 8

# Words within which "let us", "must" or "I want to" governs a verb.
THREAT_MODAL_WORDS: Final = 4

# Words within which an object ("him", "the deputies") belongs to an act that has no target.
THREAT_OBJECT_WORDS: Final = 4

# Words before an act within which "not" or "nobody" denies it.
THREAT_NEGATION_WORDS: Final = 2

# Words within which a harmless sense ("the economy", "the film") claims an act.
THREAT_BENIGN_WORDS: Final = 4

# Words within which a target is the act's own object, so that a harmless word nearby only lowers the level by one.
THREAT_ADJACENT_WORDS: Final = 1

# Words within which a reporting verb ("threatened", "court") claims an act.
THREAT_REPORT_WORDS: Final = 8

# Shortest word of a name of several words that stands for the name alone: "Темирова", but not "Али". A wrong one only
# names a target; without an act beside it nothing is said.
STAFF_WORD_MIN: Final = 6

# Letters that a case ending may add to a name (Kyrgyz "Темировдордун" adds 7, ordinary ones up to 5).
STAFF_ENDING_MAX: Final = 5

# Severity of a threat by kind, 1 to 4; imminence adds one. Ranked as in the prototype: bodily harm, exposure, law.
THREAT_SEVERITY: Final = {
    "death": 4,
    "sexual": 4,
    "kidnap": 4,
    "arson": 3,
    "violence": 3,
    "doxx": 2,
    "stalking": 2,
    "family": 2,
    "incitement": 2,
    "legal": 1,
}
THREAT_MAX_SEVERITY: Final = 4

# A review is not graver than this until a person has looked; a curse or a call against third parties not than 1.
THREAT_REVIEW_SEVERITY: Final = 2

# Spans that are given back at most: what a card can show, whatever a hostile text holds.
THREAT_MAX_SPANS: Final = 50

# --- accounts ---

# Longest address that is read, and most links of one text; both far above what people send.
LINK_MAX_CHARS: Final = 2_048
LINKS_MAX: Final = 100

# Shortest look-alike form of a handle that is compared: below, unrelated handles collide.
HANDLE_SKELETON_MIN: Final = 6

# Shortest name key that is compared: a first name alone («Айгерим») says nothing.
NAME_KEY_MIN: Final = 9

# RapidFuzz ratio (0-100) of name keys from which names are similar: one letter in ten may differ.
SIMILAR_NAME_RATIO: Final = 90.0

# How far each reason counts (0-1); only the order matters.
ACCOUNT_SCORES: Final = {
    "same_id": 1.0,
    "same_handle": 0.99,
    "lookalike_handle": 0.7,
    "same_name": 0.6,
    "similar_name": 0.5,
}
# The same handle on another platform is often, not always, the same person.
OTHER_PLATFORM_HANDLE_SCORE: Final = 0.65
# A look-alike handle together with the same name.
LOOKALIKE_WITH_NAME_SCORE: Final = 0.9

# --- images ---
# "Photos" are 3,000 public portraits of at most 256 px a side; edits are of 500 of them, searched among all 3,000.

# Long side to which a picture is shrunk before it is hashed. phash costs 9 ms at 1280 px and 2 ms below 481 px, with
# the same recall.
PHOTO_HASHED_SIDE: Final = 256

# Bits of 256 up to which two pictures are copies. Of 9 million comparisons of photos (each plain and mirrored) none is
# below 46, where two shots of one sitting lie; different people begin at 56. Recall 0.988-0.998 for mirrored JPEG 60,
# half size with +25 % light, 64 px, grey and blur; 0.976-0.996 with a border; no other photo hit in 6,000 queries.
PHOTO_MATCH_BITS: Final = 40

# Up to here a person is asked. One pair of the 3,000 photos lies between 40 and 50: one sitting. It lifts a 2 degree
# rotation from 0.89 to 0.99 and a 2 % crop from 0.44 to 0.84; a 5 % crop (0.01) is lost to a whole-picture hash.
PHOTO_POSSIBLE_BITS: Final = 50

# Grey levels of 255 by which a picture must deviate from an even slope to have a fingerprint at all. Of the photos the
# flattest has 7.9, the next 12.7; a blank has 0.0, a linear gradient 0.5.
PHOTO_FLAT_DEVIATION: Final = 4.0

# A colour is near the commonest one of a picture within this many levels of 255; the shares below are measured with it.
PHOTO_PLAIN_TOLERANCE: Final = 12

# Share of one colour from which a picture is a page and has no fingerprint as a whole; the lower one holds for pictures
# at least this many times as high as wide. Of 320 drawn phone screens in 4 applications all threads have over 0.62, and
# profiles 0.40-0.50 (Instagram's 0.24-0.28, whose hashes lie 68 bits apart); unrelated threads come as near as 26 bits,
# profiles 38. Of the photos 10 in 3,000 count as pages and are lost to whole-picture matching.
PHOTO_PAGE_SHARE: Final = 0.55
PHOTO_TALL_PAGE_SHARE: Final = 0.35
PHOTO_TALL: Final = 1.5

# A border line is plain when this share of it lies within this many levels of one colour, and a border is worth cutting
# when it leaves at most this share of the picture. With these values framed photos are matched at 0.976-0.996.
PHOTO_FRAME_TOLERANCE: Final = 14
PHOTO_FRAME_UNIFORM_SHARE: Final = 0.97
PHOTO_FRAME_MAX_SHARE: Final = 0.97

# Smallest side of a region that is worth a hash, in pixels of the picture as decoded: at 64 px recall is 0.996, and
# below it nothing is measured.
PHOTO_REGION_MIN_SIDE: Final = 40
