"""Where the master key comes from, and what is refused in one clear line."""

import sys
from pathlib import Path

import pytest

from bot.cli.application import run
from bot.config import Settings
from bot.errors import SettingsError
from bot.sealing.house_keys import HouseKeys
from bot.sealing.key_text import key_text
from bot.sealing.passphrase import Salt
from bot.wiring import memory_folder as memory
from bot.wiring.archive import Archive
from bot.wiring.master_key import house_keys

MASTER = bytes(range(32))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with no key anywhere."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("KALKAN_DATA_DIR", str(folder))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return folder


def keyed(path: Path, master: bytes = MASTER) -> Path:
    path.write_text(key_text(master), encoding="utf-8")
    return path


def refused(**given: object) -> str:
    with pytest.raises(SettingsError) as error:
        house_keys(Settings.read(**given))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_without_a_key_nothing_is_opened(data: Path) -> None:
    """The line says how a key is made; plain data is a setting of its own, and only that."""
    assert "kalkan key new FILE" in refused()
    assert house_keys(Settings.read(plain_database=True)) is None
    assert list(data.iterdir()) == []


def test_a_key_beside_the_data_is_refused(data: Path, tmp_path: Path) -> None:
    """By whatever way it is named: deeper, through a link, by a relative path."""
    keyed(data / "master.key")
    (data / "deep").mkdir()
    keyed(data / "deep" / "master.key")
    (tmp_path / "link").symlink_to(data)
    (tmp_path / "out.key").symlink_to(data / "master.key")
    for name in ("data/master.key", "data/deep/master.key", "link/master.key", "out.key", "x/../data/master.key"):
        assert "lies in the data folder" in refused(master_key_file=tmp_path / name)


def test_a_key_beside_what_lies_elsewhere_is_refused(data: Path, tmp_path: Path) -> None:
    """The database and the backups may lie in folders of their own: the key lies in none of them."""
    url = f"sqlite+aiosqlite:///{tmp_path}/base/kalkan.sqlite"
    for folder, words in (("base", "database's folder"), ("copies", "folder of backups"), ("data", "data folder")):
        (tmp_path / folder).mkdir(exist_ok=True)
        key = keyed(tmp_path / folder / "master.key")
        said = refused(master_key_file=key, database_url=url, backup_dir=tmp_path / "copies")
        assert f"lies in the {words}" in said
    key = keyed(tmp_path / "out.key")
    assert house_keys(Settings.read(master_key_file=key, database_url=url, backup_dir=tmp_path / "copies"))


def test_a_file_or_a_credential(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd's credential comes first; both give the key that stands in them."""
    settings = Settings.read(master_key_file=keyed(tmp_path / "file.key"))
    found = house_keys(settings)
    assert found is not None
    assert found.database == HouseKeys(MASTER).database
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    keyed(tmp_path / "kalkan-master.key", b"c" * 32)
    found = house_keys(settings)
    assert found is not None
    assert found.database == HouseKeys(b"c" * 32).database


def test_what_is_no_key_is_one_line(data: Path, tmp_path: Path) -> None:
    """Missing, a folder, binary, too large, miscopied; and a key together with the plain setting."""
    assert "cannot be read" in refused(master_key_file=tmp_path / "nowhere")
    assert "cannot be read" in refused(master_key_file=tmp_path)
    path = tmp_path / "k"
    for content in (b"", b"\xff\xfe" * 40, b"a" * 20_000, key_text(MASTER).encode()[:-3], MASTER):
        path.write_bytes(content)
        assert "no master key" in refused(master_key_file=path)
    assert "take away one" in refused(master_key_file=keyed(path), plain_database=True)


def test_a_passphrase_is_asked_on_a_terminal_only(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its salt lies beside the data; a wrong one is told before anything is made with it."""
    (data / "master.salt").write_text(Salt.new("correct horse battery").text())
    settings = Settings.read()
    assert house_keys(settings, lambda _: "correct horse battery") is not None
    with pytest.raises(SettingsError, match="not the passphrase"):
        house_keys(settings, lambda _: "wrong horse battery")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert "no terminal" in refused()
    (data / "master.salt").write_text("{}")
    assert "cannot be used" in refused()


def test_half_sealed_data_is_not_opened(data: Path, tmp_path: Path) -> None:
    """While `kalkan key seal` is not finished, nothing else touches the folder."""
    (data / ".sealing").touch()
    with pytest.raises(SettingsError, match="kalkan key seal"):
        Archive.of(Settings.read(master_key_file=keyed(tmp_path / "k")))


def test_a_new_key_is_made_once_and_loudly(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Private, never over another, never into the data folder; the words to keep a copy are said."""
    path = tmp_path / "new.key"
    assert run(["key", "new", str(path)]) == 0
    assert "KEEP A SECOND COPY" in capsys.readouterr().out
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    assert run(["key", "new", str(path)]) == 2
    assert "never written over" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert run(["key", "new", str(data / "new.key")]) == 2
    assert house_keys(Settings.read(master_key_file=path)) is not None


def test_work_is_done_in_memory_or_not_at_all(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on a disk is refused; another user's is too; a dead process's leftovers go, a live one's stay."""
    with pytest.raises(SettingsError, match="not in memory"):
        memory.memory_folder(Settings.read(memory_dir=tmp_path / "disk"))
    monkeypatch.setattr(memory, "is_in_memory", lambda _: True)
    house = memory.memory_folder(Settings.read(memory_dir=tmp_path / "memory"))
    assert house.stat().st_mode & 0o777 == 0o700
    (house / "work-dead").mkdir()
    (house / "work-dead" / "left").write_text("personal")
    with memory.work_folder(house) as first, memory.work_folder(house) as second:
        assert sorted(each.name for each in house.iterdir()) == sorted((first.name, second.name))
        assert not (house / "work-dead").exists()
    assert list(house.iterdir()) == []
    monkeypatch.setattr(memory.os, "geteuid", lambda: 4242)
    with pytest.raises(SettingsError, match="somebody else"):
        memory.memory_folder(Settings.read(memory_dir=house))


def test_mounts_are_believed_only_when_they_are_tmpfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest mount point that fits decides; a disk mounted inside a tmpfs is a disk."""
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/sdb /run/disk ext4 rw 0 0\n")
    monkeypatch.setattr(memory, "_MOUNTS", mounts)
    found = {place: memory.is_in_memory(Path(place)) for place in ("/run/kalkan", "/run/disk/x", "/runner", "/srv")}
    assert found == {"/run/kalkan": True, "/run/disk/x": False, "/runner": False, "/srv": False}
