"""Settings: a wrong or unknown one is one clear line at start, and no secret is ever shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import PREFIX, Settings
from bot.errors import SettingsError

SECRET = "123456789:" + "S" * 35
REPO = Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a .env of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(**given: object) -> str:
    """The one line with which these settings are refused."""
    with pytest.raises(SettingsError) as error:
        Settings.read(**given)
    line = str(error.value)
    assert "\n" not in line
    return line


def test_the_defaults_are_enough(folder: Path) -> None:
    """Nothing needs to be set but the token, and that only for serving."""
    settings = Settings.read()
    assert (settings.zone, settings.language, settings.api_root) == ("Asia/Bishkek", "ru", "https://api.telegram.org")
    assert settings.database == f"sqlite+aiosqlite:///{settings.data_dir}/kalkan.sqlite"
    assert (settings.vault_dir, settings.key_path) == (settings.data_dir / "vault", settings.data_dir / "secret.key")
    with pytest.raises(SettingsError, match=r"KALKAN_TELEGRAM_TOKEN is not set: .*@BotFather"):
        settings.token()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZONE", "Asia/Nowhere"),
        ("ZONE", "/etc/localtime"),
        ("ZONE", "../../etc/passwd"),
        ("ZONE", "Asia"),
        ("LANGUAGE", "de"),
        ("LOG_LEVEL", "LOUD"),
        ("POLL_TIMEOUT", "51"),
        ("POLL_TIMEOUT", "-1"),
        ("BURST_SECONDS", "0"),
        ("BURST_SECONDS", "nan"),
        ("BURST_PARTS", "many"),
        ("SEND_PER_SECOND", "31"),
        ("IMAGE_BYTES", "20000001"),
        ("IMAGE_MEMORY", "1"),
        ("IMAGE_MEMORY", "1e999"),
        ("IMAGE_MEMORY", "99000000000"),
        ("IMAGE_PIXELS", "10000000000"),
        ("VAULT_BYTES", "1000000000000000000"),
        ("SEND_CHAT_SECONDS", "1e999"),
        ("SEND_CHAT_SECONDS", "61"),
        ("INBOX_KEEP_DAYS", "7"),
        ("TELEGRAM_BASE_URL", "api.telegram.org"),
        ("TELEGRAM_BASE_URL", "ftp://host"),
        ("NEWSROOM_NAME", "x" * 101),
        ("WEBHOOK_URL", "http://kalkan.example.org/hook"),
        ("WEBHOOK_URL", "https://me:secret@kalkan.example.org/hook"),
        ("WEBHOOK_URL", "https://kalkan.example.org/hook?secret=1"),
        ("WEBHOOK_LISTEN", "8081"),
        ("WEBHOOK_LISTEN", "127.0.0.1:70000"),
        ("WEBHOOK_LISTEN", "127.0.0.1:٣"),
        ("MONITOR_LISTEN", "0.0.0.0:9464"),
        ("MONITOR_LISTEN", "localhost"),
    ],
)
def test_a_wrong_value_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """That names the setting as the operator wrote it, and does not repeat the value."""
    monkeypatch.setenv(PREFIX + name, value)
    line = refused()
    assert line.startswith(f"{PREFIX}{name} is wrong: ")
    assert len(value) < 5 or value not in line


def test_an_unknown_name_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt setting would be ignored in silence otherwise; it is named, its value is not."""
    monkeypatch.setenv("KALKAN_TELEGRAM_TOKN", SECRET)
    assert refused() == "KALKAN_TELEGRAM_TOKN is not a setting of Kalkan; .env.example lists them all"


@pytest.mark.parametrize(
    "line", ["KALKAN_ZONES=UTC", "export KALKAN_ZONES=UTC", "  KALKAN_ZONES = UTC", "kalkan_zones=1"]
)
def test_an_unknown_name_in_the_file_is_refused(folder: Path, line: str) -> None:
    """The file is looked at as the environment is; other programs' names and comments are not ours."""
    (folder / ".env").write_text(f"OTHER=1\n# KALKAN_NOTHING=1\n{line}\n")
    assert "is not a setting of Kalkan" in refused()


def test_the_file_is_read_and_the_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the case of the names."""
    (folder / ".env").write_text('KALKAN_ZONE=UTC\nkalkan_language=ky\nKALKAN_NEWSROOM_NAME="Ак-Булак"\nOTHER=1\n')
    monkeypatch.setenv("KALKAN_ZONE", "Europe/Berlin")
    settings = Settings.read()
    assert (settings.zone, settings.language, settings.newsroom_name) == ("Europe/Berlin", "ky", "Ак-Булак")


def test_an_empty_value_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`KALKAN_DATA_DIR=` does not put the database into whatever folder the bot was started in."""
    for name in ("DATA_DIR", "KEY_FILE", "DATABASE_URL", "TELEGRAM_TOKEN", "ZONE"):
        monkeypatch.setenv(PREFIX + name, "")
    settings = Settings.read()
    assert settings.data_dir.is_absolute()
    assert (settings.zone, settings.key_path) == ("Asia/Bishkek", settings.data_dir / "secret.key")


def test_a_file_in_another_encoding_is_one_line(folder: Path) -> None:
    """As an editor of another system may save it."""
    (folder / ".env").write_bytes("KALKAN_NEWSROOM_NAME=Редакция\n".encode("cp1251"))
    assert refused() == ".env is not UTF-8 text"


def test_secrets_are_not_shown(folder: Path) -> None:
    """Neither the token nor the database's password, by repr, str or in an error."""
    url = "postgresql+asyncpg://kalkan:PASSWORD@db/kalkan"
    settings = Settings.read(telegram_token=SECRET, database_url=url)
    assert (settings.token(), settings.database) == (SECRET, url)
    for shown in (repr(settings), str(settings), f"{settings!r}", str(settings.telegram_token)):
        assert "SSSS" not in shown
        assert "PASSWORD" not in shown
    assert "SSSS" not in refused(telegram_token=[SECRET])


def test_settings_do_not_change(folder: Path) -> None:
    """Read once at start, the same for everybody from then on."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings.read().zone = "UTC"  # type: ignore[misc]


def test_a_base_url_may_end_in_a_slash(folder: Path) -> None:
    """And may hold a path."""
    assert Settings.read(telegram_base_url="http://127.0.0.1:8081/api/").api_root == "http://127.0.0.1:8081/api"


def test_the_example_documents_every_setting(folder: Path) -> None:
    """.env.example names each of them, none that there is not, and may be used as it is."""
    text = (REPO / ".env.example").read_text(encoding="utf-8")
    words = text.replace("#", " ").replace("=", " ").split()
    named = {word for word in words if word.startswith(PREFIX) and len(word) > len(PREFIX)}
    assert named == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    (folder / ".env").write_text(text)
    Settings.read()


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A .env file is read by no shell, and secrets must not end in a folder named "~"."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KALKAN_DATA_DIR", "~/kalkan")
    assert Settings.read().data_dir == tmp_path / "kalkan"


def test_a_huge_file_is_not_read(folder: Path) -> None:
    """It is refused by its size, at once."""
    (folder / ".env").write_bytes(b"KALKAN_ZONE=x\n" * 100_000)
    assert ".env is too large (1,400,000 bytes)" in refused()


@pytest.mark.parametrize("name", ["Ак\nБулак", "Ак\u202eБулак", "Ак\x07", "Ак\u2028Булак"])
def test_a_name_is_one_line_of_visible_signs(folder: Path, name: str) -> None:
    """No newline, no control, nothing that turns the direction of writing."""
    assert refused(newsroom_name=name).startswith("KALKAN_NEWSROOM_NAME is wrong: ")
    assert Settings.read(newsroom_name="Ак-Булак «Т24»").newsroom_name == "Ак-Булак «Т24»"


@pytest.mark.parametrize("token", ["garbage/../x", "123:a b", "123", "1:x\n", "1:x?y=z"])
def test_a_token_that_is_none(folder: Path, token: str) -> None:
    """It is named without being shown."""
    line = refused(telegram_token=token)
    assert line.startswith("KALKAN_TELEGRAM_TOKEN is wrong: not a bot token")
    assert token not in line


def test_a_limit_that_is_none(folder: Path) -> None:
    """How it is written is said, and what is quoted is cut short."""
    assert refused(limits="find=60") == (
        "KALKAN_LIMITS is wrong: 'find=60': write it as find=60/2, two numbers above 0: at once, then seconds for one"
    )
    assert len(refused(limits="y" * 5000)) < 300
    assert len(refused(**{"ocr_languages": "q" * 5000})) < 300
