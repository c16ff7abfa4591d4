"""`kalkan withdraw` on the server: what was imported, of every kind, and one file of it taken back and put back."""

import hashlib
from pathlib import Path

from tests.journeys.command_line import CommandLine

STAFF = "kind,name,aliases\nperson,Айгүл,Aigul\nperson,Бек,Bek\n"
ADS = "advertiser,first,id\nПартия,2026-10-01,1\n"
ACCOUNTS = "platform,handle\nvk,troll.one\n"
COMMENTS = "id,text,author,platform\n1,Баары сатылган,troll.one,vk\n"


def test_files_are_listed_withdrawn_and_put_back(tmp_path: Path) -> None:
    """Each kind is listed; what cannot be withdrawn here says where it can; a withdrawn one is refused."""
    kalkan = CommandLine(tmp_path / "data")
    files = {"staff": STAFF, "ads": ADS, "accounts": ACCOUNTS, "comments": COMMENTS}
    for noun, content in files.items():
        path = tmp_path / f"{noun}.csv"
        path.write_text(content, encoding="utf-8")
        done = kalkan.here("import", noun, path)
        assert done.code == 0, done.err
    listed = kalkan.here("withdraw").out.splitlines()
    assert [line.split("  ")[1] for line in listed] == ["comments", "accounts", "ads", "staff"]
    day, _, rows, name, who, mark = listed[3].split("  ")
    assert (rows, who, mark) == (
        "2 rows, counts",
        "by command line",
        f"sha256:{hashlib.sha256(STAFF.encode()).hexdigest()}",
    )
    assert name == f"staff.csv {day}"
    (tmp_path / "more.csv").write_text(STAFF.replace("Бек", "Чынара"), encoding="utf-8")
    assert kalkan.here("import", "staff", tmp_path / "more.csv").code == 0
    assert kalkan.here("withdraw", name).out.splitlines() == [
        f"withdrawn: 1 staff of {name}",
        "1 row stays since another file says the same",
    ]
    assert "2 rows, withdrawn" in kalkan.here("withdraw", "--kind", "staff").out
    refused = kalkan.here("import", "staff", tmp_path / "staff.csv")
    assert refused.code == 2
    assert "--back puts it back" in refused.err
    assert kalkan.here("withdraw", name, "--back").out.splitlines() == [f"put back: 2 staff of {name}"]
    assert kalkan.here("import", "staff", tmp_path / "staff.csv").out.startswith("added 0, changed 0, same 2")
    refused = kalkan.here("withdraw", f"accounts.csv {day}")
    assert refused.code == 2
    assert "/withdraw" in refused.err
    assert kalkan.here("withdraw", f"comments.csv {day}").out == f"withdrawn: 1 comments of comments.csv {day}\n"
