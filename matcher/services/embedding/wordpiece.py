"""BERT's way to cut a text: every Han character for itself, other words by the longest pieces of a vocabulary
(WordPiece; Devlin et al., 2019). The common Chinese sentence models read texts so."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

LONGEST_WORD = 100


class WordPiece:
    """The tokenizer behind a vocab.txt, one piece a line."""

    def __init__(self, vocabulary: Path, *, lower: bool = True) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {piece: number for number, piece in enumerate(lines)}
        self._lower = lower

    def ids(self, text: str, *, longest: int) -> list[int]:
        """[CLS] pieces [SEP], no longer than `longest`."""
        unknown = self._ids["[UNK]"]
        pieces = [self._ids.get(piece, unknown) for word in self._words(text) for piece in self._pieces(word)]
        return [self._ids["[CLS]"], *pieces[: longest - 2], self._ids["[SEP]"]]

    @property
    def padding(self) -> int:
        """What fills up the shorter texts of a batch."""
        return self._ids["[PAD]"]

    def _words(self, text: str) -> Iterator[str]:
        word = ""
        for character in self._clean(text):
            if character.isspace() or _stands_alone(character):
                if word:
                    yield word
                if not character.isspace():
                    yield character
                word = ""
            else:
                word += character
        if word:
            yield word

    def _clean(self, text: str) -> str:
        kept = "".join(
            " " if c in "\t\n\r" else c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c in "\t\n\r"
        )
        if not self._lower:
            return kept
        return "".join(c for c in unicodedata.normalize("NFD", kept.lower()) if unicodedata.category(c) != "Mn")

    def _pieces(self, word: str) -> list[str]:
        if len(word) > LONGEST_WORD:
            return ["[UNK]"]
        found: list[str] = []
        start = 0
        while start < len(word):
            end = len(word)
            while end > start and _marked(word[start:end], start) not in self._ids:
                end -= 1
            if end == start:
                return ["[UNK]"]
            found.append(_marked(word[start:end], start))
            start = end
        return found


def _marked(piece: str, start: int) -> str:
    return f"##{piece}" if start else piece


def _stands_alone(character: str) -> bool:
    code = ord(character)
    is_han = (
        0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x2FA1F
    )
    is_mark = character.isascii() and not character.isalnum() and not character.isspace()
    return is_han or is_mark or unicodedata.category(character).startswith("P")
