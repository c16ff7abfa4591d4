"""The editors' desk for its tests: the real store, vault and laboratory; only the stage and the clock are fakes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.analysis import Analysis
from bot.errors import Outage, Refusal
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.submission import Case, Incoming, IncomingFile
from bot.services.accounts import Accounts
from bot.services.cases import Cases
from bot.services.dialogs import Dialogs, Replies
from bot.services.findings import Findings
from bot.services.keys import Keys
from bot.services.knowledge import Knowledge
from bot.services.members import Members
from bot.services.newsrooms import Newsrooms
from bot.services.photo_index import PhotoIndex
from bot.services.pictures import Pictures
from bot.services.staff import StaffList
from bot.services.submissions import IntakeLimits, Submissions
from bot.services.texts import TextIndex
from bot.storage import cases
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.laboratory import analysis
from tests.newsroom import make_member, make_newsroom
from tests.stage import Recorder
from tests.stores import StoppedClock

__all__ = ["analysis"]

KEYS = Keys(b"k" * 32)
ROOM = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL a service's test runs with the long proofs, unless it is about two processes at once.

    The SQL stands in storage, whose tests run on both engines; what is left to differ is who waits for whom.
    """
    for item in items:
        if item.path.parent == ROOM and _is_on_postgres(item) and not _needs_two_processes(item):
            item.add_marker(pytest.mark.slow)


def _is_on_postgres(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("store_url") == "postgres"


def _needs_two_processes(item: pytest.Item) -> bool:
    return "more_stores" in getattr(item, "fixturenames", ())


@dataclass(kw_only=True)
class TelegramFiles:
    """Fakes where files lie: hands out `files` by id, and fails as it is told; `fetched` lists what was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    trouble: Outage | Refusal | None = None
    fetched: list[str] = field(default_factory=list)

    async def fetch(self, file: IncomingFile) -> bytes:
        """The bytes of a file, as handlers bring them."""
        self.fetched.append(file.file_id)
        if self.trouble is not None:
            raise self.trouble
        return self.files[file.file_id]


@dataclass(kw_only=True)
class EditorsDesk:
    """Everything that works on one newsroom, and short ways of using it."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    vault: Vault
    knowledge: Knowledge
    findings: Findings
    submissions: Submissions
    cases: Cases
    accounts: Accounts
    staff: StaffList
    members: Members
    newsrooms: Newsrooms
    dialogs: Dialogs
    replies: Replies
    files: TelegramFiles = field(default_factory=TelegramFiles)
    stage: Recorder = field(default_factory=Recorder)

    async def member(self, role: Role = Role.JOURNALIST, name: str = "Айгерим") -> Member:
        """A new member of the newsroom."""
        return await make_member(self.store, self.newsroom, self.clock(), role, name=name)

    async def commit(self) -> None:
        """End the transaction of what was staged."""
        await self.stage.commit(self.store)

    async def send(self, member: Member, *messages: Incoming) -> list[Case]:
        """These messages at one go, as a batch of updates; returns the submissions they went into, in order."""
        for incoming in messages:
            await self.submissions.submit(self.stage, member, incoming, self.files.fetch)
        await self.commit()
        found: dict[int, Case] = {}
        for incoming in messages:
            case = await self.of(member, incoming)
            found[case.submission_id] = case
        return list(found.values())

    async def of(self, member: Member, incoming: Incoming) -> Case:
        """The case in which a message lies now."""
        async with self.store.read() as conn:
            place = await cases.by_message(conn, member.newsroom_id, incoming.chat_id, incoming.message_id)
            assert place is not None
            case = await cases.by_submission(conn, member.newsroom_id, place[0])
        assert case is not None
        return case

    async def settle(self) -> int:
        """Let the burst be over."""
        self.clock.tick(10)
        return await self.cases.settle()


def open_desk(store: Store, clock: StoppedClock, newsroom: Newsroom, analysis: Analysis, folder: Path) -> EditorsDesk:
    """A desk over these parts; whoever opens it closes its knowledge."""
    vault = Vault(folder)
    pictures = Pictures(vault, analysis)
    knowledge = Knowledge(store, clock, newsroom.id, PhotoIndex(store, clock, analysis, newsroom.id))
    findings = Findings(store, analysis, knowledge, TextIndex(store, newsroom.id), newsroom.id)
    desk = Cases(store, clock, findings, knowledge)
    limits = IntakeLimits(burst_seconds=2, burst_parts=100, image_bytes=2_000_000)
    return EditorsDesk(
        store=store,
        clock=clock,
        newsroom=newsroom,
        vault=vault,
        knowledge=knowledge,
        findings=findings,
        submissions=Submissions(store, clock, vault, findings, limits),
        cases=desk,
        accounts=Accounts(store, clock, knowledge, desk, pictures),
        staff=StaffList(store, clock, knowledge),
        members=Members(store, clock, KEYS, 24),
        newsrooms=Newsrooms(store, clock),
        dialogs=Dialogs(store, clock),
        replies=Replies(store, clock),
    )


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    """The newsroom of this test."""
    return await make_newsroom(store, clock())


@pytest.fixture
def desk(
    store: Store, clock: StoppedClock, newsroom: Newsroom, analysis: Analysis, tmp_path: Path
) -> Iterator[EditorsDesk]:
    """Its desk, on both engines."""
    opened = open_desk(store, clock, newsroom, analysis, tmp_path / "vault")
    yield opened
    opened.knowledge.close()
