"""Every number that decides, each with where it comes from.

"Dev corpus" is a public collection of 117,955 troll-farm posts in Russian and English, 10,803 lines in Kyrgyz, Uzbek,
Tajik and Kazakh, and 249 hand-written threat sentences. None of it ships with the product.
"""

from __future__ import annotations

from typing import Final

# --- text ---

# Longest text that is compared; the rest is cut off. The longest comment a platform takes has 10,000 (YouTube).
TEXT_MAX_CHARS: Final = 20_000

# Shorter skeletons match only exactly, or but for slips of the keyboard (LITERAL_RATIO): unrelated short headlines
# reach any ratio by chance.
FUZZY_MIN_SKELETON: Final = 25

# Letters that must be left for hashtags to be dropped; a shorter text keeps the words of so many of them. With 30, 40
# and 60 letters 0.98, 0.99 and 0.99 of the posts with spaces put in are found (part "fit", 500 to 1,000 posts); with 60
# there were 33 unrelated ones with a copy instead of 26, for they share hashtags.
TAGLESS_MIN_LETTERS: Final = 40
HASHTAGS_KEPT: Final = 2

# Longest handle that is dropped whole (Instagram's limit), and letters that are dropped of a longer run (X's). Of a
# hashtag so many letters are dropped at most.
HANDLE_MAX_CHARS: Final = 30
HANDLE_USUAL_CHARS: Final = 15
HASHTAG_MAX_CHARS: Final = 20

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
# reworked posts teach and count nothing. From 8,000 texts on the first are 0.1-0.3 higher than that, since short texts
# keep their hashtags: of the 20,000 queries 15 have a copy among 100,000, by a forest that knew them (17 before that).
# Beyond 52,000 texts there are no real ones to fit on: the values rise on, more slowly.
COPY_ODDS: Final = {500: 2.9, 2_000: 2.9, 8_000: 3.5, 22_000: 4.0, 52_000: 4.2, 100_000: 4.4, 1_000_000: 4.8}
SIMILAR_ODDS: Final = {500: -1.0, 2_000: -1.0, 8_000: -0.8, 22_000: 0.0, 52_000: 0.6, 100_000: 0.7, 1_000_000: 1.3}

# A text with the same digits is a copy from these log-odds on, if the RapidFuzz ratio (0-100) of the skeletons in the
# coarsest spelling is this high and no single edit longer than a slip: typing errors, careless transliteration. Of 300
# edited posts a kind of the part "fit" it lifts 8 % typing errors from 0.977 to 0.990 and slang in Latin letters from
# 0.980 to 0.990; of the 20,000 unrelated queries it adds 2 to 13, without the odds 8, without the limit of an edit 7.
LITERAL_RATIO: Final = 88.0
LITERAL_ODDS: Final = 2.5
SLIP_MAX_LETTERS: Final = 2
# Letters from which a skeleton is compared so at all.
LITERAL_MIN_SKELETON: Final = 20

# RapidFuzz ratio (0-100) of the wholes from which a copy is a copy of the whole; below, one is a part of the other, or
# they share a part.
WHOLE_RATIO: Final = 70.0

# --- threats ---
# What these numbers and the lexicons give stands in benchmarks/RESULTS.md under "Threats": on unseen sentences expect
# that six in ten explicit threats reach "threat", and eight in ten "review" or above. Hints without an act are mostly
# missed.

# Longest text that is read for threats: as long as the longest that is compared.
THREAT_MAX_CHARS: Final = 20_000

# Words within which an act and its target belong together. The prototype on the same sentences took 55 characters.
THREAT_TARGET_WORDS: Final = 8

# Words within which "let us", "must" or "I want to" governs a verb.
THREAT_MODAL_WORDS: Final = 4

# Words within which a target makes a bare verb, without "must" or "let us", worth a look («всех вас перевешать»).
THREAT_BARE_WORDS: Final = 2

# Words within which an object ("him", "the deputies") belongs to an act that has no target.
THREAT_OBJECT_WORDS: Final = 4

# Words within which "me" or "him" is the verb's own object («меня грохнут, а ты ...»).
THREAT_OWN_OBJECT_WORDS: Final = 2

# Letters of an act in Latin letters from which it needs no addressee: of 750 Uzbek ordinary lines two held a shorter
# one.
THREAT_LATIN_LETTERS: Final = 7

# Words before an act within which "not" or "nobody" denies it.
THREAT_NEGATION_WORDS: Final = 3

# Words within which a harmless sense ("the economy", "the film") claims an act.
THREAT_BENIGN_WORDS: Final = 4

# Words within which a target is the act's own object, so that a harmless word nearby only lowers the level by one.
THREAT_ADJACENT_WORDS: Final = 2

# Words within which a reporting verb ("threatened", "court") claims an act.
THREAT_REPORT_WORDS: Final = 8

# The linear model: bits of a place in its table (131,072 weights of one byte), words of a piece of a long sentence and
# sentences that are read at most. With 16 bits it finds up to 10 in 100 threats fewer at 2 alarms in 1,000 ordinary
# lines.
THREAT_MODEL_BITS: Final = 17
THREAT_MODEL_WORDS: Final = 40
THREAT_MODEL_SENTENCES: Final = 60

# Bits of a place in the table of the model that tells kinds apart.
THREAT_KIND_BITS: Final = 13

# How strongly weights are pulled back to where they started, in the loss of one text a unit squared.
THREAT_MODEL_PULL: Final = 1e-6

# Probabilities from which the model raises a text to "review"; from which it makes a threat of an act with a target
# that the rules only put to review; and of words in which they see no act, where somebody is addressed and where nobody
# is. Of 4,000 Russian, 2,000 Kyrgyz, 1,500 English and 700 Uzbek ordinary lines that judge nothing, rules and model
# together call 2.5, 1.5, 5.3 and 0 in 1,000 a threat, and put 13, 6, 28 and 7 to review. (The English ones are of a
# foreign troll factory.)
THREAT_MODEL_REVIEW: Final = 0.66
THREAT_MODEL_ALERT: Final = 0.45
THREAT_MODEL_AIMED: Final = 0.75
THREAT_MODEL_SURE: Final = 0.92

# Words that are shown as what the model went by.
THREAT_MODEL_SPANS: Final = 3

# A model taught on a newsroom's rulings is tried on so many parts in turn, and used only with at least so many rulings
# of each kind: with fewer, the interval of the gain says nothing.
THREAT_MODEL_FOLDS: Final = 5
THREAT_MODEL_LEAST_LABELS: Final = 20

# A newsroom's own threat words: how long one may be, in characters and words, how many letters its longest word must
# have (a star costs one: a shorter beginning fits half of the dictionary), and how many of them count.
OWN_WORD_MAX_CHARS: Final = 80
OWN_WORD_MAX_WORDS: Final = 6
OWN_WORD_MIN_LETTERS: Final = 4
OWN_WORDS_MAX: Final = 500

# Rulings that a model learns from at most, the latest ones: three seconds of one core.
THREAT_LABELS_MAX: Final = 1_000

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

# From which likeness of names (detection.accounts.name_index, 0-1) an account is said to use a protected person's name:
# the same name in another script has 0.94 and more, another surname of the same length 0.85 and less.
IMPERSONATION_LIKENESS: Final = 0.92

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

# Share of two colours from which a region is a letter, a silhouette or an icon and no photo. Of 1,000 photos the whole
# has at most 0.715 at the 99.8th percentile, a small round one as it arrives (28-160 px, JPEG 60-80) 0.853; of what is
# proposed on drawn screens without any photo 55 % has more than 0.85.
PHOTO_TWO_COLOURS: Final = 0.86

# Side of a region on a screenshot, as a share of the screen's width, below which it is not compared with one as small
# on another screenshot: letters in discs, and the reader's own photo beside the field to write in, are on every one of
# them. Photos of comments take 0.06-0.11, of profiles 0.2 and more.
PHOTO_SCREEN_SMALL_SHARE: Final = 0.15

# A border line is plain when this share of it lies within this many levels of one colour, and a border is worth cutting
# when it leaves at most this share of the picture. With these values framed photos are matched at 0.976-0.996.
PHOTO_FRAME_TOLERANCE: Final = 14
PHOTO_FRAME_UNIFORM_SHARE: Final = 0.97
PHOTO_FRAME_MAX_SHARE: Final = 0.97

# --- photos inside pictures ---
# "Fit" are 900 of the photos with the edits and screens of benchmarks/images/fitting; what judges is never among them.

# Round and rectangular photos that are looked for on a page, squares that lie on another picture, and how many there
# may be with the whole and what a border encloses. A thread shows six to fourteen avatars, a profile one photo and its
# wall; each costs 15 ms.
PHOTO_CIRCLES: Final = 16
PHOTO_BLOCKS: Final = 6
PHOTO_SQUARES: Final = 3
PHOTO_REGIONS: Final = 24

# Photos across the whole page: how many, the change in grey levels and the share of a row that changes by it at their
# edges, how high they are in widths of the page; and how much of a row is drawn where it is the page's, and which share
# of a photo's rows may be such (a plain sky, a dark scarf).
PHOTO_BANDS: Final = 1
PHOTO_BAND_STEP: Final = 4
PHOTO_BAND_EDGE: Final = 0.75
PHOTO_BAND_LEAST: Final = 0.4
PHOTO_BAND_MOST: Final = 1.4
PHOTO_BAND_DRAWN: Final = 0.75
PHOTO_BAND_PAGES: Final = 0.3

# Such a square has this side in pixels of the shrunk page, and its outline encloses this share of its box.
PHOTO_SQUARE_MIN_SIDE: Final = 48
PHOTO_SQUARE_FILLED: Final = 0.9

# Grey levels of 255 by which neighbours may differ on a drawn surface; a picture of a phone's shape is a screenshot
# when so much of it is drawn.
PHOTO_DRAWN_TOLERANCE: Final = 2
PHOTO_SCREEN_TALL: Final = 1.7
PHOTO_SCREEN_DRAWN: Final = 0.2

# Width in pixels to which a page is shrunk before it is searched: a third of the time, and the circles are then moved
# to a third of a pixel of it.
PHOTO_LAYOUT_WIDTH: Final = 540

# Roundness (OpenCV's param2 for HOUGH_GRADIENT_ALT: 0.8-0.95 are its documentation's values for circles that are
# nearly perfect) and least radius in pixels of the shrunk page.
PHOTO_CIRCLE_ROUNDNESS: Final = 0.8
PHOTO_CIRCLE_MIN_RADIUS: Final = 14

# Height in pixels from which a tall page is a screenshot: in a smaller one no word can be read.
PHOTO_SCREEN_MIN_HEIGHT: Final = 640

# Noise, as a share of the picture's contrast, from which a picture is also softened before points are looked for, from
# which it is only looked at softened, and by how many pixels of 256: most of the strongest points of a faded, grainy
# photo are grain. Of such photos that were also cropped, turned, written on, shrunk and recompressed 0.92 have the true
# one among the candidates when absolute noise decides, 0.98 with these. Of untouched photos one in seven has 0.02 and
# one in fifteen 0.04; of photos with text on them a half has 0.02.
PHOTO_GRAIN: Final = 0.02
PHOTO_MUCH_GRAIN: Final = 0.04
PHOTO_GRAIN_BLUR: Final = 2.2

# Share of the page's own colours from which there is a page at all, and share of one colour from which it is the
# page's: values of the prototype. A picture on it has at least this side, at most this aspect, this deviation in grey
# levels and this many shades; buttons have fewer.
PHOTO_BLOCK_PAGE_SHARE: Final = 0.12
PHOTO_BLOCK_COLOUR_SHARE: Final = 0.03
PHOTO_BLOCK_MIN_SIDE: Final = 26
PHOTO_BLOCK_MAX_ASPECT: Final = 3.2
PHOTO_BLOCK_MIN_DEVIATION: Final = 14.0
PHOTO_BLOCK_MIN_SHADES: Final = 24

# Share in common from which two regions are one.
PHOTO_REGION_SAME: Final = 0.7

# Least side in pixels of a region that may be a photo: avatars arrive at 52 pixels when the application shows them at
# 96 and Telegram shrinks the screenshot; half of that holds no face.
PHOTO_PROPOSAL_MIN_SIDE: Final = 28

# Of a circle the square inside it is hashed: side 0.70 of the diameter, a little less than the inscribed one (0.707) so
# that the edge stays out. A story ring is found as the circle: 0.88 of its radius is the photo's (recall 0.32 to 0.90).
PHOTO_DISC_SQUARE: Final = 0.70
PHOTO_RING_SHARE: Final = 0.88

# Outside a page a circle counts from this share of the shorter side: a photo that was cut round, not an eye or a wheel.
PHOTO_DISC_FILLS: Final = 0.55

# Share of a circle's radius inside which points are looked for: the edge is the same for every round photo.
PHOTO_DISC_POINTS: Final = 0.93

# A region that is longer than this many times its other side is also hashed as its middle square, as avatars are cut.
PHOTO_SQUARE_ASPECT: Final = 1.08

# Long side in pixels of the grey copy that two regions are compared by, spot by spot: that of a fresh picture (the
# photo may be a part of it), and that of a stored one with its JPEG quality, 3-4 KB.
PHOTO_VIEW_SIDE: Final = 256
PHOTO_STORED_VIEW_SIDE: Final = 128
PHOTO_STORED_VIEW_QUALITY: Final = 85

# Points that are looked for in a region, and how weak (OpenCV's contrastThreshold; its default 0.04 leaves half of the
# soft portraits with fewer than 100) and how edge-like they may be. An avatar of 52 pixels has the true photo among the
# best 12 candidates in 0.97 of 100 queries with these values.
PHOTO_KEYPOINTS: Final = 160
PHOTO_KEYPOINT_CONTRAST: Final = 0.01
PHOTO_KEYPOINT_EDGE: Final = 12.0

# Long side in pixels at which points are looked for, and for regions that are smaller than the second number: shrunk
# screenshots show avatars of 50-180 pixels, which hold nothing finer.
PHOTO_KEYPOINT_SIDE: Final = 256
PHOTO_KEYPOINT_SMALL_SIDE: Final = 192
PHOTO_KEYPOINT_SMALL_BELOW: Final = 128

# Points of a stored region that vote for it, the strongest. Of 100 avatars of 52 pixels among 1,700 photos the true one
# is among the best 12 for 0.97 with 64, 0.98 with 80 and 0.98 with 160, each of which costs its share of the memory.
PHOTO_VOTING_POINTS: Final = 80

# Cells of the voting index that a point looks into, of 262,144, and bits of 128 up to which two points agree: 8, 12 and
# 20 cells find 0.97, 0.98 and 0.98 of those avatars; 24 bits as in the prototype, 30 finds no more.
PHOTO_PROBED_CELLS: Final = 12
PHOTO_POINT_BITS: Final = 24

# Candidates that are compared in full: so many by their votes, or as many as these for each region; and those nearest
# by hash, within bits of 256 at which unrelated photos begin to crowd.
PHOTO_CANDIDATES: Final = 12
PHOTO_REGION_CANDIDATES: Final = 5
PHOTO_NEAR_CANDIDATES: Final = 3
PHOTO_NEAR_BITS: Final = 72

# Bits of 128 by which the half of a hash that holds the low frequencies may differ: as many as make a match in all, so
# that no match is passed over. Of unrelated hashes hardly one in 10,000 is as near.
PHOTO_NEAR_HALF_BITS: Final = PHOTO_MATCH_BITS

# Votes below which a candidate is none: three points that agree.
PHOTO_MIN_VOTES: Final = 1.5

# Photos in memory from which they are written to a file: after a crash they are read again from the archive, 1 ms each.
PHOTO_TAIL: Final = 512

# A segment that is at most this many times as large as what is written is written anew with it: 100,000 photos then lie
# in at most five files, and each was written about as often.
PHOTO_SEGMENT_GROWTH: Final = 4

# Pixels of 256 within which points agree on a similarity, places that count as one, the ratio of Lowe's test, and the
# smallest change of size: values of the prototype.
PHOTO_RANSAC_PIXELS: Final = 6.0
PHOTO_PLACE_PIXELS: Final = 4.0
PHOTO_POINT_RATIO: Final = 0.8
PHOTO_MIN_SCALE: Final = 0.2

# Steps of the brightness alignment, how far it may move a corner (share of the view), and how many candidates get it:
# so many in all, and of each region so many whose points agree well enough. It takes 4 ms.
PHOTO_SETTLE_STEPS: Final = 20
PHOTO_SETTLE_SHARE: Final = 0.12
PHOTO_SETTLED: Final = 4
PHOTO_REGION_SETTLED: Final = 2

# Points in agreement from which they, and not the hashes, say how two regions lie on each other.
PHOTO_TRUSTED_INLIERS: Final = 6

# Pixels of a block of the compared views, how much both are softened, and the deviation in grey levels below which a
# block says nothing.
PHOTO_VIEW_BLOCK: Final = 16
PHOTO_VIEW_BLUR: Final = 1.0
PHOTO_BLOCK_EVEN: Final = 4.0

# Steps of evidence, any of which is enough: places in agreement, median correlation, blocks compared. On the part "fit"
# (1,600 edited photos and screens among 1,300, each also as a query for all the others; 900 queries with other photos)
# copies of 120 pixels and more have a correlation of 0.97 and more, and the nearest other picture, the next frame of
# one sitting, 0.965 with 48 places; another sitting of the same person up to 0.89 with 27. Few blocks are compared of
# photos that are dark but for a face: they agree at 0.998. Smaller copies are softer, from 0.93 on; the next but one
# frame of one scene has 0.951 with 19 there, anything else at most 0.88. "Possible" fires on 0.03 of queries with other
# photos, nearly always the same person's.
PHOTO_MATCHES: Final = ((0, 0.98, 24), (4, 0.975, 20), (6, 0.965, 12), (14, 0.985, 5), (60, 0.80, 8))
PHOTO_PAGE_MATCHES: Final = ((0, 0.95, 8),)
PHOTO_SMALL_MATCHES: Final = ((6, 0.96, 12), (25, 0.93, 10))

# The same for a query with grain (`PHOTO_GRAIN`), once both views were softened by so many pixels of the known one:
# what recompression leaves of grain is slow, and lowers the correlation of true copies to 0.90-0.96, but to 0.96-0.99
# when softened; that of other photos reaches 0.938 with 15 places then (the next but one frame of a scene), else 0.935
# with 11. Of 645 faded, grainy, turned, cropped copies with text 0.92 are a match with it, 0.81 without.
PHOTO_GRAIN_VIEW_BLUR: Final = 2.0
PHOTO_GRAINY_MATCHES: Final = ((3, 0.98, 20), (5, 0.975, 20), (8, 0.96, 16), (14, 0.95, 20))
PHOTO_GRAINY_SMALL_MATCHES: Final = ((6, 0.95, 12),)

PHOTO_POSSIBLES: Final = ((12, 0.4, 6), (6, 0.8, 9), (0, 0.9, 12))

# Shorter side in pixels below which a copy is small, and below which nothing is more than possible: of a face there
# are 20 pixels left, and nothing was measured.
PHOTO_SMALL_SIDE: Final = 120
# Shorter side in pixels below which a possible match asks for a larger picture: a profile photo of 160 pixels in a
# screenshot of 2,340 arrives as 87 when Telegram shrinks it, and is still found nearly always; one of 96 as 52.
PHOTO_SURE_SIDE: Final = 80
PHOTO_MATCH_MIN_SIDE: Final = 40

# Share of two pictures that must be the same for them to be one that was sent out for posting: a photo on a poster, or
# a poster's corner, is another picture. Not measured: half is where either would be the smaller part.
PHOTO_SAME_PICTURE: Final = 0.5

# Share of a known photo that must be seen for it to be whole, and degrees from which it is turned: what a border or a
# recompression moves lies below.
PHOTO_WHOLE_SHARE: Final = 0.93
PHOTO_TURNED_DEGREES: Final = 1.5

# Correlation from which the pixels are a reason of their own, and places by which half of the points' score is reached.
PHOTO_PIXELS_AGREE: Final = 0.8
PHOTO_SCORE_INLIERS: Final = 10

# --- who suspects an account ---

# Sum of the weights of independent voices from which a suspicion counts. One voice weighs less than 1 whatever its
# record (Beta(1, 1) prior), so that nobody reaches it alone; two without a record weigh 0.5 each. A list that came by
# the command line weighs as much as two: whoever has the server has the database.
STANDING_COUNTED: Final = 1.0
STANDING_LIST_WEIGHT: Final = 1.0

# Days in which somebody and whoever brought them count as one voice while neither has a record, and in which half of a
# record's weight fades. Not measured: a month is what a newsroom takes to know a newcomer, half a year an election.
REPORTER_LINK_DAYS: Final = 30.0
REPORTER_RECORD_HALF_LIFE_DAYS: Final = 180.0

# Accounts that one member lists by hand within so many minutes before the admin is asked whether they shall count: a
# person who types links and reasons lists two or three a minute at most, a script does not look at what it lists.
REPORT_BURST_ACCOUNTS: Final = 12
REPORT_BURST_MINUTES: Final = 10.0

# Accounts about which one person alone may take back what a list, or a member, said. Not measured: 20 are looked
# through one by one before the press, and again if it was a thief's; published lists have hundreds.
WITHDRAW_ALONE_MOST: Final = 20
