"""hw9: what was learned from many patients helps where few have a diagnosis."""

from __future__ import annotations

from typing import Any

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

SIZES = (40, 30, 20)  # of genomics, transcriptomics and metabolomics
FACTORS, HIDDEN, NOISE = 5, 64, 0.2
OLD_CLASSES, NEW_CLASSES = 26, 6
OLD_EACH, NEW_EACH, HELD_EACH = 200, 5, 100
HEAD = "net.fc3"
OLD_EPOCHS, EPOCHS, ROUNDS = 25, 2, 30
RATE = 0.03
WANTED, LEAD = 0.8, 0.3


def play(cast: Cast, stage: Stage) -> None:
    """Trains a net on common diseases, takes it over to rare ones, and trains another on these from nothing."""
    import torch

    torch.set_num_threads(1)
    measure = clinic(torch.Generator().manual_seed(9))
    diseases = torch.randperm(2**FACTORS, generator=torch.Generator().manual_seed(9)).tolist()
    old = measure(diseases[NEW_CLASSES:], OLD_EACH)
    few, held = (measure(diseases[:NEW_CLASSES], each) for each in (NEW_EACH, HELD_EACH))
    torch.manual_seed(9)
    first = patients(cast, OLD_CLASSES)
    lit = cast.LitClassifier(first, HEAD, lr=RATE, factor=1.0)
    optimizer = lit.configure_optimizers()
    for done in range(1, OLD_EPOCHS + 1):
        train(lit, optimizer, old, 1)
        stage.progress(done, OLD_EPOCHS + ROUNDS, f"{OLD_CLASSES} common diseases: accuracy {accuracy(lit, old):.1%}")
    checkpoint = {f"hospital.{name}": value for name, value in first.state_dict().items()}

    tuned, fresh = patients(cast, OLD_CLASSES), patients(cast, OLD_CLASSES)
    told = cast.load_pretrained(tuned, checkpoint, prefix="hospital.")
    for model in (tuned, fresh):
        cast.replace_head(model, HEAD, NEW_CLASSES)
    trained = cast.freeze_except(tuned, [HEAD])
    stage.say(
        f"{len(told['loaded'])} tensors are taken over. {NEW_CLASSES} rare diseases, {NEW_EACH} patients each: "
        f"{sum(p.numel() for p in trained):,} of {sum(p.numel() for p in tuned.parameters()):,} parameters are trained."
    )
    runs = [cast.LitClassifier(tuned, HEAD, lr=RATE, freeze=True), cast.LitClassifier(fresh, HEAD, lr=RATE, factor=1.0)]
    optimizers = [lit.configure_optimizers() for lit in runs]
    reached = [[accuracy(lit, held)] for lit in runs]
    for done in range(1, ROUNDS + 1):
        for lit, optimizer, curve in zip(runs, optimizers, reached, strict=True):
            train(lit, optimizer, few, EPOCHS)
            curve.append(accuracy(lit, held))
        frozen, scratch = (curve[-1] for curve in reached)
        text = f"{NEW_CLASSES} rare diseases: frozen body {frozen:.1%}, from scratch {scratch:.1%}"
        stage.progress(OLD_EPOCHS + done, OLD_EPOCHS + ROUNDS, text)
    stage.curves("Accuracy on patients that were not trained on", frozen_body=reached[0], from_scratch=reached[1])
    stage.result(f"accuracy with {NEW_EACH} patients of each disease", frozen, WANTED)
    stage.result("how much better than from scratch", frozen - scratch, LEAD)


def patients(cast: Cast, classes: int) -> Any:
    """Your MultiModalNet behind a batch norm, for patients whose three measurements stand side by side."""
    import torch
    from torch import nn

    class Patients(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.BatchNorm1d(sum(SIZES))
            self.net = cast.MultiModalNet(*SIZES, HIDDEN, classes)

        def forward(self, X: torch.Tensor) -> Any:
            return self.net(*self.norm(X).split(SIZES, dim=1))

    return Patients()


def train(lit: Any, optimizer: Any, data: Any, epochs: int) -> None:
    """What Lightning's trainer does with a module, and nothing else."""
    import torch

    X, y = data
    for _ in range(epochs):
        lit.train()
        lit.on_train_epoch_start()
        for index, rows in enumerate(torch.randperm(len(y)).split(60)):
            optimizer.zero_grad()
            lit.training_step((X[rows], y[rows]), index).backward()
            optimizer.step()


def accuracy(lit: Any, data: Any) -> float:
    import torch

    lit.eval()
    with torch.no_grad():
        found = lit.predict_step(data, 0)
    return float((found == data[1]).float().mean())


def clinic(generator: Any) -> Any:
    """Makes patients of given diseases. A disease is a pattern of FACTORS signs, none of which is seen in one kind of
    measurement: each is the product of the signs of two numbers, of which genomics and metabolomics show one and
    transcriptomics and metabolomics the other, mixed with the rest and with noise."""
    import torch

    def normal(*shape: int) -> Any:
        return torch.randn(*shape, generator=generator)

    mixed = [normal(FACTORS, size) / FACTORS**0.5 for size in (SIZES[0], SIZES[1], SIZES[2], SIZES[2])]

    def measure(diseases: Any, each: int) -> Any:
        y = torch.arange(len(diseases)).repeat_interleave(each)
        signs = torch.tensor([[1.0 if disease >> k & 1 else -1.0 for k in range(FACTORS)] for disease in diseases])[y]
        one = normal(*signs.shape).sign()
        one, other = one * (0.5 + normal(*signs.shape).abs()), one * signs * (0.5 + normal(*signs.shape).abs())
        seen = (one @ mixed[0], other @ mixed[1], one @ mixed[2] + other @ mixed[3])
        X = torch.cat(seen, dim=1)
        return X + NOISE * normal(*X.shape), y

    return measure


FINALE = Finale(
    "hw9",
    "Rare diseases",
    "Your net learns 26 common diseases from many patients; then its body is frozen and a new head learns six rare"
    " ones from a few. Beside it the same net starts from scratch.",
    ("param_groups", "freeze_except", "replace_head", "load_pretrained", "LitClassifier", "MultiModalNet"),
    play,
)
