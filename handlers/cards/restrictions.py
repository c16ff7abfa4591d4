"""The card that says who may know of a case, with buttons to name people and to take them off."""

from bot.model.newsroom import Member, MemberStatus
from bot.model.plain import one_line
from bot.model.restriction import CaseRef, RefNoun, RestrictionView
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_NAME = 40
_PAGE = 8


async def _restriction(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    ref = CaseRef(noun=RefNoun(v["noun"]), number=int(v["number"]))
    view = await desk.restrictions.view(reader.member, ref)
    return restriction_card(view, reader, int(v.get("page", 0)))


def restriction_card(view: RestrictionView, reader: Reader, page: int = 0) -> Card:
    """Who may know, and whom one can name beside; a page of colleagues at a time."""
    t = reader.t
    label = view.ref.label if len(view.cases) == 1 and view.ref.label in view.cases else _with_cases(view)
    if not view.named:
        said = t.gettext("Everybody sees it as their role has it. Name who is to know of it: nobody else will.")
        return Card(text=lines(bold(label), said), buttons=_buttons(view, reader, page))
    names = ", ".join(one_line(each.name)[:_NAME] for each in view.named)
    said = t.gettext("Only these know of it: {names}.", names=names)
    others = t.gettext("For everybody else it does not exist: not in lists, searches, digests, alarms or exports.")
    opened = (
        t.gettext("None of them leads security now: all security leads see it until one is named.")
        if view.is_open
        else None
    )
    return Card(text=lines(bold(label), said, others, opened), buttons=_buttons(view, reader, page))


def _with_cases(view: RestrictionView) -> str:
    shown = ", ".join(view.cases[:_PAGE]) + (" …" if len(view.cases) > _PAGE else "")
    return f"{view.ref.label} ({shown})"


def _buttons(view: RestrictionView, reader: Reader, page: int) -> tuple[tuple[Button, ...], ...]:
    t = reader.t.plain
    rows: list[tuple[Button, ...]] = []
    if view.named:
        rows += _pairs([_button(view, f"✖ {_called(each)}", "rsunname", f"{each.id:x}") for each in view.named])
    others = _own_first(view.others, reader.member)
    page = page if page * _PAGE < len(others) else 0
    shown = others[page * _PAGE : (page + 1) * _PAGE]
    rows += _pairs([_button(view, f"+ {_called(each)}", "rsname", f"{each.id:x}") for each in shown])
    if len(others) > _PAGE:
        further = page + 1 if (page + 1) * _PAGE < len(others) else 0
        rows.append((_button(view, t.pgettext("button", "More colleagues"), "restrict", str(further)),))
    if view.named:
        rows.append((_button(view, t.pgettext("button", "Everybody may know again"), "rslift"),))
    return tuple(rows)


def _own_first(people: tuple[Member, ...], reader: Member) -> list[Member]:
    return sorted(people, key=lambda each: each.id != reader.id)


def _called(member: Member) -> str:
    mark = "" if member.status is MemberStatus.ACTIVE else " (–)"
    return (one_line(member.name)[:_NAME] or "?") + mark


def _pairs(buttons: list[Button]) -> list[tuple[Button, ...]]:
    return [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]


def _button(view: RestrictionView, label: str, action: str, what: str = "") -> Button:
    argument = view.ref.noun.value + (f".{what}" if what else "")
    return Button(label=label, press=Press(action=action, subject=view.ref.number, argument=argument))


RESTRICTION_REPLIES: dict[str, Render] = {"restriction": _restriction}
