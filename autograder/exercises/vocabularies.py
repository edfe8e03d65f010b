"""Small vocabularies that stand in for the one that hw4 builds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


class Words:
    """Tokens with given ids: the id of a token is its place."""

    def __init__(self, tokens: Sequence[str], unknown: str = "<unk>") -> None:
        self.idx_to_token = list(tokens)
        self.token_to_idx = {token: place for place, token in enumerate(tokens)}
        self._unknown = self.token_to_idx.get(unknown, 0)

    @property
    def unk(self) -> int:
        return self._unknown

    def __len__(self) -> int:
        return len(self.idx_to_token)

    def __getitem__(self, tokens: Any) -> Any:
        if isinstance(tokens, str):
            return self.token_to_idx.get(tokens, self._unknown)
        return [self[token] for token in tokens]

    def to_tokens(self, places: Any) -> Any:
        if isinstance(places, (list, tuple)):
            return [self.idx_to_token[int(place)] for place in places]
        return self.idx_to_token[int(places)]


class Counted(Words):
    """A vocabulary made of lines of tokens, as hw4's is; `asked` notes what it was made with."""

    def __init__(
        self, tokens: Sequence[Sequence[str]] = (), min_freq: int = 0, reserved_tokens: Sequence[str] | None = None
    ) -> None:
        reserved = ["<unk>", *(reserved_tokens or ())]
        often = Counter(word for line in tokens for word in line)
        self.asked = {"lines": [list(line) for line in tokens], "min_freq": min_freq, "reserved": reserved[1:]}
        super().__init__(reserved + sorted(w for w, n in often.items() if n >= min_freq and w not in reserved))
