"""What a running bot counts of itself, for Prometheus. Numbers alone: no label names a person, a chat or a newsroom.

They live in this process and start at nothing; what the database holds is asked when somebody looks: `wiring.monitor`.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

REGISTRY: Final = CollectorRegistry()
#: Memory, processor time and open files of this process.
ProcessCollector(registry=REGISTRY)
#: Seconds. Members are promised an answer within two, alarms the same.
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)

UPDATES: Final = Counter(
    "kalkan_updates", "Updates from Telegram: stored, or turned away as a stranger's", ["what"], registry=REGISTRY
)
HANDLED: Final = Counter(
    "kalkan_updates_handled", "Updates: done, put off to be tried again, or given up", ["outcome"], registry=REGISTRY
)
HANDLING: Final = Histogram(
    "kalkan_update_seconds", "From taking an update in hand to its commit", buckets=_SECONDS, registry=REGISTRY
)
SENT: Final = Counter(
    "kalkan_messages", "Messages: sent, refused by Telegram, or put off", ["outcome"], registry=REGISTRY
)
SENDING: Final = Histogram(
    "kalkan_send_seconds", "From rendering a message to Telegram's answer", buckets=_SECONDS, registry=REGISTRY
)
ANALYSIS: Final = Histogram(
    "kalkan_analysis_seconds",
    "Of a task of the detectors, its wait included",
    ["task"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
ANALYSIS_FAILED: Final = Counter(
    "kalkan_analysis_failed", "Tasks of the detectors that failed", ["task"], registry=REGISTRY
)
QUEUED: Final = Counter(
    "kalkan_queue_messages",
    "Messages of the queue before the inbox: posted, refused, fed to the inbox, or set aside as unreadable",
    ["what"],
    registry=REGISTRY,
)
QUEUE_WAITING: Final = Gauge("kalkan_queue_waiting", "Messages of that queue that nobody took yet", registry=REGISTRY)
QUEUE_UP: Final = Gauge("kalkan_queue_up", "Whether its broker answers; 1 where there is none", registry=REGISTRY)
JOBS_FAILED: Final = Counter("kalkan_jobs_failed", "Jobs of the clock that ended with an error", registry=REGISTRY)

TAKEN: Final = Gauge(
    "kalkan_seconds_since_updates_were_asked_for", "Since Telegram last gave updates, or said there are none",
    registry=REGISTRY,
)  # fmt: skip
WAITING: Final = Gauge("kalkan_waiting", "Rows that wait to be handled or sent", ["queue"], registry=REGISTRY)
OLDEST: Final = Gauge(
    "kalkan_waiting_seconds", "How long the oldest row has waited beyond its time", ["queue"], registry=REGISTRY
)
DEAD: Final = Gauge("kalkan_dead_letters", "Updates that were given up and nobody replayed", registry=REGISTRY)
PROCESSES: Final = Gauge(
    "kalkan_processes", "Processes that live on one PostgreSQL, and whether a scheduler leads", ["role"],
    registry=REGISTRY,
)  # fmt: skip
DISK: Final = Gauge("kalkan_disk_free_bytes", "Free room on the data folder's disk", registry=REGISTRY)


def counted_from_nothing() -> None:
    """Let every outcome be there from the start: a rate of what has not happened yet is zero, not missing."""
    for what in ("stored", "turned_away"):
        UPDATES.labels(what)
    for outcome in ("done", "again", "dead"):
        HANDLED.labels(outcome)
    for what in ("posted", "refused", "fed", "set_aside"):
        QUEUED.labels(what)
    for outcome in ("sent", "refused", "again"):
        SENT.labels(outcome)


counted_from_nothing()
