"""translate.py: train_seq2seq, predict_seq2seq, beam_search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
TOKENS = ("<unk>", "<pad>", "<bos>", "<eos>", "va", "il", "est", "calme")
OTHERS = ("va", "<eos>", "il", "est", "<unk>", "calme", "<bos>", "<pad>")
SOURCE = ("<unk>", "<pad>", "<eos>", "go", "now", "home", "calm", "he", "is", ".")
OTHER_SOURCE = ("go", "<eos>", "now", "home", "calm", "<unk>", "he", "is", ".", "<pad>")


def _train(student: Any, call: Any) -> Any:
    from autograder.exercises.hw5 import _translating

    return _translating.train(student.train_seq2seq, call, student.transformed)


def _translate(name: str) -> Any:
    def probe(student: Any, call: Any) -> Any:
        from autograder.exercises.hw5 import _translating

        return _translating.translate(student.find(name), call)

    return probe


def _training_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, batches: list[list[int]], report: tuple[str, ...], *, steps: int = 3,
        device: bool = False, **options: Any,
    ) -> Case:  # fmt: skip
        """`batches` are the valid lengths of the targets of each batch."""
        tokens = options.get("tokens", TOKENS)
        pad = tokens.index("<pad>")
        made = []
        for lengths in batches:
            Y = draw.integers((len(lengths), steps), 0, len(tokens) - 1)
            for row, length in enumerate(lengths):
                Y.data[row, length:] = pad
            sizes = draw.integers((len(lengths),), 1, 4)
            made.append([draw.integers((len(lengths), 4), 0, 5), sizes, Y, tensor(lengths, "int64")])
        weights = {
            "source": draw.floats((6, 2), dtype="float64"),
            "target": draw.floats((8, 2), dtype="float64"),
            "output": draw.floats((8, 2), dtype="float64"),
        }
        usual = {"report": list(report), "lr": 0.0625, "epochs": 3, "tokens": list(tokens), "scale": 1.0}
        usual |= {"frozen": [], "stale": False, "training": True}
        return Case(name, aspect, (made,), options={**usual, **options, "tokens": list(tokens)}, weights=weights,
                    runs=ON_DEVICE if device else PLAIN)  # fmt: skip

    learnt = ("weights",)
    inputs = ("decoder inputs",)
    yield case("one sentence, one step", "basic", [[2]], learnt, steps=2, epochs=1, device=True)
    yield case("two sentences, three epochs", "basic", [[3, 3]], learnt, device=True)
    yield case("another learning rate", "basic", [[2, 2, 2]], learnt, steps=2, lr=0.25, epochs=2)
    yield case("one batch", "teacher", [[3, 3]], inputs, epochs=1)
    yield case("two batches, padding", "teacher", [[3, 1], [2, 4, 4]], inputs, steps=4, epochs=1)
    yield case("<bos> with another id", "teacher", [[2, 3]], inputs, tokens=OTHERS, epochs=2, device=True)
    yield case("targets of one token", "teacher", [[1, 1]], inputs, steps=1, epochs=1)
    yield case("lengths 3 and 1", "padding", [[3, 1]], learnt, device=True)
    yield case("much padding", "padding", [[1, 5, 2]], learnt, steps=6)
    yield case("much padding in one of two batches", "padding", [[1, 1], [4, 4]], learnt, steps=4)
    yield case("other ids", "padding", [[2, 1], [3, 3]], learnt, tokens=OTHERS)
    yield case("two batches", "alone", [[3, 3], [3, 3]], learnt, device=True)
    yield case("three batches", "alone", [[2, 2], [2, 2, 2], [2]], learnt, steps=2, epochs=2)
    yield case("gradients from before", "left over", [[3, 3]], learnt, stale=True, epochs=2)
    yield case("large gradients", "clipped", [[3, 3], [3]], learnt, scale=8.0)
    yield case("large and small gradients", "clipped", [[2, 2], [3], [3, 3]], learnt, scale=2.0, epochs=2)
    yield case("small gradients", "clipped", [[3, 3], [3]], learnt, scale=0.0625)
    still: dict[str, Any] = {"lr": 0.0, "epochs": 1}
    told = ("history",)
    yield case("one batch", "history", [[3, 3]], told, **still)
    yield case("batches of different sizes", "history", [[3, 3, 3], [3]], told, device=True, **still)
    yield case("batches with much and with little padding", "history", [[1, 1], [4, 3]], told, steps=4, **still)
    yield case("lengths 1 and 4", "history", [[1, 4]], told, steps=4, **still)
    yield case("three epochs", "history", [[3, 2], [1]], told)
    yield case("two epochs", "form", [[3, 2], [1]], ("form",), epochs=2)
    yield case("no epochs", "form", [[3, 2]], ("history", "passes and calls"), epochs=0)
    modes = ("modes", "modes afterwards")
    yield case("comes in training mode", "training mode", [[3], [3]], modes)
    yield case("comes in evaluation mode", "training mode", [[3], [3]], modes, training=False)
    yield case("two batches, three epochs", "once", [[3], [2]], ("passes and calls",))
    yield case("sources and lengths", "once", [[3, 1], [2]], ("source",), epochs=1)
    yield case("four batches", "graphs", [[3], [3], [3], [3]], ("flag “a graph is kept alive”",))
    yield case("a frozen embedding", "frozen", [[3, 2], [3]], learnt, frozen=["source"])
    yield case("stays frozen", "frozen", [[3, 2]], ("flag “requires_grad changed”",), frozen=["target"])
    yield case("weights that are given", "start", [[3, 2]], learnt, lr=0.0)


train_seq2seq = Exercise(
    homework="hw5",
    name="train_seq2seq",
    difficulty=3,
    file="translate.py",
    points=7,
    kind="probe",
    probe=_train,
    arguments=("batches",),
    preload=("torch._dynamo",),
    cases=_training_cases,
    checks=(
        Check("value", 1, "takes all steps", aspect="basic"),
        Check("value", 1.25, "The decoder reads the target shifted by one step", aspect="teacher"),
        Check("value", 1, "The loss is the mean of the cross entropies of the valid tokens of Y", aspect="padding"),
        Check("value", 1, "The gradient is that of this batch alone", aspect="alone"),
        Check("value", 0.25, "Gradients that the parameters have when the function is called", aspect="left over"),
        Check("value", 0.75, "where the norm of all gradients together is larger than 1", aspect="clipped"),
        Check("value", 0.625, "A batch with more valid tokens weighs more", aspect="history"),
        Check("value", 0.125, "floats (Python floats, not tensors)", aspect="form"),
        Check("value", 0.25, "The net is in training mode for all batches, and is left there", aspect="training mode"),
        Check("value", 0.125, "For each minibatch the net is called once, and one step is taken", aspect="once"),
        Check("value", 0.125, "No graph of an earlier batch is kept alive", aspect="graphs"),
        Check("value", 0.125, "Some of its parameters may be frozen", aspect="frozen"),
        Check("value", 0.125, "they are not initialised anew", aspect="start"),
        Check("device", 0.25, "where the net and the batches are moved to, wherever they are"),
    ),
    hints=(
        "Write the rows of Y and of what the decoder reads below each other, for three tokens. Where does the "
        "second row begin, and what of the first row is never read?",
        "A table of booleans, steps against valid lengths, says which tokens are valid. Indexed with it, scores and "
        "targets become two lists of tokens, whose mean cross entropy is what is asked for.",
        "In every step: zeros, backward, clip, step, in this order. For the history add up the loss times the number "
        "of valid tokens, as numbers, and divide once an epoch.",
    ),
)  # fmt: skip


class _Sentences:
    """Makes cases of a translation."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(
        self, name: str, aspect: str, report: tuple[str, ...], *, sentence: str = "go .", num_steps: int = 4,
        target: tuple[str, ...] = TOKENS, source: tuple[str, ...] = SOURCE, training: bool = False,
        device: bool = False, ends: int | None = None, scale: float = 2.0, **more: Any,
    ) -> Case:  # fmt: skip
        """With `ends` the greedy translation ends with `<eos>` after so many tokens; without it never does."""
        eos, bos = target.index("<eos>"), target.index("<bos>")
        table = self._draw.floats((11, len(target)), scale, dtype="float64")
        if "beam_size" not in more:
            table.data[:, eos] = -scale - 1
            if ends is not None:
                read, token = 0, bos
                for _ in range(ends + 1):
                    read = (3 * read + token + 1) % len(table.data)
                    token = int(table.data[read].argmax())
                table.data[read, eos] = scale + 1
        options = {"report": list(report), "num_steps": num_steps, "source": list(source), "target": list(target)}
        return Case(name, aspect, (sentence,), options={**options, "training": training, "more": more},
                    weights={"table": table}, runs=ON_DEVICE if device else PLAIN)  # fmt: skip


def _prediction_cases(draw: Draw) -> Iterable[Case]:
    case = _Sentences(draw)
    said = ("translation",)
    yield case("one step", "basic", said, num_steps=1, device=True)
    yield case("four steps", "basic", said, device=True)
    yield case("seven steps, other ids", "basic", said, num_steps=7, target=OTHERS)
    yield case("each token is read", "basic", ("tokens read",), num_steps=5, target=OTHERS)
    yield case("<eos> at once", "end", said, ends=0)
    yield case("<eos> after one token", "end", said, ends=1, device=True)
    yield case("<eos> after two tokens, other ids", "end", said, ends=2, num_steps=6, target=OTHERS)
    yield case("nothing is called after <eos>", "end", ("number of calls",), ends=1, num_steps=6)
    seen = ("source",)
    yield case("a short sentence", "source", seen, num_steps=5)
    yield case("a sentence that fills the steps", "source", seen, num_steps=3, sentence="go now")
    yield case("a long sentence", "long source", seen, num_steps=3, sentence="he is calm now .")
    yield case("a sentence without room for its end", "long source", seen, num_steps=2, sentence="go now")
    yield case("capitals, unknown words, other ids", "source", seen, num_steps=6, sentence="He is HERE .",
               source=OTHER_SOURCE)  # fmt: skip
    yield case("spaces at the ends and between", "spaces", seen, num_steps=6, sentence="  go   home .\n")
    asked: dict[str, Any] = {"save_attention_weights": True}
    yield case("three steps", "weights", ("weights",), num_steps=3, **asked)
    yield case("up to <eos>", "weights", ("weights",), ends=2, **asked)
    yield case("not asked for", "weights", ("weights",))
    yield case("what is returned", "form", ("form",))
    yield case("during and after evaluation", "mode", ("modes", "modes afterwards"))
    yield case("during and after training", "mode", ("modes", "modes afterwards"), training=True)
    yield case("after an early end", "mode", ("modes afterwards",), training=True, ends=0)
    yield case("two steps", "no gradients", ("gradients recorded",), num_steps=2)


predict_seq2seq = Exercise(
    homework="hw5",
    name="predict_seq2seq",
    file="translate.py",
    points=4,
    kind="probe",
    probe=_translate("predict_seq2seq"),
    arguments=("src_sentence",),
    cases=_prediction_cases,
    checks=(
        Check("value", 1, "then always the\ntoken with the largest score of the call before", aspect="basic"),
        Check("value", 0.75, "It ends when this token is\n`\"<eos>\"`, or after `num_steps` calls", aspect="end"),
        Check("value", 0.5, "are cut to `num_steps` ids, or followed by `\"<pad>\"` up to there", aspect="source"),
        Check("value", 0.375, "that are no padding: at most `num_steps`", aspect="long source"),
        Check("value", 0.125, "split at white space", aspect="spaces"),
        Check("value", 0.375, "as it was after each call of the decoder", aspect="weights"),
        Check("value", 0.125, "a str, the predicted tokens with a space between two", aspect="form"),
        Check("value", 0.25, "afterwards in the mode in which it came", aspect="mode"),
        Check("value", 0.25, "No gradients are recorded", aspect="no gradients"),
        Check("device", 0.25, "where `enc_X` of shape (1, num_steps), `valid_len` of shape (1,) and `dec_X` are made"),
    ),
    hints=(
        "Everything is a batch of one sentence. Which shapes do the source, its valid length and one token have?",
        "A long sentence is cut. What is the valid length then, and is the <eos> still there?",
        "One loop of at most num_steps rounds: call the decoder with the last token and the last state, take the "
        "argmax over the vocabulary, leave the loop at <eos>, else note the id.",
    ),
)  # fmt: skip


def _beam_cases(draw: Draw) -> Iterable[Case]:
    case = _Sentences(draw)
    both = ("translation", "score")
    small = ("<bos>", "<eos>", "va", "il")
    other = ("va", "il", "<eos>", "est", "<bos>")
    greedy: dict[str, Any] = {"beam_size": 1, "alpha": 0.0}
    yield case("one step, a beam of one", "basic", both, num_steps=1, target=small, device=True, **greedy)
    yield case("two steps, a beam of one", "basic", both, num_steps=2, target=other, **greedy)
    yield case("four steps, a beam of one", "basic", both, target=other, device=True, **greedy)
    for number in range(5):
        yield case(f"a beam of two, {number + 1}", "beam", both, num_steps=3 + number % 2, target=other, scale=1.0,
                   beam_size=2, alpha=0.0, device=number == 0)  # fmt: skip
    for number in range(4):
        yield case(f"a beam of three, {number + 1}", "beam", both, num_steps=4, target=small, beam_size=3,
                   alpha=0.0)  # fmt: skip
    for number, alpha in enumerate((1.0, 0.75, 0.5, 2.0, 1.5, 1.0)):
        yield case(f"alpha {alpha:g}, {number + 1}", "length", both, num_steps=3 + number % 3, scale=1.0,
                   target=(small, other)[number % 2], beam_size=2 + number % 2, alpha=alpha)  # fmt: skip
    for number in range(3):
        yield case(f"a long search, {number + 1}", "finished", both, num_steps=7, target=small, scale=0.5,
                   beam_size=3 + number, alpha=1.0)  # fmt: skip
    for number in range(3):
        yield case(f"calls of the decoder, {number + 1}", "finished", ("number of calls",), num_steps=5, target=small,
                   scale=1.0, beam_size=2 + number, alpha=0.75)  # fmt: skip
    yield case("a beam wider than the vocabulary", "wide", both, num_steps=2, target=small, beam_size=9, alpha=0.5)
    yield case("a beam of all", "wide", both, num_steps=3, target=small, beam_size=64, alpha=1.0, scale=1.0)
    yield case("a beam of two and alpha 0.75 unless told otherwise", "defaults", both, num_steps=4, target=other,
               scale=1.0, beam_size=2, alpha=0.75)  # fmt: skip
    yield case("a sentence and its length", "source", ("source",), num_steps=4, beam_size=2)
    yield case("a long sentence", "source", ("source",), num_steps=2, sentence="he is calm .", beam_size=2)
    yield case("what is returned", "form", ("form",), beam_size=2)
    yield case("during and after training", "mode", ("modes afterwards",), training=True, beam_size=2)
    yield case("during evaluation", "mode", ("modes", "gradients recorded"), training=True, beam_size=1)


def _with_defaults(student: Any, call: Any) -> Any:
    """Leaves out the arguments that have their default value anyway."""
    more = call.options["more"]
    if more.get("beam_size") == 2 and more.get("alpha", 0.75) == 0.75:
        call.options["more"] = {}
    return _translate("beam_search")(student, call)


beam_search = Exercise(
    homework="hw5",
    name="beam_search",
    difficulty=3,
    file="translate.py",
    points=6,
    kind="probe",
    probe=_with_defaults,
    arguments=("src_sentence",),
    cases=_beam_cases,
    checks=(
        Check("value", 1, "With 1 the search is greedy", aspect="basic"),
        Check("value", 1.5, "the `beam_size` with the largest log-probability stay", aspect="beam"),
        Check("value", 1.25, "divided by `L ** alpha`, where L is the number of predicted tokens", aspect="length"),
        Check("value", 0.75, "they are put aside and not extended any more", aspect="finished"),
        Check("value", 0.25, "or all where there are fewer", aspect="wide"),
        Check("value", 0.25, "divided by `L ** alpha`", aspect="defaults", title="values: defaults"),
        Check("value", 0.25, "with the same `enc_X` and `valid_len` as there", aspect="source"),
        Check("value", 0.25, "(a Python float, not a tensor)", aspect="form"),
        Check("value", 0.25, "The net is in evaluation mode meanwhile", aspect="mode"),
        Check("device", 0.25, "net, src_sentence, src_vocab, tgt_vocab, num_steps, device: as those"),
    ),
    hints=(
        "Do it on paper for a vocabulary of three tokens and a beam of two. What has to be known of a hypothesis to "
        "extend it?",
        "Three things: its tokens, its log-probability, and the state of the decoder after its tokens. Two hypotheses "
        "that grew out of the same one begin with the same state.",
        "Collect all extensions of a step in one list, sort it by log-probability and keep the first few; then part "
        "those that end in <eos> from the others. Only at the very end are log-probabilities divided by anything.",
    ),
)  # fmt: skip

EXERCISES = (train_seq2seq, predict_seq2seq, beam_search)
