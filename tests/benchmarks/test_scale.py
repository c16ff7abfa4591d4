"""What the measurements at scale stand on: a stream that is the same each time, and figures that add up."""

import os
import subprocess
import sys
from itertools import islice

from benchmarks.scale import world
from benchmarks.scale.measuring import Waits, family, peak, resident


def test_the_stream_is_the_same_each_time_and_from_anywhere() -> None:
    """A larger archive begins with the smaller one."""
    beginning = list(world.comments(30))
    assert beginning == list(islice(world.comments(20_000), 30))
    assert list(world.comments(5, first=10_003)) == list(world.comments(10_008))[10_003:]
    assert [line["id"] for line in beginning[:3]] == ["c0", "c1", "c2"]


def test_farms_repeat_themselves_and_people_do_not() -> None:
    """A quarter of the comments are a farm's, many of them to the letter; the others are all different."""
    farms = {" ".join(words) for words in world.templates()}
    texts = [line["text"] for line in world.comments(10_000)]
    verbatim = [text for text in texts if text.rstrip("!?. 🔥😡👍") in farms]
    assert 500 < len(verbatim) < 2_500
    assert len(set(verbatim)) < len(verbatim)
    assert len(set(texts)) > 9_000


def test_half_of_the_questions_are_copies() -> None:
    """Each shares most of its words with a stored comment; the rest are new."""
    stored = {word for line in world.comments(200) for word in [line["text"]]}
    asked = world.questions(200, 40)
    assert len(asked) == 40
    near = [each for each in asked if any(_shared(each, text) > 0.6 for text in stored)]
    assert len(near) >= 20


def _shared(one: str, other: str) -> float:
    words, others = set(one.split()), set(other.split())
    return len(words & others) / max(len(words), len(others))


def test_waits_are_ranked() -> None:
    """In milliseconds; one that is very long is no p99 of many."""
    waits = Waits.of([0.001] * 50 + [0.002] * 49 + [1.0])
    assert (round(waits.p50, 6), waits.longest) == (1.5, 1000.0)
    assert waits.p99 < 20


def test_a_process_is_counted_with_its_children() -> None:
    """What it started, and the memory of both."""
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE) as process:
        with peak(process.pid) as most:
            while len(family(process.pid)) < 2 or most.most == 0:
                pass
        assert os.getpid() not in family(process.pid)
        assert most.most >= 1
        assert resident(process.pid) > 1
        process.communicate(b"\n")
