"""Forms of many texts through the real workers: the same as one by one, and a bad one costs nobody else."""

import pytest

from bot.analysis import Analysis, AnalysisFailed, AnalysisLimits, TextFailure, TextPrints, indexing
from detection.text.fingerprints import packed
from detection.text.normalise import key, normalise

HOSTILE = ["", "😀🎉", "a\ud800b", "\u202eтекст", "а" + "\u0301" * 50_000, "x" * 300_000]


def expected(text: str) -> TextPrints:
    """What the detectors say of a text alone."""
    skeleton = normalise(text).skeleton
    return TextPrints(normalise(text).words, key(skeleton) if skeleton else 0, packed(skeleton))


async def test_forms_come_in_order_whatever_is_among_them(analysis: Analysis) -> None:
    """Hundreds of texts, hostile ones between: each has the forms that it has alone."""
    texts = [*(f"Баары жакшы болот деп ишенем {n}" for n in range(700)), *HOSTILE, "last one"]
    assert await analysis.prints(texts) == [expected(text) for text in texts]
    assert await analysis.prints([]) == []


async def test_text_that_takes_too_long_fails_alone() -> None:
    """A worker that is ended over one text costs the others a second try, not their forms."""
    limits = AnalysisLimits(image_workers=1, text_workers=1, text_cpu_seconds=1, batch_characters=1 << 30)
    async with Analysis(limits) as running:
        run = running._texts.run

        async def slow(function: object, texts: list[str]) -> object:
            if "slow" in texts:
                raise AnalysisFailed("timeout")
            return await run(indexing.prints_of, texts)

        running._texts.run = slow  # type: ignore[method-assign,assignment]
        found = await running.prints(["one text", "slow", "another text"])
    assert found == [expected("one text"), TextFailure(code="timeout"), expected("another text")]


async def test_stopped_analysis_refuses_nobody() -> None:
    """Texts that nobody looked at are not said to have failed: the caller tries again later."""
    with pytest.raises(AnalysisFailed, match="stopped"):
        await Analysis(AnalysisLimits(image_workers=1, text_workers=1)).prints(["text"])
