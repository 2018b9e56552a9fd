"""Words as they stand in grids: capital letters only, nothing between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from .errors import WordError

ACCENTS = ("keep", "fold")

_JOINERS = re.compile(r"[\s'’-]+")
# Letters that Unicode does not take apart into a letter and a mark.
_UNDIVIDED = str.maketrans({"Ø": "O", "Ł": "L", "Æ": "AE", "Œ": "OE", "Đ": "D", "Þ": "TH"})


@dataclass(frozen=True)
class WordRules:
    min_length: int = 3
    max_length: int = 15
    accents: str = "keep"

    def clean(self, text: str) -> str:
        """The word in capitals, without blanks, hyphens and apostrophes.

        Raises WordError when something else than letters is left, or too few or many of them.
        """
        word = _JOINERS.sub("", unicodedata.normalize("NFC", text)).upper()
        if self.accents == "fold":
            word = fold(word)
        if not word.isalpha():
            raise WordError(f"{text.strip()!r} is not made of letters")
        if len(word) < self.min_length:
            raise WordError(f"{word} has fewer than {self.min_length} letters")
        if len(word) > self.max_length:
            raise WordError(f"{word} has more than {self.max_length} letters")
        return word

    def clean_all(self, texts: Iterable[str]) -> list[str]:
        """The words in the order given, each once; blank entries are passed over."""
        return list(dict.fromkeys(self.clean(text) for text in texts if text.strip()))


def fold(word: str) -> str:
    """Capitals without accents: `ÉTÉ` is `ETE`, `ØRE` is `ORE`."""
    parts = unicodedata.normalize("NFD", word.translate(_UNDIVIDED))
    return "".join(part for part in parts if not unicodedata.combining(part))


def longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
