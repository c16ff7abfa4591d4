"""Names swapped for others of the region: a template handed out with a slot for who is meant."""

import re
from random import Random
from typing import Final

from benchmarks.text.edits.edit import Material, is_cyrillic, match_case

# Made-up people: common first names and surnames of the region, joined by nobody.
_FIRST: Final = (
    "Айбек Нурлан Бакыт Эркин Азамат Талант Улан Тимур Руслан Марат Данияр Жаныбек Темир Алмаз Рустам Фаррух Бахтиёр "
    "Шавкат Дильшод Сардор Ерлан Арман Серик Иван Сергей Андрей Дмитрий Алексей Айгуль Гульнара Нургуль Динара Жылдыз "
    "Асель Мээрим Зарина Мадина Нигора Феруза Алия Светлана Ольга Елена Наталья Мария"
)
_SURNAMES: Final = (
    "Абдыкеримов Асанов Байболотов Жумабеков Исаков Токтогулов Мамбетов Орозбеков Сыдыков Турдубаев Усенов Эсенов "
    "Рахимов Каримов Назаров Юсупов Холматов Саидов Шарипов Мирзоев Давлатов Ахметов Омаров Сулейменов Жаксыбеков "
    "Кузнецов Соколов Морозов Волков Лебедев Козлов Новиков Орлов Андреев Макаров Никитин Захаров Воронин"
)
_PLACES: Final = (
    "Бишкек Ош Джалал-Абад Нарын Каракол Талас Баткен Ташкент Самарканд Бухара Душанбе Худжанд Алматы Астана Шымкент "
    "Москва Казань Омск Томск Киев Минск Лондон Берлин Анкара Пекин Кыргызстан Узбекистан Таджикистан Казахстан"
)
_LATIN: Final = (
    "Aibek Nurlan Bakyt Azamat Ulan Timur Ruslan Rustam Dilshod Sardor Yerlan Arman Ivanov Petrov Asanov Karimov "
    "Nazarov Yusupov Rahimov Saidov Isakov Smith Johnson Miller Davis Wilson Moore Taylor Anderson Jackson White "
    "Harris Martin Bishkek Osh Naryn Tashkent Bukhara Dushanbe Almaty London Berlin Ankara Texas Ohio Nevada Boston"
)
FIRST: Final = tuple(_FIRST.split())
SURNAMES: Final = tuple(_SURNAMES.split())
PLACES: Final = tuple(_PLACES.split())
LATIN: Final = tuple(_LATIN.split())
_CAPITALISED: Final = re.compile(r"(?<![\w#@])[^\W\d_][\w’'-]{2,}")
_SURNAME: Final = re.compile(r"(.+?(?:ов|ев|ёв|ин|ын))(а|у|ым|е|ой|ы|ых|ым|ыми|ами)?$", re.IGNORECASE)
_ENDING: Final = re.compile(r"(?:ом|ем|ой|ей|ам|ах|а|я|у|ю|е|и|ы|дын|дин|нын|нин|га|ге|ка|да|де|нинг|ning|ga|da|dan)$")


def name_swap(text: str, rng: Random, _material: Material) -> str:
    """One to three names replaced, wherever they stand, by other names with the same endings.

    Only capitalised words inside a sentence count, and only where at most half of the words are capitalised: in a
    headline with all of them so, nobody can tell.
    """
    swapped = {name: _other(name, rng) for name in _chosen_names(text, rng)}
    return _CAPITALISED.sub(lambda word: swapped.get(word.group(), word.group()), text)


def _chosen_names(text: str, rng: Random) -> list[str]:
    words = _CAPITALISED.findall(text)
    names = list(dict.fromkeys(word for word in words if word[0].isupper() and not word.isupper()))
    if not names or len(names) * 2 > len(words):
        return []
    inside = [name for name in names if not _opens_a_sentence(text, name)]
    return rng.sample(inside, min(len(inside), rng.randint(1, 3)))


def _opens_a_sentence(text: str, name: str) -> bool:
    return re.search(rf"(?:^|[.!?…]\s*[«\"“]?|\n\s*){re.escape(name)}\b", text) is not None


def _other(name: str, rng: Random) -> str:
    if not is_cyrillic(name):
        return rng.choice(LATIN)
    if surname := _SURNAME.match(name):
        return rng.choice(SURNAMES) + (surname.group(2) or "")
    ending = _ENDING.search(name)
    other = rng.choice(rng.choice((FIRST, SURNAMES, PLACES)))
    if ending and len(name) - len(ending.group()) >= 3:
        other = _ENDING.sub("", other) + ending.group()
    return match_case(name, other)
