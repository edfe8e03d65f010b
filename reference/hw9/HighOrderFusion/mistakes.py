"""Ways in which HighOrderFusion goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class OrderTwoOnly(_Right):
    """Only order 2 is supported.

    An outer product of three is an outer product of what two gave, flattened, and the third. Repeat that step.
    """

    def product(self, text, image):
        if self.order != 2:
            raise RuntimeError("only order 2 is supported")
        return super().product(text, image)


class OrderTwoOnly__rewrite(_Again):
    def turns(self, text, image):
        if self.order > 2:
            raise RuntimeError(f"order {self.order}")
        return text, image


class TextAgainAndAgain(_Right):
    """After the first image every factor is the text.

    Text and image take turns: the third factor is the text, the fourth the image again.
    """

    def factors(self, text, image):
        return [text, image] + [text] * (self.order - 2)


class TextAgainAndAgain__rewrite(_Again):
    def turns(self, text, image):
        return (text, image, *(text for _ in range(2, self.order)))


class ImageAgainAndAgain(_Right):
    """After the text every factor is the image.

    Text and image take turns: the third factor is the text.
    """

    def factors(self, text, image):
        return [text] + [image] * (self.order - 1)


class ImageAgainAndAgain__rewrite(_Again):
    def turns(self, text, image):
        return (text, image, *(image for _ in range(2, self.order)))


class OneFactorTooMany(_Right):
    """The loop runs once too often, or once too seldom.

    The first factor is there before the loop: order - 1 are left.
    """

    def factors(self, text, image):
        return [image if k % 2 else text for k in range(self.order + 1)]


class OneFactorTooMany__rewrite(_Again):
    def turns(self, text, image):
        return ((text, image) * self.order)[: self.order + 1]


class ImageFirst(_Right):
    """The first factor is the image.

    The outer product begins with the text; with the image first every entry stands elsewhere.
    """

    def factors(self, text, image):
        return super().factors(image, text)


class ImageFirst__rewrite(_Again):
    def turns(self, text, image):
        return super().turns(image, text)


class FirstIndexFastest(_Right):
    """The product is flattened with the first factor's index running fastest.

    Entry [i, j] comes at place i * hidden_dim + j: the last index runs fastest, which is what `flatten` does.
    """

    def product(self, text, image):
        fused, *rest = self.factors(text, image)
        for factor in rest:
            fused = (factor.unsqueeze(2) * fused.unsqueeze(1)).flatten(1)
        return fused


class FirstIndexFastest__rewrite(_Again):
    def flat(self, fused):
        return fused.permute(0, *reversed(range(1, fused.dim()))).flatten(1)


class PowersOnly(_Right):
    """The features are multiplied number by number, not in every combination.

    text[i] * image[i] is the diagonal of the outer product. Every i has to meet every j.
    """

    def product(self, text, image):
        full = super().product(text, image)
        size, step = text.shape[1], sum(text.shape[1] ** k for k in range(self.order))
        mask = torch.zeros_like(full)
        mask[:, torch.arange(size, device=full.device) * step] = 1
        return full * mask


class PowersOnly__rewrite(_Again):
    def flat(self, fused):
        diagonal = torch.zeros_like(fused)
        size = fused.shape[1]
        every = (slice(None), *[torch.arange(size, device=fused.device)] * self.order)
        diagonal[every] = fused[every]
        return diagonal.flatten(1)


class NoReluBehind(_Right):
    """There is no ReLU behind `high_order_fc`.

    Two linear layers without anything between them are one.
    """

    def activate(self, fused):
        return fused


class NoReluBehind__rewrite(_Again):
    def middle(self, fused):
        return self.high_order_fc(fused)


class ViewOfMinusOne(_Right):
    """An empty batch cannot be reshaped with -1.

    With no elements any size fits the -1, and torch refuses to choose. `flatten(1)` knows the size.
    """

    def product(self, text, image):
        fused, *rest = self.factors(text, image)
        for factor in rest:
            fused = (fused.unsqueeze(2) * factor.unsqueeze(1)).reshape(len(text), -1)
        return fused


class ViewOfMinusOne__rewrite(_Again):
    def flat(self, fused):
        return fused.reshape(fused.size(0), -1)


class OrderNotChecked(_Right):
    """An order less than 2 is accepted.

    Such a module leaves the image out. Look at the order in the constructor and raise a ValueError.
    """

    def check(self, order):
        pass


class OrderNotChecked__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, max(order, 2))
        self.order = order
        self.high_order_fc = nn.Linear(hidden_dim**order, hidden_dim)


class OrderOneAccepted(_Right):
    """An order of 1 is accepted.

    A product needs two factors: less than 2 is refused, 1 as well.
    """

    def check(self, order):
        if order < 1:
            raise ValueError(f"order {order}")


class OrderOneAccepted__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, 2 if order == 1 else order)


class OrderAsserted(_Right):
    """A wrong order is refused with another exception than a ValueError.

    An `assert` is for the author's own errors, and `python -O` removes it. The stub promises a ValueError.
    """

    def check(self, order):
        assert order >= 2, f"order {order}"


class OrderAsserted__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        if order < 2:
            raise AssertionError(order)
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)


class FeatureByFeature(_Right):
    """The products are made feature by feature, in a loop.

    The number of operations then grows with hidden_dim. An axis of length 1 and a product make all of them.
    """

    def product(self, text, image):
        fused, *rest = self.factors(text, image)
        for factor in rest:
            fused = torch.cat([fused[:, i : i + 1] * factor for i in range(fused.shape[1])], dim=1)
        return fused


class FeatureByFeature__rewrite(_Again):
    def finish(self, text, image):
        columns = list(text.unbind(1))
        for factor in self.turns(text, image)[1:]:
            columns = [column * other for column in columns for other in factor.unbind(1)]
        return self.classifier(self.middle(torch.stack(columns, dim=1)))


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

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)
        self.image_fc.bias = None


class NoBias__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)
        self.image_fc = nn.Linear(self.image_fc.in_features, self.image_fc.out_features, bias=False)

    def project(self, layer, X):
        return torch.relu(layer(X))


class LayersInAList(_Right):
    """Layers are kept in a list, or under other names.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. The names are those that the stub gives.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)
        self.layers = [self.text_fc, self.image_fc]
        del self.text_fc, self.image_fc


class LayersInAList__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)
        self.kept = (self._modules.pop("text_fc"), self._modules.pop("image_fc"))


class SingleLayer(_Right):
    """One projection is shared by both modalities.

    They have features of different sizes and meanings, and each a layer of its own.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)
        self.image_fc = self.text_fc


class SingleLayer__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim, order)
        self.add_module("image_fc", self.text_fc)


class SampleBySample(_Right):
    """The samples are gone through one by one.

    The layers take a whole batch, and so does an outer product with an axis for the batch. A loop in Python takes as
    many operations as there are samples.
    """

    def forward(self, text, image):
        if len(text) == 0:
            return super().forward(text, image)
        rows = [super(SampleBySample, self).forward(text[n : n + 1], image[n : n + 1])[0] for n in range(len(text))]
        return torch.stack(rows)


class SampleBySample__rewrite(_Again):
    def forward(self, text, image):
        answers = [super().forward(text[:0], image[:0])]
        forward = super().forward
        answers += [forward(row[None], other[None]) for row, other in zip(text, image)]
        return torch.cat(answers)


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
