"""Look-alike letters: what stands for a Latin or a Cyrillic letter by its picture, or as a digit.

`FOREIGN` follows Unicode's confusables (UTS 39): letters of other scripts whose prototype is one Latin letter and that
no decomposition resolves. docs/normalisation.md says why this is a table and not a library. The rest was seen in
evasive comments.
"""

from __future__ import annotations

from typing import Final

# Script by script: the letter, and the Latin one that it looks like. Case counts: "H" may be "Н", "h" may be "н".
_PROTOTYPES: Final = (
    ("ͿΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγινορσυϜϳϺᴦ", "JABEZHIKMNOPTYXayivopouFjMr"),  # Greek
    ("εκτχηβωμλπφςΓΛΠΦ", "ektxnbwulnocTAnO"),  # Greek, by the ways of those who type it for Latin
    ("ՍՏՕագզհոռսցքօ", "USOwqqhnnugfo"),  # Armenian
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴꭵꮁꮃꮓꮩꮪꮯ", "DRTiYAJEWMHYGhZbRWSVSLCPKdGBirwzvsc"),  # Cherokee
    ("ᐯᑌᑭᑯᑲᒍᒪᕁᕼᕽᖇᖯᖴᗅᗞᗪᗰᗷ", "VUPdbJLxHxRbFADDMB"),  # Canadian syllabics
    ("ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPdDTGKJCZFMNLSRVHWXYAEIOU"),  # Lisu
    ("ⲅⲎⲒⲔⲘⲚⲞⲟⲢⲣⲤⲥⲦⲨⲬⳐ", "rHIKMNOoPpCcTYXL"),  # Coptic
    ("ⴸⴹⵏⵔⵕⵝᚷᛁᛕᛖሀዐଠꛟყჿഠဝ𑜆𑜊𑜎𑜏", "VEIOQXXIKMUOOVyooovwww"),  # Tifinagh, runes, scripts of Africa and Asia
    ("ƄƍƖƦƽɑɡɣɩɯʋᴑᶃᶌẝỿꞘꞙꞟꞲꞳꞴꬲꬵꬽꭇꭈꭎꭒꭚəʍ", "bgIRsagyiwuogyfyFfuJXBeforruuyem"),  # Latin of phonetics
    ("𐐄𐐕𐐛𐐠𐐬𐐽𐑈𐒴𐓂𐓎𐓪𐓶", "OCLSocsROUou"),  # Deseret, Osage
    ("𐔓𐔖𐔘𐔜𐔝𐔥𐔦𐔧𐌁𐌂𐌉𐌑𐌕𐌗", "NOKCVFLXBCIMTX"),  # Elbasan, Old Italic
    ("𑢠𑢢𑢣𑢤𑢦𑢩𑢮𑢲𑢵𑢸𑢼𑣀𑣁𑣂𑣃𑣄𑣈𑣗𑣘𑣜", "VFLYEZELOUTvsFizoouy"),  # Warang Citi
    ("𐊠𐊡𐊢𐊥𐊫𐊰𐊱𐊲𐊴𐋏𐊂𐊆𐊇𐊊𐊐𐊒𐊕𐊖𐊗", "ABCFOMTYXHBEFIXOPST"),  # Carian, Lycian
    ("𖼈𖼊𖼖𖼨𖼵𖼺𖽀𖽂𖽃", "VTLIRSAUY"),  # Miao
)
FOREIGN: Final = {
    letter: latin for letters, latins in _PROTOTYPES for letter, latin in zip(letters, latins, strict=True)
}

_CYRILLIC_OF_LATIN: Final = {
    **dict(zip("aceopxykmtuhibrnsvw", "асеорхукмтиніьгпѕвш", strict=True)),
    **dict(zip("ABCEHKMOPTXYINRW", "АВСЕНКМОРТХУІИЯШ", strict=True)),
}
_CYRILLIC_OF_FOREIGN: Final = {
    **dict(zip("αοερκντυχηιβγλπφωσμς", "аоеркитухпівулпфшомс", strict=True)),
    **dict(zip("ΑΒΕΗΚΜΝΟΡΤΧΥΙΓΛΠΦΔ", "АВЕНКМИОРТХУІГЛПФД", strict=True)),
    **dict(zip("օսհոəß", "оинпәв", strict=True)),
}
_LATIN_OF_CYRILLIC: Final = {
    **dict(zip("асеорхукмтіѕјԁһԛԝӏьгпвнүѵҽ", "aceopxykmtisjdhqwlbrnbhyve", strict=True)),
    **dict(zip("АВСЕНКМОРТХУІЅЈҮѴԌЬ", "ABCEHKMOPTXYISJYVGb", strict=True)),
    # What "faux Cyrillic" uses: "Яеd flдg".
    **dict(zip("яидшщцчбэ", "rnawwuybe", strict=True)),
    **dict(zip("ЯИДШЩЦЧБЭ", "RNAWWUYBE", strict=True)),
}

# A letter by its picture in the other script. Digits are read by `detection.text.leet`.
LETTERS_TO_CYRILLIC: Final = str.maketrans(
    {
        **{letter: _CYRILLIC_OF_LATIN.get(latin, latin) for letter, latin in FOREIGN.items()},
        **_CYRILLIC_OF_LATIN,
        **_CYRILLIC_OF_FOREIGN,
    }
)
LETTERS_TO_LATIN: Final = str.maketrans({**FOREIGN, **_LATIN_OF_CYRILLIC})

# A Latin word of these letters alone may be a Cyrillic word in disguise ("cyka"), and the other way round.
LOOKALIKE_LATIN: Final = frozenset("aceopxyksijABCEHKMOPTXYISJ") | frozenset(FOREIGN)
LOOKALIKE_CYRILLIC: Final = frozenset("асеорхукмтіѕјԁһԛԝӏвнүАВСЕНКМОРТХУІЅЈҮѴԌ") | frozenset(FOREIGN)

# Letters that look like nothing of the other script: they decide what a mixed word is.
ONLY_CYRILLIC: Final = frozenset("бджзилфцчшщъыэюяБДЖЗИЛФЦЧШЩЪЫЭЮЯөқғңӨҚҒҢ")
ONLY_LATIN: Final = frozenset("dfgjlqzDFGJLQSVZԁԛԝѕԌ") | {
    letter for letter, latin in FOREIGN.items() if latin in "dfgjlqzDFGJLQSVZUW"
}

# Of weaker evidence, for a word without the letters above in a text without them.
RATHER_CYRILLIC: Final = frozenset("нвтмгпкьГПЬ")
RATHER_LATIN: Final = frozenset("bhimnrstuvwNRUVW")

# A digit or sign that is read as a letter: in a Cyrillic word, in an English one, in Russian or Kyrgyz typed in Latin.
DIGITS_TO_CYRILLIC: Final = str.maketrans("013456789@$", "оізчсбтвяас")
DIGITS_TO_LATIN: Final = str.maketrans("013456789@$", "oieasbtbgas")
DIGITS_TO_SLANG: Final = str.maketrans(
    {**dict(zip("013568@$", "oizsbvas", strict=True)), "4": "ch", "7": "t", "9": "ya"}
)


def majority(text: str) -> int:
    """Above zero when the letters that only one script has say Cyrillic, below when they say Latin."""
    cyrillic = sum(map(ONLY_CYRILLIC.__contains__, text))
    return cyrillic - sum(map(ONLY_LATIN.__contains__, text))
