"""Settings, frozen, read once from the environment and .env; secrets hide their repr.

Every name begins with KALKAN_. A wrong or unknown one is refused at start with one clear line (SettingsError).
"""

import os
import re
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import Field, HttpUrl, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.model.limit import read_limits
from bot.model.queue_address import QueueAddress
from bot.model.sent_message import MOST_SWEEP_HOURS

PREFIX = "KALKAN_"
#: A .env of many megabytes was read for a minute.
_MOST_DOTENV_BYTES = 1 << 20
#: What is wrong is quoted, but not at any length.
_QUOTED = 200
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")
_QUEUE = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_MOST_PORT = 65_535
#: Names of this machine for itself.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
#: Languages whose text on screenshots can be read, as Tesseract names them.
OCR_LANGUAGES = ("rus", "kir", "eng", "tgk", "uzb", "uzb_cyrl", "kaz")

#: What a newsroom may be called by its operator; the empty key is that of one which shares its database with nobody.
NEWSROOM_KEY: Final = r"^[a-z0-9-]{0,40}$"


class Settings(BaseSettings):
    """Everything that an operator can set; .env.example documents each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    telegram_token: SecretStr | None = Field(default=None, description="the bot's token, from @BotFather")
    telegram_base_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"),
        description="where the Bot API lies: /bot<token>/<method> and /file/bot<token>/<path> under it",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("kalkan", appauthor=False), description="database, vault and keys"
    )
    database_url: str | None = Field(
        default=None, repr=False, description="an SQLAlchemy URL instead of the SQLite file under the data folder"
    )
    master_key_file: Path | None = Field(
        default=None, description="file of the master key, outside the data folder; `kalkan key new FILE` makes one"
    )
    plain_database: bool = Field(
        default=False, description="yes: nothing lies encrypted on this disk; for trying out, never for a newsroom"
    )
    memory_dir: Path | None = Field(
        default=None, description="folder in memory (tmpfs) for work that must not touch the disk"
    )
    keep_working_copies: bool = Field(
        default=True, description="of originals that are sealed to the leads, keep a small copy without metadata"
    )
    seal_threats_hours: float = Field(
        default=24,
        ge=0,
        le=8760,
        description="hours after which a threat's words are sealed to the leads, if they have keys",
    )
    key_file: Path | None = Field(
        default=None, description="file of the secret key that signs buttons and invites; secret.key in the data folder"
    )
    custody_key_file: Path | None = Field(
        default=None, description="file of the secret of the custody log; custody.key in the data folder"
    )
    checkpoint_minutes: float = Field(default=5, gt=0, le=1440, description="minutes between signed checkpoints")
    checkpoint_chat: int | None = Field(
        default=None, description="chat to which checkpoints are sent; the bot must be a member of it"
    )
    checkpoint_file: Path | None = Field(default=None, description="file to which checkpoints are added")
    tsa_url: HttpUrl | None = Field(default=None, description="a time-stamping authority (RFC 3161) for checkpoints")
    backup_recipients: str = Field(
        default="", description="public keys that backups are encrypted to, or a file of them; none: no backups"
    )
    backup_dir: Path | None = Field(default=None, description="folder of backups; backups in the data folder")
    backup_hour: int = Field(default=4, ge=0, le=23, description="hour of the newsroom's day at which one is made")
    backup_keep_daily: int = Field(default=7, ge=1, le=90, description="days of which a backup is kept")
    backup_keep_weekly: int = Field(default=4, ge=0, le=12, description="weeks of which a backup is kept")
    backup_keep_days: int = Field(
        default=30, ge=1, le=90, description="days after which no backup is left, so that what was erased is gone"
    )
    backup_custody_key: bool = Field(default=False, description="whether backups hold custody.key as well")
    newsroom_name: str = Field(default="Newsroom", max_length=100, description="name of a newly made newsroom")
    newsroom: str = Field(
        default="",
        pattern=NEWSROOM_KEY,
        description="what this newsroom is called where several share a PostgreSQL",
    )
    zone: str = Field(default="Asia/Bishkek", description="IANA zone in which cards show times")
    language: Literal["ru", "ky", "en"] = Field(default="ru", description="language of whoever has chosen none")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = Field(
        default="text", description="lines for people, or each a JSON object, for machines"
    )

    webhook_url: HttpUrl | None = Field(
        default=None, description="public address, of a proxy that speaks TLS, to which Telegram posts updates"
    )
    webhook_listen: str = Field(
        default="127.0.0.1:8081", description="where the proxy finds us: an address of this machine and a port"
    )
    queue_url: SecretStr | None = Field(
        default=None, description="a RabbitMQ between webhook receivers and workers; several hosts with commas"
    )
    queue_name: str = Field(
        default="kalkan", description="the queue of this cell, another for each where several share a broker"
    )
    queue_bytes: int = Field(
        default=1_000_000_000,
        ge=1_000_000,
        le=10**13,
        description="most bytes that wait there; beyond it, Telegram waits",
    )
    monitor_listen: str = Field(
        default="", description="a loopback address and a port where machines ask how the bot is; empty: nowhere"
    )
    poll_timeout: int = Field(default=25, ge=0, le=50, description="seconds that one long poll waits")
    burst_seconds: float = Field(
        default=2.0, gt=0, le=60, description="messages of one sender within this are one submission"
    )
    burst_parts: int = Field(default=100, ge=1, le=1000, description="most messages of one submission")
    invite_hours: int = Field(default=24, ge=1, le=720, description="hours until an invite expires")
    inbox_tries: int = Field(default=5, ge=1, le=100, description="tries before an update becomes a dead letter")
    inbox_batch: int = Field(default=256, ge=1, le=1000, description="updates worked on at the same time")
    inbox_keep_days: int = Field(default=5, ge=1, le=6, description="days that handled updates are kept")
    limits: str = Field(
        default="", description='changes to what a member may use, such as "find=60/2, exports=3/600": see docs'
    )
    send_per_second: float = Field(default=25, gt=0, le=30, description="messages a second over all chats")
    send_chat_seconds: float = Field(
        default=1.0, ge=0, le=60, description="seconds between messages to one private chat"
    )
    send_group_per_minute: int = Field(default=20, ge=1, le=20, description="messages a minute to one group")
    send_parallel: int = Field(default=8, ge=1, le=32, description="requests under way at once")
    send_tries: int = Field(
        default=12, ge=1, le=100, description="tries before a message is given up and shown to the admin"
    )
    disk_alarm_percent: float = Field(
        default=15, ge=0, le=90, description="free room, in percent, below which the administrators are told"
    )
    disk_files_percent: float = Field(
        default=10, ge=0, le=90, description="free room, in percent, below which files wait with Telegram"
    )
    ballast_bytes: int = Field(
        default=64_000_000, ge=0, le=10**10, description="room kept in reserve, given up when the disk is full"
    )
    vault_bytes: int = Field(
        default=0, ge=0, le=10**15, description="most bytes of kept files; 0: as much as the disk holds"
    )
    step_up: bool = Field(
        default=True, description="ask for a code of the second factor before exports, curators and role changes"
    )
    step_up_minutes: int = Field(default=10, ge=1, le=60, description="minutes for which such a code is good")
    idle_days: int = Field(
        default=14, ge=1, le=365, description="days without any use after which a lead is asked for a code first"
    )
    vigilance: bool = Field(
        default=True, description="tell the other leads of exports, bulk reads and sensitive work at odd hours"
    )
    bulk_reads: int = Field(
        default=40, ge=5, le=10_000, description="records and pages of lists read in an hour that leads hear of"
    )
    sweep_hours: float = Field(
        default=24,
        gt=0,
        le=MOST_SWEEP_HOURS,
        description="hours after which sensitive messages are taken out of the chats; Telegram deletes none after 48",
    )
    sweep_group_hours: float = Field(
        default=MOST_SWEEP_HOURS,
        ge=0,
        le=MOST_SWEEP_HOURS,
        description="hours after which digests are taken out of groups; 0: groups keep them",
    )
    image_bytes: int = Field(default=20_000_000, ge=1000, le=20_000_000, description="largest image taken")
    image_pixels: int = Field(default=40_000_000, ge=10_000, le=200_000_000, description="most pixels of an image")
    image_seconds: int = Field(default=5, ge=1, le=60, description="CPU seconds for one image")
    image_memory: int = Field(
        default=1_000_000_000, ge=200_000_000, le=16_000_000_000, description="bytes that decoding may take"
    )
    analysis_workers: int = Field(
        default=1, ge=1, le=32, description="processes that read texts (and as many for images)"
    )
    ocr_languages: str = Field(
        default="rus+kir+eng", description="languages of the text on screenshots, as Tesseract names them, joined by +"
    )

    @field_validator(
        "data_dir", "master_key_file", "memory_dir", "key_file", "custody_key_file", "checkpoint_file", "backup_dir"
    )
    @classmethod
    def _home_is_meant(cls, path: Path | None) -> Path | None:
        # A .env file is read by no shell: "~/kalkan" would become a folder named "~".
        try:
            return path.expanduser() if path is not None else None
        except RuntimeError:
            raise ValueError("there is no such person whose home that would be") from None

    @field_validator("telegram_token")
    @classmethod
    def _token_is_one(cls, token: SecretStr | None) -> SecretStr | None:
        # It becomes part of an address: nothing else may be in it.
        if token is not None and token.get_secret_value() and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("not a bot token as @BotFather gives it: digits, a colon, letters and digits")
        return token

    @field_validator("webhook_url")
    @classmethod
    def _webhook_is_safe(cls, url: HttpUrl | None) -> HttpUrl | None:
        # As Telegram has it: in the open, what members write travels encrypted or not at all.
        if url is not None and url.scheme != "https" and url.host not in LOOPBACK:
            raise ValueError("Telegram posts to https:// addresses only")
        if url is not None and (url.username or url.password or url.query or url.fragment):
            raise ValueError("an address without a name, a password, ? or #")
        return url

    @field_validator("webhook_listen", "monitor_listen")
    @classmethod
    def _listens_somewhere(cls, where: str, field: ValidationInfo) -> str:
        host, _, port = where.rpartition(":")
        is_monitor = field.field_name == "monitor_listen"
        if is_monitor and not where:
            return where
        if not host or not (port.isascii() and port.isdecimal()) or int(port) > _MOST_PORT:
            raise ValueError("an address and a port such as 127.0.0.1:8081")
        if is_monitor and host not in LOOPBACK:
            raise ValueError("an address that only this machine reaches, such as 127.0.0.1:9464")
        return where

    @field_validator("queue_url")
    @classmethod
    def _queue_is_one(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and url.get_secret_value():
            QueueAddress.of(url.get_secret_value())
        return url

    @field_validator("queue_name")
    @classmethod
    def _queue_has_a_name(cls, name: str) -> str:
        if not _QUEUE.fullmatch(name) or name.startswith("amq."):
            raise ValueError("letters, digits, dots, _ and - , 100 at most")
        return name

    @field_validator("newsroom_name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        # Controls, newlines, and signs that turn the direction of writing: they would disturb every card.
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name):
            raise ValueError("a name is one line of letters, digits and signs that can be seen")
        return name

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError("not an IANA zone such as Asia/Bishkek") from None
        return zone

    @field_validator("limits")
    @classmethod
    def _limits_are_known(cls, limits: str) -> str:
        read_limits(limits)
        return limits

    @field_validator("ocr_languages")
    @classmethod
    def _languages_are_known(cls, languages: str) -> str:
        names = [name.strip().lower() for name in languages.split("+")]
        unknown = [name for name in names if name not in OCR_LANGUAGES]
        if unknown:
            raise ValueError(f"not among {', '.join(OCR_LANGUAGES)}; several are joined by +")
        return "+".join(dict.fromkeys(names))

    @classmethod
    def read(cls, **given: object) -> Self:
        """The settings from `given`, the environment and .env; raises SettingsError with one line."""
        try:
            _refuse_large(Path(".env"))
            _refuse_unknown(set(cls.model_fields))
            return cls(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            raise SettingsError(_one_line(error)) from None
        except UnicodeDecodeError:
            raise SettingsError(".env is not UTF-8 text") from None

    @cached_property
    def api_root(self) -> str:
        """The Bot API's address without a slash at its end."""
        return str(self.telegram_base_url).rstrip("/")

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL that the store opens."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'kalkan.sqlite'}"

    @cached_property
    def queue(self) -> QueueAddress | None:
        """Where the queue between receivers and workers lies; None where there is none."""
        given = self.queue_url.get_secret_value() if self.queue_url is not None else ""
        return QueueAddress.of(given) if given else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold. Raises SettingsError without a token."""
        return (self.token(), self.queue.password) if self.queue is not None else (self.token(),)

    @property
    def key_path(self) -> Path:
        """Where the secret key lies."""
        return self.key_file or self.data_dir / "secret.key"

    @property
    def custody_key_path(self) -> Path:
        """Where the secret of the custody log lies."""
        return self.custody_key_file or self.data_dir / "custody.key"

    @property
    def workshop_dir(self) -> Path:
        """Where exports are put together; finished ones wait there until they are sent, a day at most."""
        return self.data_dir / "exports"

    @property
    def backups_dir(self) -> Path:
        """Where backups are kept."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def backup_keys(self) -> dict[str, Path]:
        """The key files that go into a backup, by their names in it."""
        keys = {"secret.key": self.key_path}
        return keys | {"custody.key": self.custody_key_path} if self.backup_custody_key else keys

    @cached_property
    def backup_public_keys(self) -> tuple[str, ...]:
        """The public keys that backups are encrypted to. Raises SettingsError for a file that cannot be read."""
        given = self.backup_recipients.strip()
        if not given or given.startswith(("age1", "ssh-")):
            return tuple(word for word in (part.strip() for part in given.split(",")) if word)
        try:
            lines = Path(given).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{PREFIX}BACKUP_RECIPIENTS is neither age1… nor a file that can be read") from None
        return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))

    @property
    def screen_languages(self) -> tuple[str, ...]:
        """The languages of the text on screenshots."""
        return tuple(self.ocr_languages.split("+"))

    @property
    def vault_dir(self) -> Path:
        """Where original bytes lie."""
        return self.data_dir / "vault"

    def token(self) -> str:
        """The bot's token; raises SettingsError when there is none."""
        if self.telegram_token is None or not self.telegram_token.get_secret_value():
            raise SettingsError(f"{PREFIX}TELEGRAM_TOKEN is not set: ask @BotFather for a token and put it into .env")
        return self.telegram_token.get_secret_value()


def _refuse_large(path: Path) -> None:
    try:
        size = path.stat().st_size if path.is_file() else 0
    except OSError:
        return
    if size > _MOST_DOTENV_BYTES:
        raise SettingsError(f".env is too large ({size:,} bytes): settings are a few lines")


def _refuse_unknown(known: set[str]) -> None:
    names = {f"{PREFIX}{name.upper()}" for name in known}
    given = {name for name in os.environ if name.upper().startswith(PREFIX)} | _names_in_dotenv(Path(".env"))
    for name in sorted(given):
        if name.upper() not in names:
            raise SettingsError(f"{_short(name)} is not a setting of Kalkan; .env.example lists them all")


def _names_in_dotenv(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    lines = (line.strip().removeprefix("export ") for line in path.read_text(encoding="utf-8").splitlines())
    return {line.split("=", 1)[0].strip() for line in lines if line.upper().startswith(PREFIX)}


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    name = f"{PREFIX}{str(first['loc'][0]).upper()}" if first["loc"] else PREFIX
    return f"{name} is wrong: {_short(first['msg'].removeprefix('Value error, '))}"


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
