"""Spikes on cards: who is attacked, how much more than usual, since when, paid or angry; windows and stories."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.plain import one_line
from bot.model.spike import Nature, Series, SeriesKind, Spike, SpikeStatus, Story, Trigger, TriggerKind, WatchWindow
from bot.services.spikes import SpikeView
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler

_NAME = 80
_TITLE = 60
_CAMPAIGN = 50
_SAID = {"spike_seen", "spike_mute", "spike_false", "spike_real"}


def spike_card(view: SpikeView, reader: Reader) -> Card:
    """A spike's message: within the 1,024 signs of a caption."""
    spike, t = view.spike, reader.t
    text = lines(
        Html("📈 ") + bold(_headline(spike, reader)),
        _figures(spike, reader),
        t.gettext("Since {moment}.", moment=t.datetime(spike.started, reader.zone)),
        _made_of(spike, reader),
        _judged(view.nature, reader),
        _campaigns(spike, reader),
        t.gettext("Farm: {farm}", farm=spike.farm) if spike.farm else None,
        _trigger(spike.trigger, reader) if spike.trigger is not None else None,
        _joined(spike, reader),
        _said(view, reader),
    )
    return Card(text=text, buttons=_buttons(spike, reader))


def _headline(spike: Spike, reader: Reader) -> Html:
    said = reader.t.gettext("{spike}: a wave of comments", spike=spike.label)
    return said + Html(" · ") + clipped(series_name(spike.series, spike.name), _NAME)


def series_name(series: Series, name: str) -> str:
    """What people call a series."""
    return words.PLATFORMS.get(series.ref, series.ref) if series.kind is SeriesKind.PLATFORM else one_line(name)


def _figures(spike: Spike, reader: Reader) -> Html:
    t = reader.t
    came = t.ngettext(
        "{count} comment in {hours} h", "{count} comments in {hours} h", spike.count,
        count=t.number(spike.count), hours=spike.window,
    )  # fmt: skip
    if spike.usual < 1:
        return came + Html(". ") + t.gettext("Usually hardly any.")
    factor = t.number(round(spike.times, 1) if spike.times < 10 else round(spike.times))
    usual = t.number(round(spike.usual, 1) if spike.usual < 10 else round(spike.usual))
    return came + Html(". ") + t.gettext("×{factor} of the usual {usual}.", factor=factor, usual=usual)


def _made_of(spike: Spike, reader: Reader) -> Html:
    t, made = reader.t, spike.makeup
    return t.gettext(
        "Known fakes {known} · repeated texts {repeated} · unfamiliar {unfamiliar}",
        known=t.percent(made.share(made.known)),
        repeated=t.percent(made.share(made.repeated)),
        unfamiliar=t.percent(made.share(made.unfamiliar)),
    )


def _judged(nature: Nature, reader: Reader) -> Html | None:
    match nature:
        case Nature.ORGANISED:
            return reader.t.gettext("It looks organised: mostly known fakes or repeated texts.")
        case Nature.PEOPLE:
            return reader.t.gettext("Mostly unfamiliar people: it may be real anger.")
    return None


def _campaigns(spike: Spike, reader: Reader) -> Html | None:
    if not spike.campaigns:
        return None
    named = [
        Html.escaped(label)
        + Html(" ")
        + spoiler(clipped(one_line(name), _CAMPAIGN))
        + Html(f" ({reader.t.number(count)})")
        for label, name, count in spike.campaigns
    ]
    return reader.t.gettext("Campaigns:") + Html(" ") + Html("; ").join(named)


def _trigger(trigger: Trigger, reader: Reader) -> Html:
    t, title = reader.t, clipped(one_line(trigger.title or trigger.link or ""), _TITLE)
    if trigger.kind is TriggerKind.STORY:
        return t.gettext("After your story P-{number}: {title}", number=trigger.number, title=title)
    return t.gettext("In the watch window W-{number}: {title}", number=trigger.number, title=title)


def _joined(spike: Spike, reader: Reader) -> Html | None:
    if not spike.joined:
        return None
    named = [clipped(series_name(series, name), _TITLE) for series, name in spike.joined[:4]]
    return reader.t.gettext("The same wave:") + Html(" ") + Html(", ").join(named)


def _said(view: SpikeView, reader: Reader) -> Html | None:
    t = reader.t
    told = [each for each in view.said if each[0] in _SAID]
    if not told:
        return t.gettext("The wave is over.") if view.spike.status is SpikeStatus.OVER else None
    event, name, at = told[-1]
    moment = t.time(at, reader.zone)
    match event:
        case "spike_seen":
            return t.gettext("{name} has seen it, {moment}.", name=name, moment=moment)
        case "spike_mute":
            return t.gettext("{name} muted it for 24 hours, {moment}.", name=name, moment=moment)
        case "spike_false":
            return t.gettext("{name}: not a spike, {moment}. It counts as usual now.", name=name, moment=moment)
    return t.gettext("{name}: it is a spike after all, {moment}.", name=name, moment=moment)


def _buttons(spike: Spike, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    plain = reader.t.plain

    def said(label: str, answer: str) -> Button:
        return Button(label=label, press=Press(action="spsaid", subject=spike.id, argument=answer))

    real = said(plain.pgettext("button", "It is a spike"), "real")
    seen = said(plain.pgettext("button", "I saw it"), "seen")
    mute = said(plain.pgettext("button", "Mute 24 h"), "mute")
    false = said(plain.pgettext("button", "Not a spike"), "false")
    match spike.status:
        case SpikeStatus.FALSE:
            return ((real,),)
        case SpikeStatus.OPEN:
            return ((seen, mute), (false,))
        case SpikeStatus.SEEN:
            return ((mute, false),)
        case SpikeStatus.MUTED:
            return ((seen, false),)
        case SpikeStatus.OVER:
            return ((false,),)


def spike_list(found: Sequence[Spike], page: int, is_more: bool, reader: Reader) -> Card:
    """Spikes, newest first."""
    t = reader.t
    text = lines(
        bold(t.gettext("Spikes: waves of comments")),
        *(_in_list(each, reader) for each in found),
        None if found else t.gettext("None yet. Kalkan tells you when more comes than usual."),
    )
    turns = []
    if page > 0:
        turns.append(Button(label=t.plain.pgettext("button", "Newer"), press=Press(action="spikes", subject=page - 1)))
    if is_more:
        turns.append(Button(label=t.plain.pgettext("button", "Older"), press=Press(action="spikes", subject=page + 1)))
    return Card(text=text, buttons=(tuple(turns),) if turns else ())


def _in_list(spike: Spike, reader: Reader) -> Html:
    t = reader.t
    parts = [
        Html(f"/spike_{spike.number}"),
        Html.escaped(f"{t.day(spike.started, reader.zone, year=False)}, {t.time(spike.started, reader.zone)}"),
        clipped(series_name(spike.series, spike.name), _TITLE),
        Html.escaped(f"×{t.number(round(spike.times, 1) if spike.times < 10 else round(spike.times))}"),
    ]
    if spike.status is SpikeStatus.FALSE:
        parts.append(t.gettext("not a spike"))
    elif spike.status is not SpikeStatus.OVER:
        parts.append(t.gettext("goes on"))
    return Html(" · ").join(parts)


def watch_list(found: Sequence[WatchWindow], new: int | None, reader: Reader) -> Card:
    """Windows that are on or to come, each with a button that takes it back."""
    t = reader.t
    made = t.gettext("Kept: W-{number}. In this window a smaller rise is enough.", number=new) if new else None
    text = lines(
        bold(t.gettext("Watch windows")),
        made,
        *(_window(each, reader) for each in found),
        None if found else t.gettext("None."),
        t.gettext('A new one: /watch 2026-10-06 20:00 +4h "livestream" target:name'),
    )
    return Card(text=text, buttons=_cancels("wcancel", [each.number for each in found], "W", reader))


def _window(window: WatchWindow, reader: Reader) -> Html:
    t = reader.t
    span = f"{t.datetime(window.starts, reader.zone)} – {t.datetime(window.ends, reader.zone)}"
    parts = [Html.escaped(window.label), Html.escaped(span), clipped(one_line(window.title), _TITLE)]
    parts.append(clipped(window.staff_name, _TITLE) if window.staff_name else t.gettext("everybody"))
    return Html(" · ").join(part for part in parts if part)


def story_list(found: Sequence[Story], reader: Reader) -> Card:
    """Own stories, the latest first."""
    t = reader.t
    text = lines(
        bold(t.gettext("Your stories")),
        *(_story(each, reader) for each in found),
        None if found else t.gettext("None noted in the last 30 days."),
        t.gettext("Note one right after it is published: /published LINK title. Waves are bound to it."),
    )
    return Card(text=text, buttons=_cancels("pcancel", [each.number for each in found[:6]], "P", reader))


def _story(story: Story, reader: Reader) -> Html:
    t = reader.t
    what = clipped(one_line(story.title), _TITLE) if story.title else clipped(story.link, _NAME)
    return Html(" · ").join([Html.escaped(story.label), Html.escaped(t.datetime(story.published, reader.zone)), what])


def _cancels(action: str, numbers: Sequence[int], letter: str, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    plain = reader.t.plain
    buttons = [
        Button(
            label=plain.pgettext("button", "Cancel {label}", label=f"{letter}-{number}"),
            press=Press(action=action, subject=number),
        )
        for number in numbers[:6]
    ]
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
