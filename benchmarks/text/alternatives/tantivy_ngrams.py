"""tantivy (a search engine in Rust) with a 5-gram tokenizer: all of a text's n-grams joined by OR, ranked by BM25."""

import tempfile
from collections.abc import Sequence
from typing import Any

from benchmarks.text.alternatives.candidates import MOST
from benchmarks.text.alternatives.rarity import Rarity
from benchmarks.text.engine import NotInstalled

try:
    import tantivy
except ImportError:
    tantivy = None  # type: ignore[assignment]

_LENGTH = 5


class Tantivy:
    """An index on disk; the measure is the share of the full score."""

    name = "tantivy 5-grams"

    def __init__(self) -> None:
        if tantivy is None:
            raise NotInstalled("tantivy")
        self._folder = tempfile.TemporaryDirectory(prefix="kalkan-tantivy-")
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("place", stored=True, indexed=True)
        builder.add_text_field("words", stored=False, tokenizer_name="ngrams", index_option="freq")
        self._schema = builder.build()
        self._index: Any = tantivy.Index(self._schema, path=self._folder.name)
        grams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(_LENGTH, _LENGTH, False)).build()
        self._index.register_tokenizer("ngrams", grams)
        self._rarity = Rarity([], _LENGTH)

    def load(self, texts: Sequence[str]) -> None:
        """Index every text and commit once."""
        self._rarity = Rarity(texts, _LENGTH)
        writer = self._index.writer(heap_size=128_000_000, num_threads=1)
        for place, text in enumerate(texts):
            document = tantivy.Document()
            document.add_unsigned("place", place)
            document.add_text("words", text.encode("utf-8", "replace").decode())
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The texts of the highest BM25, as shares of the full score."""
        searcher = self._index.searcher()
        return [self._one(text, searcher) for text in texts]

    def _one(self, text: str, searcher: Any) -> list[tuple[int, float]]:
        asked = self._rarity.known(text)
        if not asked:
            return []
        terms = [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", run, "freq")) for run in asked]
        full = self._rarity.full(text, asked)
        found = searcher.search(tantivy.Query.boolean_query(terms), limit=MOST).hits
        return [(int(searcher.doc(address)["place"][0]), float(score) / full) for score, address in found]

    def close(self) -> None:
        """Remove the files."""
        self._index = None
        self._folder.cleanup()
