"""hw7: a tiny BERT reads a made-up language until it guesses hidden words, and a tiny GPT goes on with patterns."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

SPECIAL = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")
TOPICS = {
    "farm": ("hen goat cow duck", "eats finds likes smells", "corn grass hay grain"),
    "sea": ("whale crab seal shark", "follows fears meets hears", "fish squid plankton shrimp"),
    "sky": ("pilot eagle kite cloud", "crosses leaves passes circles", "mountain valley tower bridge"),
    "kitchen": ("cook waiter baker guest", "tastes bakes cuts serves", "bread soup cake pie"),
}
FORMS = ("the {0} {1} the {2}", "a {0} often {1} some {2}", "today this {0} {1} its {2}")
PARAGRAPHS, HELD, SENTENCES = 160, 40, 4
MAX_LEN, HIDDEN = 20, 48
BERT_STEPS, BATCH, BERT_RATE = 440, 64, 3e-3
LETTERS, LENGTH, KNOWN, PERIODS = 8, 14, 5, (2, 3, 4)
GPT_STEPS, GPT_RATE = 240, 3e-3
BERT_WANTED, PAIRS_WANTED, GPT_WANTED = 0.5, 0.7, 0.95
EVERY = 20  # steps from one look at what was not trained on to the next


def play(cast: Cast, stage: Stage) -> None:
    """Trains BERT on masked words and pairs of sentences, then GPT on patterns that repeat."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(7)
    read(cast, stage)
    write(cast, stage)


class Words:
    """The words of the language, ids by their order."""

    def __init__(self) -> None:
        words = " ".join([*FORMS, *(" ".join(kinds) for kinds in TOPICS.values())]).split()
        self.idx_to_token = [*SPECIAL, *dict.fromkeys(word for word in words if word[0] != "{")]
        self._ids = {token: i for i, token in enumerate(self.idx_to_token)}

    def __len__(self) -> int:
        return len(self.idx_to_token)

    def __getitem__(self, tokens: Any) -> Any:
        return self._ids.get(tokens, 0) if isinstance(tokens, str) else [self[token] for token in tokens]


def paragraphs(count: int, rng: random.Random) -> list[list[list[str]]]:
    """Paragraphs of sentences about one topic each."""
    found = []
    for _ in range(count):
        kinds = [kind.split() for kind in rng.choice(list(TOPICS.values()))]
        sentences = [rng.choice(FORMS).format(*map(rng.choice, kinds)) for _ in range(SENTENCES)]
        found.append([sentence.split() for sentence in sentences])
    return found


def examples(cast: Cast, text: list[list[list[str]]], words: Words, rng: random.Random) -> list[Any]:
    """The seven tensors of pad_bert_inputs, for all pairs of neighbours in the text, masked anew."""
    import torch

    found = []
    for paragraph in text:
        for sentence, true_next in pairwise(paragraph):
            first, second, is_next = cast.next_sentence(sentence, true_next, text, rng)
            tokens, segments = cast.get_tokens_and_segments(*cast.truncate_pair(first, second, MAX_LEN))
            found.append((*cast.mlm_example(tokens, words, rng), segments, is_next))
    return [torch.stack(column) for column in cast.pad_bert_inputs(found, MAX_LEN, words)]


def read(cast: Cast, stage: Stage) -> None:
    """BERT on masked words and next sentences, beside what is known without any context."""
    import torch

    rng, words = random.Random(7), Words()
    text, unread = paragraphs(PARAGRAPHS, rng), paragraphs(HELD, rng)
    held = examples(cast, unread, words, rng)
    entropy = entropy_of(held[5][held[4] > 0])
    stage.say(
        f"BERT reads {PARAGRAPHS} paragraphs in a language of {len(words) - len(SPECIAL)} words. Who only knows how "
        f"frequent words are has a loss of {entropy:.2f} on masked ones."
    )
    model = cast.BERTModel(len(words), HIDDEN, 2 * HIDDEN, 4, 2, 0.0, MAX_LEN)
    optimizer = torch.optim.Adam(model.parameters(), lr=BERT_RATE)
    batches: list[Any] = []
    masked, pairs = [], []
    for step in range(BERT_STEPS + 1):
        if step % EVERY == 0:
            with torch.no_grad():
                loss, _, share = judged(cast, model, held)
            masked.append(float(loss))
            pairs.append(share)
            told = f"masked words: loss {masked[-1]:.2f}, next sentences: {share:.0%} right"
            stage.progress(step, BERT_STEPS + GPT_STEPS, told)
        if not batches:
            columns = examples(cast, text, words, rng)
            batches = [[column[rows] for column in columns] for rows in torch.randperm(len(columns[0])).split(BATCH)]
        _, loss, _ = judged(cast, model, batches.pop())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    stage.curves("Loss on masked words of a text that was not trained on", BERT=masked,
                 frequencies_only=[entropy] * len(masked))  # fmt: skip
    stage.curves("Share of pairs that are rightly called next or not", BERT=pairs)
    stage.result("loss on masked words, as a share of the entropy", masked[-1] / entropy, BERT_WANTED, at_most=True)
    stage.result("pairs of sentences told apart", pairs[-1], PAIRS_WANTED)


def judged(cast: Cast, model: Any, batch: list[Any]) -> tuple[Any, Any, float]:
    """The loss on masked words, the sum of both losses, and the share of pairs that are told apart rightly."""
    *inputs, weights, labels, is_next = batch
    _, words, pairs = model(*inputs)
    masked, _, both = cast.bert_loss(words, pairs, weights, labels, is_next)
    return masked, both, float((pairs.argmax(dim=1) == is_next).float().mean())


def entropy_of(labels: Any) -> float:
    """The entropy of the frequencies of labels, in nats."""
    shares = labels.bincount()[labels.unique()].double() / len(labels)
    return -float((shares * shares.log()).sum())


def write(cast: Cast, stage: Stage) -> None:
    """GPT on letters that repeat, and how it continues some that it has never seen."""
    import torch
    from torch.nn import functional

    generator = torch.Generator().manual_seed(7)
    unseen = patterns(200, generator)
    model = cast.GPT(LETTERS, 32, 64, 2, 2, LENGTH)
    optimizer = torch.optim.Adam(model.parameters(), lr=GPT_RATE)
    right, losses = [], []
    for step in range(1, GPT_STEPS + 1):
        text = patterns(BATCH, generator)
        logits, _ = model(text[:, :-1])
        loss = functional.cross_entropy(logits.flatten(0, 1), text[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        if step % EVERY == 0:
            told = cast.generate(model, unseen[:, :KNOWN], LENGTH - KNOWN, temperature=0)
            right.append(float((told == unseen)[:, KNOWN:].float().mean()))
            stage.progress(BERT_STEPS + step, BERT_STEPS + GPT_STEPS, f"patterns: {right[-1]:.0%} of letters right")
    stage.curves("Share of letters with which GPT rightly goes on", GPT=right, chance=[1 / LETTERS] * len(right))
    for row in told[:3].tolist():
        letters = "".join("abcdefgh"[token] for token in row)
        stage.say(f"Given {letters[:KNOWN]}, it goes on with {letters[KNOWN:]}.")
    stage.result("letters with which GPT rightly goes on", right[-1], GPT_WANTED)


def patterns(count: int, generator: Any) -> Any:
    """Texts (count, LENGTH) of two to four different letters that come again and again."""
    import torch

    letters = torch.rand(count, LETTERS, generator=generator).argsort(dim=1)
    period = torch.tensor(PERIODS)[torch.randint(len(PERIODS), (count, 1), generator=generator)]
    return letters.gather(1, torch.arange(LENGTH) % period)


FINALE = Finale(
    "hw7",
    "Reading and writing",
    "Your BERT, a tiny one, is trained on your masked words and pairs of sentences, in a made-up language, until it"
    " guesses most of what is hidden; then your GPT learns to go on with patterns that it has never seen.",
    ("get_tokens_and_segments", "next_sentence", "replace_mlm_tokens", "mlm_example", "pad_bert_inputs",
     "truncate_pair", "BERTEncoder", "MaskLM", "NextSentencePred", "BERTModel", "bert_loss", "GPTBlock", "GPT",
     "generate"),
    play,
)  # fmt: skip
