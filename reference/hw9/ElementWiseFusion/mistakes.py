"""Ways in which ElementWiseFusion goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class OpIgnored(_Right):
    """The features are added, whatever `op` says.

    The word has to be kept in the constructor and looked at in `forward`.
    """

    def fuse(self, text, image):
        return text + image


class OpIgnored__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(sum((text, image)))


class MatrixProduct(_Right):
    """With "mul" something else is multiplied than number by number.

    `@` and `matmul` add products up. `*` multiplies number i of the text by number i of the image.
    """

    def fuse(self, text, image):
        if self.op == "mul":
            return (text * image).sum(1, keepdim=True).expand(-1, text.shape[1])
        return super().fuse(text, image)


class MatrixProduct__rewrite(_Again):
    def finish(self, text, image):
        if self.op == "mul":
            return self.classifier(torch.linalg.vecdot(text, image)[:, None].repeat(1, text.shape[1]))
        return super().finish(text, image)


class MaximumOfAll(_Right):
    """With "max" one modality as a whole is chosen for a sample.

    The larger one is taken number by number: `torch.maximum`.
    """

    def fuse(self, text, image):
        if self.op == "max":
            return torch.where(text.sum(1, keepdim=True) > image.sum(1, keepdim=True), text, image)
        return super().fuse(text, image)


class MaximumOfAll__rewrite(_Again):
    def finish(self, text, image):
        if self.op == "max":
            surer = (text.sum(1) > image.sum(1)).to(text.dtype)[:, None]
            return self.classifier(surer * text + (1 - surer) * image)
        return super().finish(text, image)


class Minimum(_Right):
    """With "max" the smaller number is taken.

    `minimum` takes the smaller one, `maximum` the larger.
    """

    def fuse(self, text, image):
        return torch.minimum(text, image) if self.op == "max" else super().fuse(text, image)


class Minimum__rewrite(_Again):
    def finish(self, text, image):
        if self.op == "max":
            return self.classifier(torch.where(text < image, text, image))
        return super().finish(text, image)


class Mean(_Right):
    """With "add" the mean is taken.

    The stub adds, and does not divide by two.
    """

    def fuse(self, text, image):
        return (text + image) / 2 if self.op == "add" else super().fuse(text, image)


class Mean__rewrite(_Again):
    def finish(self, text, image):
        if self.op == "add":
            return self.classifier(torch.stack((text, image)).mean(0))
        return super().finish(text, image)


class ReluAfterwards(_Right):
    """ReLU is taken of what was joined, not of each projection.

    A product of two negative numbers is positive. The features of a modality are its projection after ReLU.
    """

    def features(self, text, image):
        return self.text_fc(text), self.image_fc(image)

    def fuse(self, text, image):
        return torch.relu(super().fuse(text, image))


class ReluAfterwards__rewrite(_Again):
    def forward(self, text, image):
        first, second = self.text_fc(text), self.image_fc(image)
        joined = {"add": first + second, "mul": first * second, "max": torch.max(first, second)}[self.op]
        return self.classifier(joined.relu())


class OpNotChecked(_Right):
    """A word that is none of the three is accepted.

    The error then comes when the module is called, or never. Look at it in the constructor and raise a ValueError.
    """

    def check(self, op):
        pass


class OpNotChecked__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op if op in ("add", "mul", "max") else "add")


class OpAsserted(_Right):
    """A wrong word is refused with another exception than a ValueError.

    An `assert` is for the author's own errors, and `python -O` removes it; a dictionary raises a KeyError. The stub
    promises a ValueError.
    """

    def check(self, op):
        assert op in ("add", "mul", "max"), op


class OpAsserted__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        if op not in ["add", "mul", "max"]:
            raise AssertionError(op)
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)


class OpInAnyCase(_Right):
    """Words in capitals are accepted.

    "MAX" is not one of the three words that the stub gives.
    """

    def check(self, op):
        super().check(op.lower())


class OpInAnyCase__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op.casefold())


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy takes those and makes its own softmax; after two of them hardly any gradient
    is left.
    """

    def forward(self, text, image):
        return super().forward(text, image).softmax(dim=-1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def forward(self, text, image):
        scores = super().forward(text, image).exp()
        return scores / scores.sum(-1, keepdim=True)


class TextTwice(_Right):
    """The projection of the text stands in the place of the image's.

    Often a line was copied and not changed. The image and its layer take no part then.
    """

    def features(self, text, image):
        first, _ = super().features(text, image)
        return first, first


class TextTwice__rewrite(_Again):
    def forward(self, text, image):
        return self.finish(*(self.project(self.text_fc, text) for _ in range(2)))


class ImageDetached(_Right):
    """The features of the image are cut off from the graph.

    `.detach()`, `.data` and `torch.no_grad()` end it there: the image's layer gets no gradient and is never learned.
    """

    def features(self, text, image):
        first, second = super().features(text, image)
        return first, second.detach()


class ImageDetached__rewrite(_Again):
    def forward(self, text, image):
        with torch.no_grad():
            second = self.project(self.image_fc, image)
        return self.finish(self.project(self.text_fc, text), second)


class BiasLeftOut(_Right):
    """A projection is computed without its bias.

    The weight alone is not the layer. Call the layer, or give `F.linear` its bias too.
    """

    def features(self, text, image):
        zeros = self.text_fc.bias.detach().new_zeros(len(self.text_fc.bias))
        bias, self.text_fc._parameters["bias"] = self.text_fc.bias, nn.Parameter(zeros)
        found = super().features(text, image)
        self.text_fc._parameters["bias"] = bias
        return found


class BiasLeftOut__rewrite(_Again):
    def project(self, layer, X):
        return (X @ layer.weight.T).relu() if layer is self.text_fc else super().project(layer, X)


class NoBias(_Right):
    """A layer is made without a bias.

    Every linear layer of the stub has one, and the state dict has to have it.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)
        self.image_fc.bias = None


class NoBias__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)
        self.image_fc = nn.Linear(self.image_fc.in_features, self.image_fc.out_features, bias=False)

    def project(self, layer, X):
        return torch.relu(layer(X))


class LayersInAList(_Right):
    """Layers are kept in a list, or under other names.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. The names are those that the stub gives.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)
        self.layers = [self.text_fc, self.image_fc]
        del self.text_fc, self.image_fc


class LayersInAList__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)
        self.kept = (self._modules.pop("text_fc"), self._modules.pop("image_fc"))


class SingleLayer(_Right):
    """One projection is shared by both modalities.

    They have features of different sizes and meanings, and each a layer of its own.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)
        self.image_fc = self.text_fc


class SingleLayer__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, op)
        self.add_module("image_fc", self.text_fc)


class SampleBySample(_Right):
    """The samples are gone through one by one.

    The layers take a whole batch; a loop in Python takes as many operations as there are samples, and has nothing to
    stack when there are none.
    """

    def forward(self, text, image):
        rows = [super(SampleBySample, self).forward(text[n : n + 1], image[n : n + 1])[0] for n in range(len(text))]
        return torch.stack(rows)


class SampleBySample__rewrite(_Again):
    def forward(self, text, image):
        answers = []
        for row, other in zip(text, image):
            answers.append(super().forward(row[None], other[None]).squeeze(0))
        return torch.stack(answers)


class OnlyFloat32(_Right):
    """The arguments are converted to float32.

    In a float64 model they do not fit to the weights any more. They come in the dtype of the model: leave them.
    """

    def forward(self, text, image):
        return super().forward(text.float(), image.float())


class OnlyFloat32__rewrite(_Again):
    def forward(self, text, image):
        return super().forward(text.to(torch.float32), image.to(torch.float32))


class ThroughTheCpu(_Right):
    """The work is done on the CPU.

    Copies take longer than the work, and the GPU stands still meanwhile. Compute where arguments and parameters are.
    """

    def forward(self, text, image):
        there, place = super().forward(text, image), text.device
        return there.cpu().to(place)


class ThroughTheCpu__rewrite(_Again):
    def forward(self, text, image):
        scores = super().forward(text, image)
        return scores.to("cpu").to(image.device)


class NoActivation(_Right):
    """The features are the projections without ReLU.

    Two linear layers without anything between them are one. ReLU comes after each projection.
    """

    def features(self, text, image):
        return self.text_fc(text), self.image_fc(image)


class NoActivation__rewrite(_Again):
    def project(self, layer, X):
        return X @ layer.weight.mT + layer.bias


class ActivationBefore(_Right):
    """ReLU is taken of the arguments, not of their projections.

    What is negative in an argument may mean something. The features are relu(fc(x)), not fc(relu(x)).
    """

    def features(self, text, image):
        return self.text_fc(text.relu()), self.image_fc(image.relu())


class ActivationBefore__rewrite(_Again):
    def project(self, layer, X):
        return X.clamp(min=0) @ layer.weight.T + layer.bias


class ArgumentsClamped(_Right):
    """An argument is changed in place.

    A method that ends in `_` writes into the caller's tensor. `relu` makes a new one.
    """

    def features(self, text, image):
        found = super().features(text, image)
        text.detach().relu_()
        return found


class ArgumentsClamped__rewrite(_Again):
    def forward(self, text, image):
        scores = super().forward(text, image)
        text.data.clamp_(min=0)
        return scores
