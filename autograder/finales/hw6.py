"""hw6: a Transformer learns a made-up language from examples, and translates sentences that nobody has seen."""

from __future__ import annotations

import random
from typing import Any

from autograder.exercises.vocabularies import Words
from autograder.finales import Finale
from autograder.finales.language import sentences
from autograder.finales.stage import Cast, Stage

UNKNOWN, PADDING, BEGIN, END = "<unk>", "<pad>", "<bos>", "<eos>"
PAIRS, HELD, SHOWN = 600, 200, 3
STEPS = 10  # the longest sentence, with its end
HIDDEN, FFN, HEADS, LAYERS, DROPOUT = 32, 64, 4, 2, 0.1
BATCH, EPOCHS, RATE = 30, 30, 4e-3
EVERY = 2  # epochs from one look at what was not trained on to the next
WANTED = 0.9


def play(cast: Cast, stage: Stage) -> None:
    """Trains an encoder and a decoder on pairs of sentences, and translates others word by word."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(6)
    pairs = sentences(random.Random(6), PAIRS + HELD)
    source, target = (vocabulary([pair[side] for pair in pairs]) for side in (0, 1))
    X, X_lens = padded([pair[0] for pair in pairs], source)
    Y, Y_lens = padded([pair[1] for pair in pairs], target)
    given = torch.cat((torch.full((len(Y), 1), target[BEGIN]), Y[:, :-1]), dim=1)
    counted = cast.padding_mask(Y_lens, STEPS)
    unseen = X[PAIRS:], X_lens[PAIRS:]
    stage.say(f"{PAIRS} pairs of sentences, {len(source)} words there and {len(target)} here. For example:")
    stage.say("  →  ".join(" ".join(side) for side in pairs[0]))
    encoder = cast.TransformerEncoder(len(source), HIDDEN, FFN, HEADS, LAYERS, DROPOUT)
    decoder = cast.TransformerDecoder(len(target), HIDDEN, FFN, HEADS, LAYERS, DROPOUT)
    net = nn.ModuleList((encoder, decoder))
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
    falls = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=EPOCHS)
    losses, shares = [], []
    for epoch in range(1, EPOCHS + 1):
        net.train()
        for rows in torch.randperm(PAIRS).split(BATCH):
            state = decoder.init_state(encoder(X[rows], X_lens[rows]), X_lens[rows])
            scores, _ = decoder(given[rows], state)
            loss = nn.functional.cross_entropy(scores[counted[rows]], Y[rows][counted[rows]])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        falls.step()
        losses.append(float(loss.detach()))
        if epoch % EVERY == 0:
            said = translated(encoder, decoder, target, *unseen)
            shares.append(sum(map(list.__eq__, said, [right for _, right in pairs[PAIRS:]])) / HELD)
            stage.progress(epoch, EPOCHS, f"loss {losses[-1]:.3f}, {shares[-1]:.0%} of new sentences without a mistake")
    stage.curves("Loss of a token in training", training=losses)
    stage.curves("Share of new sentences that are translated without a mistake", translated=shares)
    for (one, right), words in list(zip(pairs[PAIRS:], said, strict=True))[:SHOWN]:
        stage.say(f"{' '.join(one)}  →  {' '.join(words)}   (right: {' '.join(right)})")
    longest = max((one for one, _ in pairs[PAIRS:]), key=len)
    words = translated(encoder, decoder, target, *padded([longest], source))[0] or [END]
    look(cast, stage, encoder, decoder, padded([longest], source), [longest, words], target)
    hide(stage, encoder, decoder, padded([longest], source), [longest, words], source, target)
    stage.result(f"of {HELD} sentences that were not trained on, translated without a mistake", shares[-1], WANTED)


def vocabulary(side: list[list[str]]) -> Words:
    return Words([UNKNOWN, PADDING, BEGIN, END, *sorted({word for words in side for word in words})])


def padded(side: list[list[str]], words: Words) -> tuple[Any, Any]:
    """Ids (sentences, STEPS) with an end and padding, and how long each is with its end."""
    import torch

    rows = [words[[*line, END, *[PADDING] * (STEPS - 1 - len(line))]] for line in side]
    return torch.tensor(rows), torch.tensor([len(line) + 1 for line in side])


def translated(encoder: Any, decoder: Any, target: Words, X: Any, valid_lens: Any) -> list[list[str]]:
    """Translations of sentences, the likeliest word at each step, with the decoder's state from step to step."""
    import torch

    encoder.eval(), decoder.eval()
    with torch.no_grad():
        state = decoder.init_state(encoder(X, valid_lens), valid_lens)
        said = [torch.full((len(X), 1), target[BEGIN])]
        for _ in range(STEPS):
            scores, state = decoder(said[-1], state)
            said.append(scores.argmax(dim=-1))
    rows = target.to_tokens(torch.cat(said[1:], dim=1).flatten().tolist())
    lines = [rows[i : i + STEPS] for i in range(0, len(rows), STEPS)]
    return [line[: line.index(END)] if END in line else line for line in lines]


def answered(encoder: Any, decoder: Any, X: Any, valid_lens: Any, words: list[str], target: Words) -> Any:
    """Scores of each word of one translation, given those before it, for several sentences."""
    import torch

    given = torch.tensor([target[[BEGIN, *words[:-1]]]]).repeat(len(X), 1)
    with torch.no_grad():
        scores, _ = decoder(given, decoder.init_state(encoder(X, valid_lens), valid_lens))
    return scores


def look(
    cast: Cast, stage: Stage, encoder: Any, decoder: Any, read: tuple[Any, Any], texts: list[list[str]], target: Words
) -> None:
    """Shows where the last block of the decoder looks: its attention to the encoder's outputs, the mean of the heads.
    The weights are made anew of what the layer is given, for not every layer keeps them."""
    X, valid_lens = read
    layer = decoder.blks[-1].attention2
    asked: list[tuple[Any, Any]] = []

    def given(_: Any, args: Any, named: Any) -> None:
        known = dict(zip(("queries", "keys"), args, strict=False)) | named
        asked.append((known["queries"], known["keys"]))

    hook = layer.register_forward_pre_hook(given, with_kwargs=True)
    answered(encoder, decoder, X, valid_lens, texts[1], target)
    hook.remove()
    if not asked:  # the layer was not called as one
        return
    queries, keys = (
        side.squeeze(0).unflatten(-1, (HEADS, -1)).transpose(0, 1).detach()
        for side in (layer.W_q(asked[0][0]), layer.W_k(asked[0][1]))
    )
    attention = cast.DotProductAttention()
    attention(queries, keys, keys, valid_lens.repeat(HEADS))
    seen = attention.attention_weights.mean(dim=0)[:, : len(texts[0]) + 1]
    stage.map(f"Attention of {', '.join(texts[1])} to {', '.join(texts[0])} and the end", seen.tolist())


def hide(
    stage: Stage,
    encoder: Any,
    decoder: Any,
    read: tuple[Any, Any],
    texts: list[list[str]],
    source: Words,
    target: Words,
) -> None:
    """Shows on which words of a sentence those of its translation hang: what grows less likely as a word is hidden."""
    import torch

    (X, valid_lens), (sentence, words) = read, texts
    places = [place for place, word in enumerate(sentence) if word != "the"]
    hidden = X.repeat(1 + len(places), 1)
    hidden[torch.arange(len(places)) + 1, places] = source[UNKNOWN]
    scores = answered(encoder, decoder, hidden, valid_lens.repeat(len(hidden)), words, target)
    likely = scores.log_softmax(dim=-1)[:, range(len(words)), target[words]]
    falls = (likely[0] - likely[1:]).clamp(min=0).T  # (words of the translation, words that are hidden)
    title = f"{', '.join(words)}: how much each hangs on {', '.join(sentence[place] for place in places)}"
    stage.map(title, (falls / falls.sum(dim=1, keepdim=True).clamp(min=1e-6)).tolist())


FINALE = Finale(
    "hw6",
    "A language without recurrence",
    "Your Transformer learns a language with a word order of its own from 600 pairs of sentences, then translates"
    " others word by word.",
    ("padding_mask", "masked_softmax", "DotProductAttention", "MultiHeadAttention", "PositionalEncoding",
     "PositionWiseFFN", "AddNorm", "EncoderBlock", "DecoderBlock", "TransformerEncoder", "TransformerDecoder"),
    play,
)  # fmt: skip
