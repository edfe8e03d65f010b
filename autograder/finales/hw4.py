"""hw4: a character RNN reads the opening of a novel again and again, and then writes in its manner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING, Any

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

if TYPE_CHECKING:
    import torch

HIDDENS, BATCH, NUM_STEPS = 128, 16, 32
EPOCHS, ROUNDS = 4, 16
RATE = 0.008  # at first; it falls to nothing
PREFIX, UNREAD, WRITTEN = "time traveller ", "the machine ", 200
UNDECIDED, KNOWN = 1.5, 0.8


def play(cast: Cast, stage: Stage) -> None:
    """Trains on the chapter, a few epochs at a time, and lets the model write before, meanwhile and afterwards."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    text = chapter()
    vocab = cast.Vocab(list(text))
    corpus = torch.tensor(vocab[list(text)])
    stage.say(f"{len(text):,} characters of H. G. Wells, The Time Machine (1895); {len(vocab)} different ones.")
    device = torch.device("cpu")
    torch.manual_seed(4)
    net = cast.RNNModel(nn.GRU(len(vocab), HIDDENS), len(vocab))
    updater = torch.optim.Adam(net.parameters(), lr=RATE)
    minibatches = Reader(corpus, torch.Generator().manual_seed(4))

    def written(prefix: str = PREFIX) -> str:
        return str(cast.predict(prefix, WRITTEN, net, vocab, device))

    stage.say(f"Before it has read anything: {written()}")
    perplexities: list[float] = []
    for done in range(1, ROUNDS + 1):
        for group in updater.param_groups:
            group["lr"] = RATE * (1 - (done - 1) / ROUNDS)
        perplexities += cast.train_char_rnn(net, minibatches, updater, EPOCHS, device)
        stage.progress(done, ROUNDS, f"perplexity {perplexities[-1]:.2f}: {written()[:60]}")
        if done == ROUNDS // 4:
            stage.say(f"After {done * EPOCHS} epochs: {written()}")
    end = written()
    stage.say(f"After {len(perplexities)} epochs: {end}")
    stage.say(f"From words that the chapter does not have: {written(UNREAD)}")
    stage.curves("Perplexity of an epoch", perplexity=perplexities)
    stage.result("perplexity of the last epoch", perplexities[-1], UNDECIDED, at_most=True)
    words = re.findall("[a-z]+", end[len(PREFIX) :])[:-1]  # the last one may be cut off
    known = sum(word in re.findall("[a-z]+", text) for word in words) / max(len(words), 1)
    stage.result("share of what it wrote that are words of the chapter", known, KNOWN)


class Reader:
    """Goes through a corpus as a training does with sequential minibatches: rows that go on in the next one, from a
    start that is drawn anew each time."""

    def __init__(self, corpus: torch.Tensor, generator: torch.Generator) -> None:
        self._corpus, self._generator = corpus, generator

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        import torch

        start = int(torch.randint(NUM_STEPS, (), generator=self._generator))
        length = (len(self._corpus) - start - 1) // BATCH
        X, Y = (self._corpus[start + by :][: BATCH * length].reshape(BATCH, length) for by in (0, 1))
        whole = length // NUM_STEPS * NUM_STEPS
        yield from zip(X[:, :whole].split(NUM_STEPS, 1), Y[:, :whole].split(NUM_STEPS, 1), strict=True)


def chapter() -> str:
    """The text in small letters, with commas, full stops and question marks."""
    whole = resources.files("autograder.finales").joinpath("time_machine.txt").read_text(encoding="utf-8")
    text = whole.split("\n\n", 1)[1].lower()
    return " ".join(re.sub("[^a-z,.?]+", " ", text).split())


FINALE = Finale(
    "hw4",
    "The Time Machine, continued",
    "Your character RNN reads the opening of a novel 64 times, and then goes on writing by itself.",
    ("Vocab", "RNNModel", "train_char_rnn", "predict"),
    play,
)
