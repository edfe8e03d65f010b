"""hw5: a language that a grammar makes up is learned from examples, and sentences nobody has seen are translated."""

from __future__ import annotations

import random
from typing import Any

from autograder.exercises.vocabularies import Counted
from autograder.finales import Finale
from autograder.finales.language import sentences
from autograder.finales.stage import Cast, Stage

PAIRS, HELD, SHOWN = 600, 60, 3
EMBEDDED, HIDDEN, STEPS = 32, 64, 10
BATCH, EPOCHS, ROUNDS, RATE = 30, 1, 10, 0.005
WANTED = 0.9


def play(cast: Cast, stage: Stage) -> None:
    """Trains an encoder and a decoder with attention, a few epochs at a time, and translates."""
    import torch

    torch.set_num_threads(1)
    lines = [spelled(pair) for pair in sentences(random.Random(5), PAIRS + HELD)]
    torch.manual_seed(5)
    data, source, target = cast.load_data_nmt("\n".join(lines[:PAIRS]), Counted, BATCH, STEPS)
    sides = cast.tokenize_nmt(cast.preprocess_nmt("\n".join(lines[PAIRS:])))
    held = list(zip(*([" ".join(tokens) for tokens in side] for side in sides), strict=True))
    encoder = cast.Seq2SeqEncoder(len(source), EMBEDDED, HIDDEN, 1)
    net = cast.EncoderDecoder(encoder, cast.AttnDecoderRNN(len(target), EMBEDDED, HIDDEN, 1))
    stage.say(f"{PAIRS} pairs of sentences, {len(source)} words there and {len(target)} here. For example:")
    stage.say(lines[0].replace("\t", "  →  "))
    device = torch.device("cpu")

    def said(sentence: str, weights: bool = False) -> Any:
        return cast.predict_seq2seq(net, sentence, source, target, STEPS, device, weights)

    def score(count: int) -> float:
        return sum(float(cast.bleu(said(one)[0], right, 2)) for one, right in held[:count]) / count

    losses: list[float] = []
    for done in range(1, ROUNDS + 1):
        losses += cast.train_seq2seq(net, data, RATE, EPOCHS, target, device)
        stage.progress(done, ROUNDS, f"loss {losses[-1]:.3f}, BLEU of ten held-out sentences {score(10):.2f}")
    stage.curves("Mean loss of a token", training=losses)
    for one, right in held[:SHOWN]:
        stage.say(f"{one}  →  {said(one)[0]}   (right: {right})")
    longest = max((one for one, _ in held), key=len)
    text, weights = said(longest, True)
    beam, _ = cast.beam_search(net, longest, source, target, STEPS, device, 3)
    stage.say(f"{longest}  →  {text}   (a beam of three: {beam})")
    read = len(longest.split()) + 1
    looks = [row.flatten().tolist()[:read] for row in weights]
    stage.map(f"Attention: words of “{text}” over those of “{longest}”", looks)
    stage.result(f"mean BLEU of {HELD} sentences that were not trained on", score(HELD), WANTED)


def spelled(pair: tuple[list[str], list[str]]) -> str:
    """A line of a file of pairs: the two sentences with a tab between them."""
    return "\t".join(" ".join(words).capitalize() + "." for words in pair)


FINALE = Finale(
    "hw5",
    "A language from examples",
    "Your encoder and your decoder with attention learn a language with a word order of its own from 600 pairs of"
    " sentences, and translate others.",
    ("preprocess_nmt", "tokenize_nmt", "load_data_nmt", "bleu", "Seq2SeqEncoder", "EncoderDecoder", "AttnDecoderRNN",
     "train_seq2seq", "predict_seq2seq", "beam_search"),
    play,
)  # fmt: skip
