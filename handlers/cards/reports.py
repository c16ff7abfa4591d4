"""The summary of a report over a period: two windows side by side, with the rule of sampling under it."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.i18n import Html, Translator
from bot.model.codebook import codebook
from bot.model.plain import one_line
from bot.model.report import Agreement, Figure, Line, Pair, Report, Share, SharePair, ToneLine, Window
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines

_MOST: Final = 5
_NAME: Final = 40


def report_card(report: Report, order_id: int, reader: Reader) -> Card:
    """A report's summary with its files."""
    buttons = () if report.is_empty else _buttons(report, order_id, reader)
    return Card(text=report_text(report, reader.t), buttons=buttons)


def report_text(report: Report, t: Translator) -> Html:
    """A report's summary; what is not known is left out."""
    parts = [
        _head(report, t),
        *_posts(report, t),
        *_coded(report, t),
        *_own(report, t),
        _ads(report, t),
        *(_agreement(found, t) for found in report.agreement),
        _footnote(report, t) if report.posts.now or report.posts.before else None,
    ]
    if report.is_empty:
        parts.append(t.gettext("Nothing is known of these days: no posts, no comments, no ads."))
    return lines(*parts)


def how_card(reader: Reader) -> Card:
    """How windows are typed."""
    return Card(
        text=reader.t.gettext(
            "Which two periods? They are equally long, for example:\n"
            "<code>/report 2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31</code>\n"
            "Without the second one, the period of the same length before it is taken."
        )
    )


def window_name(which: Window, t: Translator) -> str:
    """The days of a window."""
    return t.interval(which.first, which.last)


def _head(report: Report, t: Translator) -> Html:
    now, before = window_name(report.now, t), window_name(report.before, t)
    said = t.ngettext(
        "{count} day each; first the new figure, then the earlier one.",
        "{count} days each; first the new figure, then the earlier one.",
        report.now.days,
        count=report.now.days,
    )
    return Html("\n").join([Html(f"📊 {bold(now)} / {bold(before)}"), Html(f"<i>{said}</i>")])


def _chapter(title: str) -> Html:
    return Html(f"\n{bold(title)}")


def _posts(report: Report, t: Translator) -> Iterable[Html | None]:
    if not (report.posts.now or report.posts.before):
        return
    yield _chapter(t.plain.gettext("Posts"))
    yield t.gettext("Posts: {figures}", figures=_pair(report.posts, t))
    if report.posts_without_groups != report.posts:
        yield t.gettext("Without public groups: {figures}", figures=_pair(report.posts_without_groups, t))
    yield t.gettext("Interactions: {figures}", figures=_pair(report.interactions, t))
    kinds = [
        (codebook().name("kinds", kind, t.language), getattr(report, kind))
        for kind in ("reactions", "comments", "shares", "views")
    ]
    yield _row([(name, pair) for name, pair in kinds if pair.now or pair.before], t)
    yield _ranked(t.gettext("Most interactions:"), [(line.key, line.interactions) for line in report.actors], t)
    yield _ranked(t.gettext("Platforms, posts:"), _named(report.platforms, "platform", t), t)
    yield _ranked(t.gettext("Where, posts:"), _named(report.venues, "venues", t), t)


def _coded(report: Report, t: Translator) -> Iterable[Html | None]:
    if not (report.tone.coded.now or report.tone.coded.before):
        return
    yield _chapter(t.plain.gettext("Tone"))
    yield _tone(report.tone, t)
    if report.tone_without_groups != report.tone:
        yield t.gettext("Without public groups: {figures}", figures=_tone(report.tone_without_groups, t))
    yield _ranked(t.gettext("Topics, posts:"), _named(report.topics, "topics", t), t)


def _tone(line: ToneLine, t: Translator) -> Html:
    said = []
    for code in ("positive", "neutral", "negative"):
        value: Pair = getattr(line, code)
        shares = [
            t.percent(part / whole) if whole else "–"
            for part, whole in ((value.now, line.coded.now), (value.before, line.coded.before))
        ]
        said.append(f"{codebook().name('tones', code, t.language)} {' / '.join(shares)}")
    return Html.escaped(" · ".join(said))


def _own(report: Report, t: Translator) -> Iterable[Html | None]:
    own = report.own
    if not any(pair.now or pair.before for pair in (own.cases, own.comments, own.removed)):
        return
    yield _chapter(t.plain.gettext("What was sent to the newsroom"))
    rows = [
        (t.plain.gettext("cases"), own.cases),
        (t.plain.gettext("comments"), own.comments),
        (t.plain.gettext("accounts"), own.accounts),
        (t.plain.gettext("threats"), own.threats),
        (t.plain.gettext("campaigns"), own.campaigns_active),
        (t.plain.gettext("spikes"), own.spikes),
        (t.plain.gettext("accounts removed by platforms"), own.removed),
    ]
    yield _row([(name, pair) for name, pair in rows if pair.now or pair.before], t)
    if report.fakes is not None:
        yield t.gettext("Comments by confirmed fakes: {shares}", shares=_shares(report.fakes.confirmed, t))
        yield t.gettext("By suspected ones: {shares}", shares=_shares(report.fakes.suspected, t))
    named = [(f"{line.label} {line.name}".strip(), line.comments) for line in own.campaigns]
    yield _ranked(t.gettext("Campaigns, comments:"), named, t, most=3)
    yield _ranked(t.gettext("Aimed at:"), own.targets, t, most=3)


def _ads(report: Report, t: Translator) -> Html | None:
    if not report.ads:
        return None
    count, bare = (_sum(getattr(line, name) for line in report.ads) for name in ("count", "undisclosed"))
    text = t.gettext(
        "Ads: {figures}; without a disclaimer: {bare}",
        figures=_pair(count, t),
        bare=_pair(bare, t, ratio=False),
    )
    return Html(f"\n{text}")


def _agreement(found: Agreement, t: Translator) -> Html:
    what = {"tone": t.plain.gettext("Tone"), "topic": t.plain.gettext("Topic")}[found.what]
    return t.gettext(
        "{what}, two coders of {posts} posts: alpha {alpha}, kappa {kappa}",
        what=what,
        posts=t.number(found.units),
        alpha=_figure(found.alpha, t),
        kappa=_figure(found.kappa, t),
    )


def _footnote(report: Report, t: Translator) -> Html:
    how = report.sampling
    names = ", ".join(codebook().name("categories", code, t.language) for code in how.sampled)
    said = [
        t.gettext(
            "Sample: of {categories} the {top} posts of each period with most interactions, of others all.",
            categories=names,
            top=how.top,
        ),
        t.gettext(
            "Coded: {coded} of {drawn}.",
            coded=_pair(how.coded, t, ratio=False),
            drawn=_pair(how.to_code, t, ratio=False),
        ),
    ]
    if how.delay_median is not None:
        median = " / ".join(t.number(round(days, 1)) for days in (how.delay_median.now, how.delay_median.before))
        said.append(t.gettext("Interactions were read {days} days after posting (median).", days=median))
    else:
        said.append(t.gettext("When interactions were read is not known."))
    if how.early.now or how.early.before:
        said.append(
            t.gettext("Sooner than {days} days: {posts}.", days=how.settled, posts=_pair(how.early, t, ratio=False))
        )
    return Html("\n<i>") + Html(" ").join(said) + Html("</i>")


def _buttons(report: Report, order_id: int, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    t = reader.t.plain

    def file(label: str, form: str) -> Button:
        return Button(label=label, press=Press(action="rpfile", subject=order_id, argument=form))

    rows: list[tuple[Button, ...]] = [
        (file("📄 PDF", "pdf"), file("📑 XLSX", "xlsx"), file("📈 " + t.gettext("Charts"), "charts"))
    ]
    left = any(
        a > b
        for a, b in (
            (report.sampling.to_code.now, report.sampling.coded.now),
            (report.sampling.to_code.before, report.sampling.coded.before),
        )
    )
    if left and reader.member.may(Right.CODE_POSTS):
        rows.append(
            (Button(label="🏷 " + t.gettext("Code these posts"), press=Press(action="rpcode", subject=order_id)),)
        )
    return tuple(rows)


def _named(found: Sequence[Line], table: str, t: Translator) -> list[tuple[str, Pair]]:
    def name(code: str) -> str:
        if not code:
            return t.plain.gettext("not known")
        if table == "platform":
            return words.platform(code) if code != "other" else t.plain.gettext("other platforms")
        return codebook().name(table, code, t.language)

    ranked = sorted(found, key=lambda line: -max(line.posts.now, line.posts.before))
    return [(name(line.key), line.posts) for line in ranked]


def _ranked(title: Html, pairs: Sequence[tuple[str, Pair]], t: Translator, most: int = _MOST) -> Html | None:
    if not pairs:
        return None
    said = [f"{clipped(one_line(name), _NAME)} {_pair(pair, t, ratio=False)}" for name, pair in pairs[:most]]
    return Html(f"{title} {'; '.join(said)}")


def _row(pairs: Sequence[tuple[str, Pair]], t: Translator) -> Html:
    return Html.escaped(" · ".join(f"{name} {_pair(pair, t, ratio=False)}" for name, pair in pairs))


def _pair(pair: Pair, t: Translator, *, ratio: bool = True) -> str:
    """120 / 80 (×1.5)"""
    said = " / ".join(t.number(round(value)) for value in (pair.now, pair.before))
    if not ratio or pair.ratio is None or not pair.now:
        return said
    return f"{said} (×{t.number(round(pair.ratio, 1 if pair.ratio >= 1 else 2))})"


def _shares(shares: SharePair, t: Translator) -> str:
    return " / ".join(_share(each, t) for each in (shares.now, shares.before))


def _share(share: Share, t: Translator) -> str:
    """12 % (8–17 %) of 340; a dash for nothing of nothing."""
    if share.value is None or share.low is None or share.high is None:
        return "–"
    return t.plain.gettext(
        "{share} ({low}–{high}) of {total}",
        share=t.percent(share.value),
        low=t.percent(share.low),
        high=t.percent(share.high),
        total=t.number(share.total),
    )


def _figure(figure: Figure, t: Translator) -> str:
    if figure.value is None:
        return "–"
    said = t.number(round(figure.value, 2))
    if figure.low is None or figure.high is None:
        return said
    return f"{said} ({t.number(round(figure.low, 2))}–{t.number(round(figure.high, 2))})"


def _sum(pairs: Iterable[Pair]) -> Pair:
    found = list(pairs)
    return Pair(now=sum(pair.now for pair in found), before=sum(pair.before for pair in found))
