"""Threats: lexicons, grammar, scorer."""

from detection.threats.assess import assess
from detection.threats.finding import Kind, Level, Span, StaffName, Target, TargetKind, ThreatFinding
from detection.threats.lexicon import Lexicon

__all__ = [
    "Kind",
    "Level",
    "Lexicon",
    "Span",
    "StaffName",
    "Target",
    "TargetKind",
    "ThreatFinding",
    "assess",
]
