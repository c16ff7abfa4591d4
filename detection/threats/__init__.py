"""Threats: lexicons, grammar, scorer."""

from detection.threats.assess import assess
from detection.threats.finding import Kind, Level, Span, StaffName, Target, TargetKind, ThreatFinding
from detection.threats.lexicon import Lexicon, LexiconError
from detection.threats.model import LinearModel, NotAModel, standard_model
from detection.threats.own_words import OwnWord, checked_word, own_lexicon

__all__ = [
    "Kind",
    "Level",
    "Lexicon",
    "LexiconError",
    "LinearModel",
    "NotAModel",
    "OwnWord",
    "Span",
    "StaffName",
    "Target",
    "TargetKind",
    "ThreatFinding",
    "assess",
    "checked_word",
    "own_lexicon",
    "standard_model",
]
