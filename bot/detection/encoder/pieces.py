"""Words cut into the encoder's pieces: the cut whose pieces are likeliest together."""

from collections.abc import Sequence
from functools import lru_cache

from bot.detection.sheet import Token

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
MOST_PIECES = 12  # of one word; what is longer is no word
_SPACE = "▁"
_LONGEST = 40  # characters of a word that are looked at


class Pieces:
    """A vocabulary of pieces with log chances; position is the piece's number."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._known = {p: (i, s) for i, (p, s) in enumerate(zip(pieces, scores, strict=True))}
        self._longest = max(map(len, pieces))
        self._floor = min(scores) - 10.0
        self.word = lru_cache(maxsize=1 << 15)(self._word)

    def _word(self, word: str) -> tuple[int, ...]:
        """The pieces of one word by Viterbi; characters outside the vocabulary are unknown."""
        word = word[:_LONGEST]
        best: list[tuple[float, int, int]] = [(0.0, 0, UNKNOWN)]
        for end in range(1, len(word) + 1):
            start = end - 1
            choice = (best[start][0] + self._floor, start, UNKNOWN)
            for start in range(max(0, end - self._longest), end):
                found = self._known.get(word[start:end])
                if found and best[start][0] + found[1] > choice[0]:
                    choice = (best[start][0] + found[1], start, found[0])
            best.append(choice)
        return self._walked(best)

    @staticmethod
    def _walked(best: list[tuple[float, int, int]]) -> tuple[int, ...]:
        found: list[int] = []
        at = len(best) - 1
        while at:
            _, start, piece = best[at]
            if not (piece == UNKNOWN and found and found[-1] == UNKNOWN):
                found.append(piece)
            at = start
        return tuple(reversed(found))[:MOST_PIECES] or (UNKNOWN,)

    def cut(self, tokens: Sequence[Token], text: str) -> list[tuple[int, ...]]:
        """The pieces of each token, marked where white space stands before it."""
        found = []
        for token in tokens:
            spaced = token.start == 0 or text[token.start - 1].isspace()
            found.append(self.word(_SPACE + token.text if spaced else token.text))
        return found
