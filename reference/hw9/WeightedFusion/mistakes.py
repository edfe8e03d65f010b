"""Ways in which WeightedFusion goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class WeightsNotRegistered(_Right):
    """The weights are plain tensors.

    `requires_grad=True` gives them a gradient, but `parameters()` does not find them: no optimizer trains them, and
    `.to(device)` leaves them behind. Make them `nn.Parameter`s.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        for name in ("text_weight", "image_weight"):
            delattr(self, name)
            setattr(self, name, torch.tensor([0.5], requires_grad=True))


class WeightsNotRegistered__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        del self._parameters["text_weight"], self._parameters["image_weight"]
        self.text_weight, self.image_weight = torch.full((1,), 0.5), torch.full((1,), 0.5)


class WeightsAsBuffers(_Right):
    """The weights are buffers.

    A buffer is saved and moved, but never learned. The weights are parameters.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        for name in ("text_weight", "image_weight"):
            delattr(self, name)
            self.register_buffer(name, torch.tensor([0.5]))


class WeightsAsBuffers__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        for name in list(self._parameters):
            value = self._parameters.pop(name)
            self.register_buffer(name, value.detach())


class WeightsFrozen(_Right):
    """The weights are read through `.data`, or detached.

    Then no gradient reaches them and they stay 0.5 for ever. Use the parameters themselves.
    """

    def fuse(self, text, image):
        return self.text_weight.data * text + self.image_weight.data * image


class WeightsFrozen__rewrite(_Again):
    def finish(self, text, image):
        first, second = self.text_weight.detach(), self.image_weight.detach()
        return self.classifier(first * text + image * second)


class WeightsNormalized(_Right):
    """The weights are divided by their sum.

    They need not add up to 1, and may be negative: then the sum is small or zero. Use them as they are.
    """

    def fuse(self, text, image):
        return super().fuse(text, image) / (self.text_weight + self.image_weight)


class WeightsNormalized__rewrite(_Again):
    def finish(self, text, image):
        share = self.text_weight / (self.text_weight + self.image_weight)
        other = self.image_weight / (self.text_weight + self.image_weight)
        return self.classifier(share * text + other * image)


class SoftmaxOfTheWeights(_Right):
    """A softmax is taken of the weights.

    They are used as they are: a negative one turns a modality round, and both may be large.
    """

    def fuse(self, text, image):
        first, second = torch.cat((self.text_weight, self.image_weight)).softmax(0)
        return first * text + second * image


class SoftmaxOfTheWeights__rewrite(_Again):
    def finish(self, text, image):
        share = torch.sigmoid(self.text_weight - self.image_weight)
        return self.classifier(share * text + (1 - share) * image)


class OneWeight(_Right):
    """The image gets what the weight of the text leaves, 1 minus it.

    There are two weights, and each is learned by itself.
    """

    def fuse(self, text, image):
        return self.text_weight * text + (1 - self.text_weight) * image


class OneWeight__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(torch.lerp(image, text, self.text_weight))


class WeightsBeforeTheLayer(_Right):
    """The weights multiply the arguments, not the features.

    Behind a bias and a ReLU that is something else: the bias is not weighted, and a negative weight is cut off.
    """

    def features(self, text, image):
        return super().features(self.text_weight * text, self.image_weight * image)

    def fuse(self, text, image):
        return text + image


class WeightsBeforeTheLayer__rewrite(_Again):
    def forward(self, text, image):
        first = self.project(self.text_fc, text * self.text_weight)
        return self.classifier(first + self.project(self.image_fc, image * self.image_weight))


class WeightsSwapped(_Right):
    """The weight of the text multiplies the image, and the other way round.

    The names say which is whose.
    """

    def fuse(self, text, image):
        return self.image_weight * text + self.text_weight * image


class WeightsSwapped__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(torch.addcmul(image * self.text_weight, text, self.image_weight))


class ReluAfterTheSum(_Right):
    """ReLU is taken of the sum, not of each projection.

    The features of a modality are its projection after ReLU, and only then they are weighted.
    """

    def features(self, text, image):
        return self.text_fc(text), self.image_fc(image)

    def fuse(self, text, image):
        return torch.relu(super().fuse(text, image))


class ReluAfterTheSum__rewrite(_Again):
    def forward(self, text, image):
        sum = self.text_weight * self.text_fc(text) + self.image_weight * self.image_fc(image)
        return self.classifier(sum.clamp(min=0))


class RandomStart(_Right):
    """The weights do not start with 0.5.

    Random ones prefer a modality before anything was learned, and may be negative. Ones make the sum twice as large.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        nn.init.ones_(self.text_weight)
        nn.init.ones_(self.image_weight)


class RandomStart__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        self.text_weight, self.image_weight = (nn.Parameter(torch.tensor([1.0])) for _ in range(2))


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

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        self.image_fc.bias = None


class NoBias__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        self.image_fc = nn.Linear(self.image_fc.in_features, self.image_fc.out_features, bias=False)

    def project(self, layer, X):
        return torch.relu(layer(X))


class LayersInAList(_Right):
    """Layers are kept in a list, or under other names.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. The names are those that the stub gives.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        self.layers = [self.text_fc, self.image_fc]
        del self.text_fc, self.image_fc


class LayersInAList__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        self.kept = (self._modules.pop("text_fc"), self._modules.pop("image_fc"))


class SingleLayer(_Right):
    """One projection is shared by both modalities.

    They have features of different sizes and meanings, and each a layer of its own.
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
        self.image_fc = self.text_fc


class SingleLayer__rewrite(_Again):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__(text_dim, image_dim, hidden_dim, output_dim)
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
