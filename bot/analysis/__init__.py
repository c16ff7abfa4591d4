"""The process pools in which detection runs, with their limits.

A picture or a text is a stranger's: whatever its decoder or a detector does with it (spins, swells, dies) happens in a
worker process with limits on memory, processor time and files, and takes down that worker only. Pictures, texts and the
reading of screenshots have a pool each, so that an album never delays a text, nor its reading a picture. Nothing here
decides: it carries findings.
"""

from bot.analysis.desk import Analysis
from bot.analysis.findings import (
    AnalysisFailed,
    EngineMissing,
    FailureCode,
    ImageFinding,
    TextFailure,
    TextFinding,
    TextJob,
    TextResult,
)
from bot.analysis.indexing import TextPrints
from bot.analysis.limits import AnalysisLimits
from bot.analysis.teaching import Taught
from detection.image.opening import ImageLimits, ImageRefused

__all__ = [
    "Analysis",
    "AnalysisFailed",
    "AnalysisLimits",
    "EngineMissing",
    "FailureCode",
    "ImageFinding",
    "ImageLimits",
    "ImageRefused",
    "Taught",
    "TextFailure",
    "TextFinding",
    "TextJob",
    "TextPrints",
    "TextResult",
]
