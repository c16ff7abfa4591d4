"""Every code that can reach a member has a sentence, in each of the three languages."""

import ast
import inspect
from typing import Any, get_args

import pytest
from datetime import UTC, datetime

from bot.analysis import FailureCode
from bot.cli.words import SENTENCES
from bot.i18n import LANGUAGES, Catalogs, Html, Translator
from bot.model.account import AccountStatus
from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.model.verdict import LEVELS, Finding, TargetFound, ThreatFound
from bot.services.accounts import read_suspicion
from bot.services.staff import StaffKind, read_staff
from detection.accounts.matching import Strength, Why
from detection.accounts.platforms import Platform
from detection.image.opening import RefusalCode
from detection.text import duplicates
from detection.threats.finding import Kind, Level, TargetKind
from handlers import reading
from handlers.cards import case_card, lists, replies, words
from handlers.cards.card import Reader
from tests.handlers.codes import ROOT, Sources, fits
