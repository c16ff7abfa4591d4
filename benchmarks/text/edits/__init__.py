"""Seeded edits: what operators of troll farms do by hand to a comment that was handed out.

`EDITS` names every kind. Parameters vary at random within a kind, so that one kind is no single pattern. The languages
named are those of the texts that a kind is tried on.
"""

from random import Random
from typing import Final

from benchmarks.text.edits import alphabets, disguise, names, parts, surface, translit, wording
from benchmarks.text.edits.combos import Combo
from benchmarks.text.edits.edit import Apply, Edit, Material

__all__ = ["EDITS", "Edit", "Material", "apply"]

CYRILLIC: Final = ("ru", "ky", "kk", "tg")

_LIGHT: Final[tuple[Apply, ...]] = (
    *(surface.case, surface.punctuation, surface.emoji, surface.stretched, surface.tags_and_links, surface.zero_width),
)
_WORDING: Final[tuple[Apply, ...]] = (
    *(names.name_swap, wording.typos(0.03), wording.adjacent_words, wording.template_slots(0.1)),
    *(wording.words_dropped(0.1), wording.words_inserted(0.1)),
)
_WHOLE: Final[tuple[Apply, ...]] = (
    *(parts.sentence_added("before"), parts.sentence_added("after"), parts.sentence_dropped, wording.sentence_order),
)
_DISGUISES: Final[tuple[Apply, ...]] = (
    *(disguise.homoglyphs(0.5), disguise.leet, translit.slang, disguise.stars, surface.spaces_inserted),
)


def _scale(family: str, group: str, kinds: dict[str, tuple[float, Apply]], must_up_to: float = 0.0) -> list[Edit]:
    return [
        Edit(name=name, group=group, apply=edit, must=strength <= must_up_to, strength=strength, family=family)
        for name, (strength, edit) in kinds.items()
    ]


_KINDS: Final = [
    Edit("case", "surface", surface.case, must=True),
    Edit("punctuation", "surface", surface.punctuation, must=True),
    Edit("emoji", "surface", surface.emoji, must=True),
    Edit("zero_width", "surface", surface.zero_width, must=True),
    Edit("combining", "surface", surface.combining),
    Edit("letter_spacing", "spacing", surface.letter_spacing, must=True),
    Edit("spaces_removed", "spacing", surface.spaces_removed, must=True),
    Edit("spaces_inserted", "spacing", surface.spaces_inserted, must=True),
    Edit("stretched", "surface", surface.stretched),
    Edit("tags_and_links", "surface", surface.tags_and_links),
    Edit("homoglyphs_50", "disguise", disguise.homoglyphs(0.5), must=True, strength=0.5, family="homoglyphs"),
    Edit("homoglyphs_100", "disguise", disguise.homoglyphs(1.0), must=True, strength=1.0, family="homoglyphs"),
    Edit("fancy", "disguise", disguise.fancy),
    Edit("leet", "disguise", disguise.leet),
    Edit("stars", "disguise", disguise.stars),
    Edit("yo", "alphabet", alphabets.yo, must=True, languages=("ru",)),
    Edit("ky_letters", "alphabet", alphabets.russian_keyboard("ky"), must=True, languages=("ky",)),
    Edit("ky_letters_back", "alphabet", alphabets.russian_keyboard("ky"), must=True, languages=("ky",), reverse=True),
    Edit("kk_letters", "alphabet", alphabets.russian_keyboard("kk"), languages=("kk",)),
    Edit("tg_letters", "alphabet", alphabets.russian_keyboard("tg"), languages=("tg",)),
    Edit("uz_letters", "alphabet", alphabets.uzbek_russian_keyboard, languages=("uz",)),
    Edit("uz_apostrophes", "alphabet", alphabets.uzbek_apostrophes, languages=("uz",)),
    Edit("translit_standard", "transliteration", translit.standard, must=True, languages=CYRILLIC),
    Edit("translit_slang", "transliteration", translit.slang, must=True, languages=CYRILLIC),
    # Kyrgyz is left to `ky_letters_back`: a text can be stored in one form only.
    Edit("translit_back", "transliteration", translit.standard, must=True, languages=("ru", "kk", "tg"), reverse=True),
    Edit("uz_to_cyrillic", "transliteration", alphabets.uzbek_to_cyrillic, must=True, languages=("uz",)),
    Edit("uz_to_latin", "transliteration", alphabets.uzbek_to_cyrillic, must=True, languages=("uz",), reverse=True),
    *_scale("typos", "wording", {f"typos_{p}": (p / 100, wording.typos(p / 100)) for p in (3, 8, 15)}, must_up_to=0.08),
    Edit("adjacent_words", "order", wording.adjacent_words, must=True),
    Edit("sentence_order", "order", wording.sentence_order, must=True),
    Edit("name_swap", "wording", names.name_swap),
    *_scale("template", "wording", {f"template_{p}": (p / 100, wording.template_slots(p / 100)) for p in (20, 35)}),
    *_scale("words dropped", "wording", {"words_dropped_20": (0.2, wording.words_dropped(0.2))}),
    *_scale("words inserted", "wording", {"words_inserted_20": (0.2, wording.words_inserted(0.2))}),
    Edit("sentence_before", "parts", parts.sentence_added("before")),
    Edit("sentence_after", "parts", parts.sentence_added("after")),
    Edit("sentence_both", "parts", parts.sentence_added("both")),
    Edit("sentence_dropped", "parts", parts.sentence_dropped),
    Edit("fragment_80", "parts", parts.fragment_pasted(80)),
    Edit("fragment_50", "parts", parts.fragment_pasted(50)),
    *_scale("truncated", "parts", {f"truncated_{100 - p}": (p / 100, parts.truncated(1 - p / 100)) for p in (20, 40)}),
    Edit("combo_light", "combo", Combo([(_WORDING, 1, 1), (_LIGHT, 1, 2)])),
    Edit("combo_heavy", "combo", Combo([(_WHOLE, 0, 1), (_WORDING, 2, 3), (_LIGHT, 1, 2), (_DISGUISES, 1, 1)])),
]

#: Every kind by name.
EDITS: Final = {edit.name: edit for edit in _KINDS}


def apply(name: str, text: str, seed: int, material: Material) -> str:
    """Edit `text` by the kind `name`; the same seed gives the same result. Raises `KeyError` for no such kind."""
    return EDITS[name].apply(text, Random(f"{name}:{seed}"), material)
