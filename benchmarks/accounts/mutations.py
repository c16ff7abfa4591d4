"""How the same name is written by others: kinds that the index was fitted on, and kinds that were held out.

Every kind takes a person and a source of chance, and gives another writing of the name, or None where it has none.
The romanisations here are tables of their own: the product's rules are not used.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from benchmarks.accounts.people import Person

Mutation = Callable[[Person, random.Random], str | None]

_PLAIN: Final = dict(zip("абвгдзийклмнопрстуфыэөүң", "abvgdziyklmnoprstufyeoun", strict=True))
_BGN: Final = _PLAIN | {
    **{"е": "e", "ё": "yo", "ж": "j", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""},
    **{"ю": "yu", "я": "ya", "ә": "a", "ғ": "gh", "қ": "k", "ұ": "u", "һ": "h", "і": "i"},
}
_ENGLISH: Final = _BGN | {"ж": "zh", "й": "i", "ы": "y", "х": "h", "я": "ia", "ю": "iu"}
_ISO: Final = _BGN | {
    **{"ж": "ž", "й": "j", "ы": "y", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "э": "è", "ю": "û", "я": "â"},
    **{"ө": "ô", "ү": "ù", "ң": "ņ", "ё": "ë"},
}
_TURKISH: Final = _BGN | {
    **{"ж": "c", "й": "y", "ы": "ı", "х": "h", "ц": "ts", "ч": "ç", "ш": "ş", "щ": "ş", "ө": "ö", "ү": "ü", "ң": "n"},
}
_GERMAN: Final = _BGN | {
    **{"ж": "sch", "й": "j", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "в": "w", "я": "ja", "ю": "ju", "з": "s"},
    **{"ө": "oe", "ү": "ue"},
}
_KAZAKH: Final = _BGN | {
    **{"ж": "j", "й": "i", "ы": "y", "х": "h", "ч": "ch", "ш": "ş", "ө": "ö", "ү": "ü", "ң": "ñ", "қ": "q", "у": "u"},
    **{"я": "ia", "ю": "iu", "ё": "io"},
}
_RUSSIAN: Final = str.maketrans("өүңәғқұһі", "оунагкухи")
_KEYS: Final = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LOOKS: Final = str.maketrans("аеорсухАЕОРСТНМКВХ", "aeopcyxAEOPCTHMKBX")
_READ_WRONG: Final = {"л": "п", "и": "н", "ш": "щ", "в": "в", "о": "0", "б": "6", "з": "3", "н": "п", "е": "с"}
PETS: Final = {
    **{"Талайгүл": "Талайка", "Назгүл": "Назгулька", "Мирлан": "Мирланчик", "Данияр": "Данчик", "Айжан": "Айжанка"},
    **{"Чолпон": "Чолпонка", "Темирлан": "Темирчик", "Сергей": "Серый", "Евгений": "Жека", "Ксения": "Ксю"},
    **{"Эльмира": "Эльмирка", "Нурлан": "Нурланчик", "Азамат": "Азаматик", "Екатерина": "Катька", "Дмитрий": "Димас"},
    **{"Бактыгүл": "Бактыш", "Гүлнара": "Гулнарка", "Гүлмира": "Гульмирка", "Светлана": "Светик", "Ольга": "Олька"},
    **{"Нурсултан": "Нурсулташ", "Михаил": "Мишаня", "Жылдыз": "Жылдызик", "Анара": "Анарочка", "Улан": "Уланчик"},
}
LISTED_PETS: Final = {
    **{
        "Айгүл": "Айка",
        "Айжан": "Айка",
        "Гүлнара": "Гуля",
        "Гүлзат": "Гуля",
        "Александр": "Саша",
        "Александра": "Саша",
    },
    **{"Нурлан": "Нурик", "Бакыт": "Баха", "Максат": "Маке", "Мария": "Маша", "Екатерина": "Катя", "Талант": "Талик"},
    **{"Эльмира": "Эля", "Динара": "Дина", "Владимир": "Вова", "Алтынай": "Алька", "Назгүл": "Назик", "Чынара": "Чина"},
    **{"Талайгүл": "Гуля", "Темирлан": "Тима", "Сергей": "Серёга", "Кубаныч": "Куба", "Жаныбек": "Жаник"},
}


def _written(name: str, table: dict[str, str]) -> str:
    out = []
    for char in name:
        low = table.get(char.lower(), char.lower())
        out.append(low.capitalize() if char.isupper() else low)
    return "".join(out)


def _in(table: dict[str, str]) -> Mutation:
    return lambda person, _draw: _written(person.name, table)


def _typo(name: str, draw: random.Random) -> str:
    places = [n for n, char in enumerate(name) if char.isalpha()]
    at = draw.choice(places)
    kind = draw.randrange(4)
    other = draw.choice("аеиоуынртслкмд" if name[at].lower() > "z" else "aeiounrtslkmd")
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + other + name[at:]
    if kind == 2 and at + 1 < len(name) and name[at + 1].isalpha():
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + other + name[at + 1 :]


def _neighbour(name: str, draw: random.Random) -> str | None:
    places = [n for n, char in enumerate(name) if any(char.lower() in row for row in _KEYS)]
    at = draw.choice(places)
    row = next(row for row in _KEYS if name[at].lower() in row)
    spot = row.index(name[at].lower())
    return name[:at] + row[spot - 1 if spot else 1] + name[at + 1 :]


def _misread(person: Person, draw: random.Random) -> str | None:
    places = [n for n, char in enumerate(person.name) if char in _READ_WRONG]
    if not places:
        return None
    name = list(person.name)
    for at in draw.sample(places, min(2, len(places))):
        name[at] = _READ_WRONG[name[at]]
    return "".join(name)


def _vowel_lost(person: Person, draw: random.Random) -> str:
    name = _written(person.name, _BGN)
    places = [n for n, char in enumerate(name) if char in "aeiou" and 1 < n < len(name) - 2]
    at = draw.choice(places)
    return name[:at] + name[at + 1 :]


def _doubled(person: Person, draw: random.Random) -> str:
    at = draw.choice([n for n, char in enumerate(person.name) if char.isalpha() and n > 0])
    return person.name[:at] + person.name[at] * draw.randint(1, 3) + person.name[at:]


def _pet(pets: dict[str, str]) -> Mutation:
    def called(person: Person, draw: random.Random) -> str | None:
        pet = pets.get(person.given)
        if pet is None:
            return None
        name = f"{pet} {person.family}".translate(_RUSSIAN)
        return _written(name, _BGN) if draw.random() < 0.4 else name

    return called


def _father(person: Person, draw: random.Random) -> str:
    father = draw.choice(("Асанович", "Бакытовна", "Иванович", "Маратовна", "Эркинбекович", "Жолдошбековна"))
    return f"{person.family} {person.given} {father}"


def _daughter(person: Person, _draw: random.Random) -> str | None:
    """From «Асанова» to «Асан кызы»."""
    for ending, word in (("ова", "кызы"), ("ева", "кызы"), ("ов", "уулу"), ("ев", "уулу")):
        if person.family.endswith(ending) and len(person.family) > len(ending) + 3:
            return f"{person.given} {person.family.removesuffix(ending)} {word}"
    return None


def _other_gender(person: Person, _draw: random.Random) -> str | None:
    if person.family.endswith(("ова", "ева")):
        return f"{person.given} {person.family[:-1]}"
    return None


def _decorated(person: Person, draw: random.Random) -> str:
    sign = draw.choice(("🌸", "★", "♥", "꧁", "🇰🇬"))
    return f"{sign}{sign} {person.given.upper()} • {person.family.upper()} {sign}"


def _split(person: Person, draw: random.Random) -> str:
    at = draw.randint(2, max(2, len(person.given) - 2))
    return f"{person.given[:at]} {person.given[at:]} {person.family}"


def _cut(person: Person, draw: random.Random) -> str | None:
    return f"{person.given} {person.family[: -draw.randint(1, 2)]}" if len(person.family) > 7 else None


def _as_handle(person: Person, draw: random.Random) -> str:
    name = _written(person.name, _BGN).lower().replace(" kyzy", "").replace(" uulu", "")
    joined = name.replace(" ", draw.choice((".", "_", "")))
    return f"{joined}{draw.choice(('', '92', '_kg', '2001'))}"


#: Looked at while the rules were written.
FITTED: Final[dict[str, Mutation]] = {
    "as it is": lambda person, _draw: person.name,
    "Russian letters": lambda person, _draw: person.name.translate(_RUSSIAN),
    "Latin, as passports write it": _in(_BGN),
    "Latin, as English writes it": _in(_ENGLISH),
    "surname first": lambda person, _draw: f"{person.family} {person.given}",
    "one typo": lambda person, draw: _typo(person.name, draw),
    "pet name from the data file": _pet(LISTED_PETS),
}
#: Looked at once, when the rules stood.
HELD_OUT: Final[dict[str, Mutation]] = {
    "Latin of ISO 9": _in(_ISO),
    "Latin, Turkish": _in(_TURKISH),
    "Latin, German": _in(_GERMAN),
    "Latin, Kazakh of 2021": _in(_KAZAKH),
    "Latin with a typo": lambda person, draw: _typo(_written(person.name, _BGN), draw),
    "two typos": lambda person, draw: _typo(_typo(person.name, draw), draw),
    "neighbouring key": lambda person, draw: _neighbour(person.name, draw),
    "read wrong from a picture": _misread,
    "look-alike letters": lambda person, _draw: person.name.translate(_LOOKS),
    "a vowel lost": _vowel_lost,
    "doubled letters": _doubled,
    "written as one word": lambda person, _draw: _written(person.name, _BGN).replace(" ", ""),
    "first name split": _split,
    "end cut off": _cut,
    "patronymic added, surname first": _father,
    "-ова as кызы, -ов as уулу": _daughter,
    "surname without its -а": _other_gender,
    "decorated capitals": _decorated,
    "pet name not in the data file": _pet(PETS),
    "handle made of the name": _as_handle,
}
#: Not counted among names: an initial fits many people.
AMBIGUOUS: Final[dict[str, Mutation]] = {
    "initial and surname": lambda person, _draw: f"{person.given[0]}. {person.family}",
}
