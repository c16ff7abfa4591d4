"""The normaliser's version: what it gives may not change without a new one."""

from detection.text import normalise
from detection.text.normalise import NORMALISER_VERSION

# What version 3 gives. When a row has to change, raise NORMALISER_VERSION: archives hold words made by the old one.
GOLDEN = {
    "Журналисты опять врут, хватит это терпеть!": "iurnalisti upiat vrut hvatit etu terpet",
    "Ещё щука в объезде, съёмка": "ese suka v ubezde semka",
    "Кыргызстандын өнүгүшү үчүн жаңы мыйзам керек": "kirgizstandin unugusu ucun iani mizam kerek",
    "Қазақстан әлем ұлт һәм ғылым": "kazakstan alem ult ham gilim",
    "Ҷумҳурии Тоҷикистон, ӯ ӣ": "cumhuri tucikistun u i",
    "Ўзбекистон ғалаба шаҳар йўқ": "uzbekistun galaba sahar iuk",
    "Oʻzbekiston gʻalaba shahar yoʻq": "uzbekistun galaba sahar iuk",
    "Ukraїna і Європа, ґанок": "ukraina i evrupa ganuk",
    "These people are paid to destroy our country": "these peuple are paid tu destrui ur cuntri",
    "What a shame, kickbox queen": "sat a same kickbuh kuen",
    "Zhurnalisty opyat' vrut": "iurnalisti upiat vrut",
    "jurnalisty opiat vrut": "iurnalisti upiat vrut",
    "4to ty xo4ew, menia ne pugay": "ctu ti huces menia ne pugai",
    "shchuka schet shar zhar khan tsar": "suka set sar iar han car",
    "Пpивeт, кaк дeлa": "privet kak dela",
    "вcя cyka вpёт": "vsia suka vret",
    "tехt оf thе уеаr": "teht uf the ear",
    "Ꮮіѕtеn tо Ꭺmеrіса": "listen tu america",
    "отка3ался 6ез ре6ёнк@": "utkazalsia bez rebenka",
    "h3llo w0rld, $top 7hem": "helu surld stup them",
    "в 2015 году 100 сом, iPhone 7": "v 2015 gudu 100 sum iphune 7",
    "3го мая 5й канал mp3 b2b": "3gu maia 5i kanal mp3 b2b",
    "п р и в е т всем": "privet vsem",
    "п.р.и.в.е.т в.с.е.м": "privet vsem",
    "п р и в е т   в с е м": "privet vsem",
    "аааааа ииии нееет": "a i net",
    "бл*ть су#а": "blt su a",
    "ᴘᴜᴛɪɴ ｐｕｔｉｎ 🅟🅤🅣🅘🅝 𝒑𝒖𝒕𝒊𝒏": "putin putin putin putin",
    "🇰🇬🇷🇺 привет 😀": "privet",
    "🇵 🇺 🇹 🇮 🇳": "putin",
    "ǝɯ ʞɔɐʇʇɐ": "atack me",
    "п\u0336р\u0301и\u200bв\u202eе\u0308т": "privet",
    "смотри https://t.co/abc и t.me/x @someone тут": "smutri i tut",
    "смотри #один все": "smutri udin vse",
    "# н о в о с т и   @ k t o _ t o   в с е   1 2 !": "nuvusti vse 12",
    "тся ться цца": "cia cia ca",
    "ринг рынок нг": "rin rinuk n",
    "საქართველო 你好 مرحبا": "საქართველო 你好 مرحبا",
    "١٢٣ ⅷ ² ❶": "123 vi 2 1",
    "ь": "ь",
    "łódź øre æble ŋ ž": "ludz ure aeble n i",
}


def test_words_change_only_with_the_version() -> None:
    """Every row as version 3 gave it."""
    assert NORMALISER_VERSION == 3
    assert {text: normalise(text).words for text in GOLDEN} == GOLDEN
