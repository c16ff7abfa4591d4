"""The figures as tables."""

from collections.abc import Sequence

from benchmarks.scale.importing import Imported
from benchmarks.scale.lookups import Beside, Lookups
from benchmarks.scale.webhook import Share, Stream


def imported(what: str, found: Imported) -> str:
    """An import, against its bars."""
    return (
        f"| import of {found.comments:,} comments on {what}, file to findable | 3,000/s; 500 MB"
        f" | {found.rate:,.0f}/s; {found.memory:.0f} MB; {1000 * found.cpu / found.comments:.2f} ms CPU a comment |"
    )


def lookups(found: Lookups) -> list[str]:
    """Lookups at a size."""
    return [
        f"| text lookup among {found.comments:,}, p50; p99 | 10; 40 ms"
        f" | {found.search.p50:.1f}; {found.search.p99:.1f} ms |",
        f"| all that is told of copies, p50; p99 | | {found.told.p50:.1f}; {found.told.p99:.1f} ms |",
        f"| bytes a comment: its row; its index; the whole database at {found.comments:,} |"
        f" | {found.row:.0f}; {found.index:.0f}; {found.whole:.0f} |",
    ]


def grown(small: Lookups, large: Lookups) -> str:
    """How a lookup grows with the archive."""
    ratio = large.search.p50 / small.search.p50
    return f"| p50 at {large.comments:,} against {small.comments:,} | 1.5x | {ratio:.2f}x |"


def beside(found: Beside) -> list[str]:
    """pg_trgm, as ratios of one run."""
    own = found.kalkan.p50
    return [
        f"| pg_trgm {name}, GIN, p50: against Kalkan's {own:.1f} ms in turns | 20x"
        f" | {waits.p50:,.0f} ms: {waits.p50 / own:,.0f}x |"
        for name, waits in found.others.items()
    ]


def stream(found: Stream) -> list[str]:
    """Webhook to committed."""
    told = f"{found.refused} refused; " if found.refused else ""
    return [
        f"| webhook to committed, {found.workers} workers, {found.posted:,} posts at {found.rate}/s: p50; p99 | 500 ms"
        f" | {told}{found.waits.p50:.0f}; {found.waits.p99:.0f} ms, longest {found.waits.longest:.0f} ms |",
        f"| handled meanwhile; still waiting at the end | | {found.handled:,}; {found.behind:,} |",
        f"| CPU an update: receiver; PostgreSQL; scheduler; poster | | {found.receiver:.2f}; {found.database:.2f};"
        f" {found.scheduler:.2f}; {found.poster:.2f} ms |",
        f"| CPU of the workers an update handled | | {found.worker:.2f} ms |",
    ]


def shares(found: Sequence[Share]) -> list[str]:
    """What an update costs with one worker and with several."""
    least = found[0].stream.worker
    return [
        f"| CPU an update handled, {each.stream.workers} workers, {each.stream.rate}/s: workers; PostgreSQL |"
        f" {'1' if each is found[0] else '±15 %'} | {each.stream.worker:.1f} ms ({each.stream.worker / least:.2f}x);"
        f" {each.stream.database:.1f} ms; a worker at rest {each.idle:.0f} ms a second |"
        for each in found
    ]
