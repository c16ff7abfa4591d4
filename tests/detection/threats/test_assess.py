"""The detector's promises: who is threatened, what takes a threat back, and that no text can harm it."""

import gc
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.threats import Lexicon, StaffName, ThreatFinding, assess
from detection.threats.lexicon import Entry
from detection.thresholds import THREAT_MAX_CHARS, THREAT_MAX_SPANS

OCTOBER = [
    "Repost! Today, there is a threat of attack on the office @azattykmedia. Currently they only have one guard. "
    "Asking for a repost.",
    "Soon people will be destroying your office, Azattyk",
    "People will destroy Azattyk very soon",
    "Let's go to burn down Azattyk",
    "Скоро люди придут громить ваш офис, Азаттык",
    "Народ скоро разнесёт Азаттык",
    "Пойдёмте жечь Азаттык",
    "Репост! Сегодня готовится нападение на офис, у них только один охранник",
    "Жакында эл Азаттыктын кеңсесин талкалайт",
    "Жүргүлө, Азаттыкты өрттөйбүз",
    "Бүгүн офиске кол салабыз дешүүдө, бир эле кайтаруучу бар экен",
]
STAFF = (
    StaffName(ref=1, kind="person", names=("Айгерим Токтосунова", "Aigerim Toktosunova", "@aika_news")),
    StaffName(ref=2, kind="outlet", names=("Тоо Кабар", "Too Kabar")),
)


@pytest.mark.parametrize("staff", [(), STAFF], ids=["nobody listed", "staff listed"])
@pytest.mark.parametrize("text", OCTOBER, ids=lambda text: text[:30])
def test_the_messages_of_6_october(text: str, staff: tuple[StaffName, ...]) -> None:
    """Each is an imminent threat to attack the office, with and without a staff list."""
    finding = assess(text, staff)
    assert (finding.level, finding.imminent, finding.severity) == ("threat", True, 4)
    assert "arson" in finding.kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Я тебя найду и прикончу, понял?", "death"),
        ("Мы вам все рёбра переломаем", "violence"),
        ("Спалим ваше здание вместе с вами", "arson"),
        ("Выкрадем твою дочь и увезём", "kidnap"),
        ("Мы знаем, где ты живёшь и во сколько выходишь", "doxx"),
        ("Следим за тобой каждый вечер", "stalking"),
        ("Упечём тебя лет на пять", "legal"),
        ("Пора громить эту редакцию, кто со мной?", "incitement"),
        ("Сени мууздап салабыз, чыккынчы", "death"),
        ("Колуңду сындырып салабыз", "violence"),
        ("Редакцияңарды өрттөп жиберебиз", "arson"),
        ("We will stab you in your sleep", "death"),
        ("Time to torch the newsroom", "arson"),
        ("We will rape your sister", "sexual"),
    ],
)
def test_kinds_are_told_apart(text: str, kind: str) -> None:
    """An explicit threat is a threat of its kind."""
    finding = assess(text)
    assert finding.level == "threat"
    assert kind in finding.kinds


@pytest.mark.parametrize(
    "text",
    [
        "Суд приговорил убийцу к двадцати годам",
        "В центре города снесли старый дом",
        "Спасибо за репортаж, очень жду продолжения",
        "Вы врёте каждый день, вам никто не верит",
        "Наша команда разгромила соперника со счётом 5:0",
        "Бүгүн Бишкекте концерт болот, келгиле",
        "Силер жалган айтасыңар, уят",
        "I really enjoyed your interview, see you tomorrow at 18:00",
        "The fire destroyed two houses last night",
        "Police shot a man who attacked them",
        "",
        "🔥🔥🔥",
    ],
)
def test_ordinary_texts_are_nothing(text: str) -> None:
    """News, praise, insults and sport are no threat and no case for review."""
    assert assess(text) == ThreatFinding(level="none")


@pytest.mark.parametrize(
    ("text", "level", "demotion"),
    [
        ("Мне написали: «мы тебя зарежем», что делать?", "review", "quote"),
        ("He told me: “we will kill you”, what should I do?", "review", "quote"),
        ("Журналисту угрожали, что его редакцию сожгут", "review", "reported"),
        ("Вас убьют за это, берегите себя, ребята", "review", "sympathy"),
        ("Сизди өлтүрүп коюшат, сак болуңуз", "review", "sympathy"),
        ("Мы никогда не убьём вас, мы мирные люди", "none", "negation"),
        ("We will never kill you", "none", "negation"),
        ("Вы убьёте экономику, мы убьём экономику вместе с вами", "none", "benign"),
        ("Опоздаешь ещё раз — я тебя убью, хаха", "review", "joke"),
    ],
)
def test_what_takes_a_threat_back_is_said(text: str, level: str, demotion: str) -> None:
    """A demoted threat is lower and carries the reason."""
    finding = assess(text)
    assert finding.level == level
    assert demotion in finding.demotions


def test_a_wholly_quoted_text_is_no_quotation() -> None:
    """A member who puts a forwarded comment into quotation marks does not hide it."""
    assert assess("«Мы тебя зарежем, писака»").level == "threat"


@pytest.mark.parametrize(
    "text", ["Коррупционеров надо расстреливать", "Депутаттарды атып салуу керек", "These rapists should be hanged"]
)
def test_calls_against_third_parties_are_no_threat(text: str) -> None:
    """Violence against people in the news never alarms."""
    assert assess(text).level == "violent_call"


def test_a_negation_ends_with_its_clause() -> None:
    """ "You will not leave, we will kill you" is no denial."""
    assert assess("Ты отсюда не уйдёшь, убьём тебя").level == "threat"
    assert assess("Мы тебя не убьём").level == "none"


@pytest.mark.parametrize(
    "text", ["Чтоб вы сдохли", "Каргыш тийсин силерге", "Burn in hell, all of you", "You will burn in hell for this"]
)
def test_curses_are_curses(text: str) -> None:
    """Evil wishes are not plans."""
    assert assess(text).level == "curse"


@pytest.mark.parametrize(
    "text",
    ["Айгеримди өлтүрөбүз", "Убьём Токтосунову", "Сожжём «Тоо Кабар»", "Too Kabar өрттөйбүз", "Зарежем aika_news"],
)
def test_listed_people_are_targets_in_every_script_and_case(text: str) -> None:
    """A name with an ending, in another alphabet, or as a handle aims the threat."""
    finding = assess(text, STAFF)
    assert finding.level == "threat"
    assert finding.targets[0].kind == "staff"
    assert finding.targets[0].ref in {1, 2}


def test_without_the_list_the_same_name_aims_at_nobody() -> None:
    """An unknown name makes no target."""
    assert assess("Убьём Токтосунову").level == "review"


@pytest.mark.parametrize(
    "text",
    [
        "Y6ью тeбя, твaрь",
        "у б ь ю тебя",
        "у-б-ь-ю тебя",
        "уб*ю тебя",
        "УБЬЮЮЮЮ ТЕБЯ",
        "уб\u200bью те\u00adбя",
        "my tebya ubyom",
        "seni oltyrobuz ubyom tebya",
        "i w1ll k1ll y0u",
        "ｗｅ ｗｉｌｌ ｋｉｌｌ ｙｏｕ",
        "сож-жём ваш офис",
    ],
)
def test_disguises_do_not_hide_a_threat(text: str) -> None:
    """Look-alikes, digits, spaces, masks, stretching, invisible signs, Latin letters."""
    assert assess(text).level == "threat"


def test_spans_count_code_points_of_the_original() -> None:
    """Emoji and invisible signs before a word do not shift its span."""
    text = "😀😀 З\u200bавтра мы тебя у\u0301бьём!"
    spans = {span.why: text[span.start : span.end] for span in assess(text).spans}
    assert spans["imminence"] == "З\u200bавтра"
    assert spans["death"] == "у\u0301бьём"
    assert spans["target"] == "тебя"


def test_imminence_raises_severity_and_review_is_capped() -> None:
    """A day is graver than none; what a person must look at first is not grave yet."""
    assert assess("Мы вам двери выбьем окна побьём").severity < assess("Завтра мы вам все окна побьём").severity
    assert assess("«Мы тебя зарежем завтра» — так мне пишут").severity == 2


def test_a_newsroom_adds_its_own_words() -> None:
    """A word that only this newsroom knows counts at once."""
    own = Lexicon.compile([Entry(role="will", kind="violence", pattern="отхайдарим")])
    assert assess("Мы тебя отхайдарим").level != "threat"
    assert assess("Мы тебя отхайдарим", extra=own).level == "threat"


def test_findings_cross_process_borders() -> None:
    """Answers and staff lists can be pickled."""
    finding = assess(OCTOBER[0], STAFF)
    assert pickle.loads(pickle.dumps(finding)) == finding  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(STAFF)) == STAFF  # noqa: S301 - our own bytes


PIECES = st.sampled_from(
    [
        "убью",
        "тебя",
        "«",
        "»",
        " ",
        ". ",
        "надо",
        "убить",
        "Азаттык",
        "башың",
        "kill",
        "you",
        "we will",
        "не",
        "🔪",
        "18:00",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map(" ".join))
def test_any_text_gives_a_consistent_finding(text: str) -> None:
    """Level, severity, targets and spans agree, and spans lie inside the text."""
    finding = assess(text, STAFF)
    assert 0 <= finding.severity <= 4
    assert (finding.severity == 0) == (finding.level == "none")
    assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)
    assert all(target.text in text for target in finding.targets)
    assert len(finding.spans) <= THREAT_MAX_SPANS


@pytest.mark.parametrize(
    "unit",
    [
        "убью тебя ",
        "we will ",
        "«",
        '"а ',
        ".",
        "а ",
        "а-",
        "а*",
        "seni oltur ",
        "ваш ",
        "а\u0301",
        "🔪",
        "ты уже ",
        "18:00 ",
        *("знаем где где где ", "башың кесип ", "рук рук ", "A.", "\ud800", "http://a ", "Айгерим Токтосунова "),
    ],
)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    """100,000 characters of anything are answered within a second."""
    text = (unit * 100_000)[:100_000]
    # What the tests before it left in memory is no matter of this one's: the collector looks at its own garbage alone.
    gc.freeze()
    started = time.process_time()
    assess(text, STAFF)
    assert time.process_time() - started < 1.5


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    """The limit holds for threats too."""
    assert assess("слово " * THREAT_MAX_CHARS + "убью тебя").level == "none"


def test_an_ordinary_comment_takes_well_under_a_millisecond() -> None:
    """Generous bound: the measured time is a fifth of it."""
    text = "Вчера смотрел ваш репортаж про школу в нашем районе, спасибо, очень правильно подняли вопрос"
    assess(text, STAFF)
    started = time.process_time()
    for _ in range(200):
        assess(text, STAFF)
    assert (time.process_time() - started) / 200 < 0.001
