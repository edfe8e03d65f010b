"""Ways in which MultiModalNet goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import NAMES as _NAMES
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class OnTheBatchAxis(_Right):
    """The features of the branches are concatenated on the axis of the batch.

    That puts the samples below each other, and no row has seen all three modalities. Side by side is the axis of the
    features, `dim=1`.
    """

    def join(self, features):
        return torch.cat(features, dim=0)


class OnTheBatchAxis__rewrite(_Again):
    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        return self.last(torch.vstack(self.thirds((genomics, transcriptomics, metabolomics))))


class AnotherOrder(_Right):
    """The features are concatenated in another order than that of the arguments.

    The weights of `fc1` know the place of each feature: genomics, transcriptomics, metabolomics.
    """

    def join(self, features):
        return super().join(features[::-1])


class AnotherOrder__rewrite(_Again):
    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        first, second, third = self.thirds((genomics, transcriptomics, metabolomics))
        return self.last(torch.hstack((third, second, first)))


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy takes those and makes its own softmax; after two of them hardly any gradient
    is left.
    """

    def classify(self, X):
        return super().classify(X).softmax(dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def last(self, joined):
        scores = super().last(joined).exp()
        return scores / scores.sum(-1, keepdim=True)


class ReluAtTheEnd(_Right):
    """ReLU is taken of the scores.

    A negative score is as good as a positive one. The last layer has no activation function behind it.
    """

    def classify(self, X):
        return torch.relu(super().classify(X))


class ReluAtTheEnd__rewrite(_Again):
    def last(self, joined):
        return super().last(joined).clamp(min=0)


class NoReluInTheBranch(_Right):
    """There is no ReLU between the layers of a branch.

    Two linear layers without anything between them are one.
    """

    def branch(self, name, X):
        X = getattr(self, f"{name}_fc1")(X)
        return torch.relu(getattr(self, f"{name}_fc2")(X))


class NoReluInTheBranch__rewrite(_Again):
    def through(self, name, X):
        return self.linear(f"{name}_fc2", self.linear(f"{name}_fc1", X)).clamp(min=0)


class NoReluBehindTheBranch(_Right):
    """There is no ReLU behind a branch.

    A branch is fc1, ReLU, fc2, ReLU: the second one comes before the concatenation.
    """

    def branch(self, name, X):
        X = torch.relu(getattr(self, f"{name}_fc1")(X))
        return getattr(self, f"{name}_fc2")(X)


class NoReluBehindTheBranch__rewrite(_Again):
    def through(self, name, X):
        return self.linear(f"{name}_fc2", self.linear(f"{name}_fc1", X).clamp(min=0))


class NoReluInTheFusion(_Right):
    """There is no ReLU between the last layers.

    `fc1` and `fc2` have one behind them, each.
    """

    def classify(self, X):
        return self.fc3(self.fc2(self.fc1(X)))


class NoReluInTheFusion__rewrite(_Again):
    def last(self, joined):
        return self.linear("fc3", self.linear("fc2", self.linear("fc1", joined)))


class BranchCopied(_Right):
    """The second layer of one branch is used in all of them.

    Often a line was copied and not changed. Every branch has two layers of its own.
    """

    def branch(self, name, X):
        X = torch.relu(getattr(self, f"{name}_fc1")(X))
        return torch.relu(self.genomics_fc2(X))


class BranchCopied__rewrite(_Again):
    def through(self, name, X):
        return self.linear("genomics_fc2", self.linear(f"{name}_fc1", X).clamp(min=0)).clamp(min=0)


class MissingThroughTheLayers(_Right):
    """Zeros are sent through the branch of a missing modality.

    Its biases make something of them, which the net takes for a measurement. The zeros come behind the branch.
    """

    def absent(self, name, some):
        size = getattr(self, f"{name}_fc1").in_features
        return self.branch(name, some.new_zeros(len(some), size))


class MissingThroughTheLayers__rewrite(_Again):
    def thirds(self, inputs):
        some = next((X for X in inputs if X is not None), None)
        if some is None:
            raise ValueError("nothing")
        sizes = [self.get_submodule(f"{name}_fc1").weight.shape[1] for name in _NAMES]
        return super().thirds([some.new_zeros(len(some), n) if X is None else X for n, X in zip(sizes, inputs)])


class MissingNotAllowed(_Right):
    """A missing modality is an error.

    An input may be None. The features of its branch are then zeros.
    """

    def absent(self, name, some):
        raise TypeError(f"{name} is None")


class MissingNotAllowed__rewrite(_Again):
    def thirds(self, inputs):
        if inputs == (None, None, None):
            raise ValueError("nothing")
        return [self.through(name, X) for name, X in zip(_NAMES, inputs)]


class MissingLeftOut(_Right):
    """A missing modality is left out of the concatenation.

    Then `fc1` gets too few features, and what comes behind it stands in the wrong place. Zeros keep the place.
    """

    def absent(self, name, some):
        return some.new_zeros(len(some), 0)


class MissingLeftOut__rewrite(_Again):
    def thirds(self, inputs):
        if not any(X is not None for X in inputs):
            raise ValueError("nothing")
        return [self.through(name, X) for name, X in zip(_NAMES, inputs) if X is not None]


class GenomicsNeeded(_Right):
    """The size of the batch is read from the genomics, which may be missing themselves.

    Any of the three may be None. Take the size from one that is not.
    """

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        self.check((genomics, transcriptomics, metabolomics))
        _ = genomics.shape[0]
        return super().forward(genomics, transcriptomics, metabolomics)


class GenomicsNeeded__rewrite(_Again):
    def thirds(self, inputs):
        if all(X is None for X in inputs):
            raise ValueError("nothing")
        zeros = torch.zeros(inputs[0].size(0), self.fc1.out_features).to(inputs[0])
        return [zeros if X is None else self.through(name, X) for name, X in zip(_NAMES, inputs)]


class OnesForMissing(_Right):
    """The features of a missing modality are not zeros.

    Zeros add nothing to what `fc1` computes; ones, or a mean of the others, pretend a measurement.
    """

    def absent(self, name, some):
        return some.new_ones(len(some), self.hidden_dim)


class OnesForMissing__rewrite(_Again):
    def thirds(self, inputs):
        found = super().thirds(inputs)
        return [torch.ones_like(features) if X is None else features for X, features in zip(inputs, found)]


class ZerosOnTheCpu(_Right):
    """The zeros of a missing modality are made on the CPU.

    On a GPU they do not fit to the rest. Make them like an input that is there.
    """

    def absent(self, name, some):
        return torch.zeros(len(some), self.hidden_dim, dtype=some.dtype)


class ZerosOnTheCpu__rewrite(_Again):
    def thirds(self, inputs):
        found = super().thirds(inputs)
        return [torch.zeros(tuple(f.shape)).to(f.dtype) if X is None else f for X, f in zip(inputs, found)]


class NothingAccepted(_Right):
    """That all inputs are None is not refused with a ValueError.

    There is no batch then whose size one could know, and some other error comes of it.
    """

    def check(self, inputs):
        pass


class NothingAccepted__rewrite(_Again):
    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        given = next((X for X in (genomics, transcriptomics, metabolomics) if X is not None), None)
        assert given.shape is not None
        return super().forward(genomics, transcriptomics, metabolomics)


class TwoClassesOnly(_Right):
    """There are always two classes.

    `num_classes` says how many scores `fc3` makes.
    """

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__(genomics_dim, transcript_dim, metabol_dim, hidden_dim)


class TwoClassesOnly__rewrite(_Again):
    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__(genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes)
        self.fc3 = nn.Linear(hidden_dim, 2)


class BranchesInAList(_Right):
    """The branches are kept in a list, or under other names.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. The names are those that the stub gives.
    """

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__(genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes)
        self.branches = []
        for name in _NAMES:
            for layer in ("fc1", "fc2"):
                self.branches.append(self._modules.pop(f"{name}_{layer}"))


class BranchesInAList__rewrite(_Again):
    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__(genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes)
        names = [name for name in self._modules if "_" in name]
        self.__dict__["hidden"] = {name: self._modules.pop(name) for name in names}


class LastBranchDetached(_Right):
    """The features of a branch are cut off from the graph.

    `.detach()`, `.data` and `torch.no_grad()` end it there: the branch gets no gradient and is never learned.
    """

    def branch(self, name, X):
        features = super().branch(name, X)
        return features.detach() if name == "metabol" else features


class LastBranchDetached__rewrite(_Again):
    def through(self, name, X):
        with torch.set_grad_enabled(torch.is_grad_enabled() and name != "metabol"):
            return super().through(name, X)


class BiasLeftOut(_Right):
    """A layer is computed without its bias.

    The weight alone is not the layer. Call the layer, or give `F.linear` its bias too.
    """

    def classify(self, X):
        X = torch.relu(X @ self.fc1.weight.T)
        return self.fc3(torch.relu(self.fc2(X)))


class BiasLeftOut__rewrite(_Again):
    def linear(self, name, X):
        if name == "fc1":
            return nn.functional.linear(X, self.fc1.weight)
        return super().linear(name, X)


class NoBias(_Right):
    """A layer is made without a bias.

    Every linear layer of the stub has one, and the state dict has to have it.
    """

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__(genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes)
        self.fc3 = nn.Linear(hidden_dim, num_classes, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__(genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes)
        self.fc3.register_parameter("bias", None)


class SampleBySample(_Right):
    """The samples are gone through one by one.

    The layers take a whole batch; a loop in Python takes as many operations as there are samples, and has nothing to
    stack when there are none.
    """

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        inputs = (genomics, transcriptomics, metabolomics)
        self.check(inputs)
        count = len(next(X for X in inputs if X is not None))
        one = super().forward
        return torch.stack([one(*(None if X is None else X[n : n + 1] for X in inputs))[0] for n in range(count)])


class SampleBySample__rewrite(_Again):
    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        joined = torch.hstack(self.thirds((genomics, transcriptomics, metabolomics)))
        rows = [self.last(row) for row in joined]
        return torch.stack(rows)


class ThroughTheCpu(_Right):
    """The work is done on the CPU.

    Copies take longer than the work, and the GPU stands still meanwhile. Compute where arguments and parameters are.
    """

    def classify(self, X):
        place = X.device
        return super().classify(X.cpu().to(place))


class ThroughTheCpu__rewrite(_Again):
    def last(self, joined):
        scores = super().last(joined)
        return scores.to("cpu").to(scores.device)


class ArgumentsClamped(_Right):
    """An argument is changed in place.

    A method that ends in `_` writes into the caller's tensor. `relu` makes a new one.
    """

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        scores = super().forward(genomics, transcriptomics, metabolomics)
        if genomics is not None:
            genomics.data.relu_()
        return scores


class ArgumentsClamped__rewrite(_Again):
    def through(self, name, X):
        features = super().through(name, X)
        if name == "genomics":
            with torch.no_grad():
                X.clamp_(min=0)
        return features
