"""The words of the threat log's query language in Russian, Kyrgyz and English: what a key or a value may be called.

Keys and values are compared in small letters; beginnings of words and slips of one letter are forgiven elsewhere.
"""

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, tuple[str, ...]]

KEYS: Final[Words] = {
    "target": ("target", "against", "victim", "кому", "кого", "цель", "против", "объект", "кимге", "каршы", "бута"),
    "kind": ("kind", "type", "вид", "тип", "түрү", "тур", "түр"),
    "category": ("category", "what", "категория", "событие", "категориясы", "окуя"),
    "severity": ("severity", "sev", "level", "тяжесть", "серьёзность", "серьезность", "уровень", "оордугу", "деңгээл"),
    "since": ("since", "from", "after", "с", "от", "после", "баштап", "бери", "кийин"),
    "until": ("until", "till", "to", "before", "до", "по", "чейин"),
    "status": ("status", "state", "статус", "состояние", "абалы", "абал", "статусу"),
    "platform": ("platform", "network", "site", "платформа", "сеть", "площадка", "соцсеть", "тармак"),
    "channel": ("channel", "via", "канал", "способ", "через", "жолу", "аркылуу"),
    "assignee": ("assignee", "assigned", "owner", "lead", "ответственный", "исполнитель", "назначен", "жооптуу"),
    "reporter": ("reporter", "by", "сообщил", "прислал", "репортёр", "кабарлаган", "жөнөткөн"),
    "account": ("account", "author", "user", "аккаунт", "автор", "пользователь", "аккаунту"),
    "imminent": ("imminent", "urgent", "срочно", "срочная", "неминуемо", "шашылыш", "тез"),
    "incident": ("incident", "wave", "инцидент", "волна", "инциденти", "толкун"),
    "words": ("text", "words", "текст", "слова", "тексти", "сөз"),
    "sort": ("sort", "order", "сортировка", "порядок", "сорт", "ирет", "иреттөө"),
}

KINDS: Final[Words] = {
    "death": ("death", "kill", "murder", "смерть", "убийство", "өлүм", "өлтүрүү"),
    "violence": ("violence", "beating", "насилие", "избиение", "зомбулук", "сабоо"),
    "arson": ("arson", "fire", "attack", "поджог", "погром", "нападение", "өрттөө", "кыйратуу"),
    "sexual": ("sexual", "rape", "сексуальное", "изнасилование", "сексуалдык", "зордуктоо"),
    "kidnap": ("kidnap", "kidnapping", "похищение", "уурдоо", "алып качуу"),
    "family": ("family", "семья", "родные", "үй-бүлө", "үйбүлө"),
    "doxx": ("doxx", "dox", "doxing", "doxxing", "докс", "доксинг", "деанон", "данные"),
    "stalking": ("stalking", "surveillance", "слежка", "преследование", "аңдуу"),
    "legal": ("legal", "arrest", "prosecution", "арест", "суд", "уголовное", "камоо", "сот"),
    "incitement": ("incitement", "call", "подстрекательство", "призыв", "үндөө", "чакырык"),
}

STATUSES: Final[Words] = {
    "new": ("new", "open", "новое", "новый", "новая", "новые", "жаңы"),
    "confirmed": ("confirmed", "подтверждено", "подтверждена", "ырасталган", "тастыкталган"),
    "platform": ("platform", "reported", "платформа", "площадке", "платформага"),
    "police": ("police", "милиция", "полиция", "мвд", "милицияга"),
    "lawyer": ("lawyer", "юрист", "адвокат", "адвокатка", "юристке"),
    "resolved": ("resolved", "closed", "done", "закрыто", "решено", "решена", "чечилген", "жабылган"),
    "dismissed": ("dismissed", "false", "отклонено", "ложная", "не угроза", "четке кагылган"),
    "withdrawn": ("withdrawn", "отозвано", "кайтарылган"),
}

CATEGORIES: Final[Words] = {
    "threat": ("threat", "угроза", "коркутуу"),
    "hacking": ("hacking", "hack", "взлом", "бузуп кирүү", "хакердик"),
    "assault": ("assault", "beating", "нападение", "избиение", "кол салуу"),
    "summons": ("summons", "повестка", "допрос", "чакыруу"),
    "lawsuit": ("lawsuit", "suit", "иск", "суд", "доо"),
    "detention": ("detention", "arrest", "задержание", "арест", "кармоо", "камоо"),
    "raid": ("raid", "search", "обыск", "рейд", "тинтүү"),
    "impersonation": ("impersonation", "clone", "двойник", "клон", "подделка", "жасалма"),
}

CHANNELS: Final[Words] = {
    "comment": ("comment", "комментарий", "коммент", "пикир"),
    "message": ("message", "dm", "сообщение", "личка", "билдирүү"),
    "call": ("call", "phone", "звонок", "телефон", "чалуу"),
    "sms": ("sms", "смс"),
    "letter": ("letter", "письмо", "кат"),
    "email": ("email", "mail", "почта", "имейл"),
    "in_person": ("in_person", "person", "лично", "очно", "бетме-бет", "жүзмө-жүз"),
    "other": ("other", "другое", "башка"),
}

PLATFORMS: Final[Words] = {
    "facebook": ("facebook", "fb", "фейсбук", "фб"),
    "instagram": ("instagram", "insta", "ig", "инстаграм", "инстаграмм", "инста"),
    "vk": ("vk", "vkontakte", "вк", "вконтакте"),
    "ok": ("ok", "odnoklassniki", "ок", "одноклассники"),
    "tiktok": ("tiktok", "тикток"),
    "youtube": ("youtube", "yt", "ютуб"),
    "x": ("x", "twitter", "твиттер"),
    "threads": ("threads", "тредс"),
    "telegram": ("telegram", "tg", "телеграм", "телега", "тг"),
    "whatsapp": ("whatsapp", "wa", "ватсап", "вотсап", "whats"),
}

SORTS: Final[Words] = {
    "newest": ("newest", "new", "новые", "жаңы"),
    "oldest": ("oldest", "old", "старые", "эски"),
    "severity": ("severity", "gravest", "тяжесть", "тяжкие", "оор", "оордугу"),
    "copies": ("copies", "times", "копии", "көчүрмө", "көчүрмөлөр"),
    "seen": ("seen", "last", "последние", "акыркы"),
}

ME: Final = ("me", "mine", "my", "я", "мне", "меня", "мой", "моё", "мага", "мен", "меники")
NOBODY: Final = ("nobody", "none", "no", "никто", "нет", "никому", "эч ким", "эчким", "жок")
ALL: Final = ("all", "any", "все", "всё", "любой", "баары", "бардыгы")
YES: Final = ("yes", "true", "1", "да", "ооба", "+")
NO: Final = ("no", "false", "0", "нет", "жок", "-")

VALUES: Final[Mapping[str, Words]] = {
    "kind": KINDS,
    "status": STATUSES,
    "category": CATEGORIES,
    "channel": CHANNELS,
    "platform": PLATFORMS,
    "sort": SORTS,
}
