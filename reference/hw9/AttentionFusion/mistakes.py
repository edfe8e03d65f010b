"""Ways in which AttentionFusion goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class SoftmaxOfOne(_Right):
    """A softmax is taken where a sigmoid is meant.

    The softmax over an axis of length 1 is 1, whatever the score: the image never counts.
    """

    def gate(self, text, image):
        return torch.softmax(self.attention(torch.cat((text, image), dim=1)), dim=1)


class SoftmaxOfOne__rewrite(_Again):
    def weigh(self, text, image):
        score = self.attention(torch.hstack((text, image)))
        return score.exp() / score.exp().sum(1, keepdim=True)


class SoftmaxOverTheBatch(_Right):
    """The weights are a softmax over the batch.

    Then the samples of a batch share one unit of attention, and an answer depends on what else is in the batch. Every
    sample has a weight of its own, by a sigmoid.
    """

    def gate(self, text, image):
        return torch.softmax(self.attention(torch.cat((text, image), dim=1)), dim=0)


class SoftmaxOverTheBatch__rewrite(_Again):
    def weigh(self, text, image):
        odds = self.attention(torch.hstack((text, image))).exp()
        return odds / odds.sum(0, keepdim=True)


class NoSigmoid(_Right):
    """The score is used as the weight, without a sigmoid.

    It can be any number, negative too. A weight of a mean lies between 0 and 1.
    """

    def gate(self, text, image):
        return self.attention(torch.cat((text, image), dim=1))


class NoSigmoid__rewrite(_Again):
    def weigh(self, text, image):
        return torch.hstack((text, image)) @ self.attention.weight.T + self.attention.bias


class WeightOfTheImage(_Right):
    """The weight is given to the image, and what it leaves to the text.

    It is the other way round: a * text + (1 - a) * image.
    """

    def mix(self, weight, text, image):
        return weight * image + (1 - weight) * text


class WeightOfTheImage__rewrite(_Again):
    def finish(self, text, image):
        self.attention_weights = weight = self.weigh(text, image)
        return self.classifier(torch.lerp(text, image, weight))


class TextOnlyWeighted(_Right):
    """The image is not weighted.

    The fused features are a mean: what the text gets more, the image gets less, 1 - a.
    """

    def mix(self, weight, text, image):
        return weight * text + image


class TextOnlyWeighted__rewrite(_Again):
    def finish(self, text, image):
        self.attention_weights = weight = self.weigh(text, image)
        return self.classifier(torch.addcmul(image, weight, text))


class SameWeightForBoth(_Right):
    """Text and image get the same weight.

    Then nothing is chosen. The image gets 1 - a.
    """

    def mix(self, weight, text, image):
        return weight * text + weight * image


class SameWeightForBoth__rewrite(_Again):
    def finish(self, text, image):
        self.attention_weights = weight = self.weigh(text, image)
        return self.classifier((text + image) * weight)


class ImageFirst(_Right):
    """The attention sees the features of the image first.

    Its weights know the place of each feature, and the text has the first half.
    """

    def gate(self, text, image):
        return super().gate(image, text)


class ImageFirst__rewrite(_Again):
    def weigh(self, text, image):
        return torch.sigmoid(self.attention(torch.hstack((image, text))))


class MeanWeight(_Right):
    """One weight is used for the whole batch.

    Which modality says more differs from sample to sample: each has its own, and a mean over the batch is nobody's.
    """

    def gate(self, text, image):
        weights = super().gate(text, image)
        return weights.mean(0, keepdim=True).expand_as(weights)


class MeanWeight__rewrite(_Again):
    def weigh(self, text, image):
        weights = super().weigh(text, image)
        return torch.ones_like(weights) * weights.sum() / max(1, len(weights))


class WeightsSqueezed(_Right):
    """The weights have lost their last axis.

    Of shape (N,) they broadcast over the features instead of over the samples: an error, or wrong where there are as
    many features as samples. Keep (N, 1).
    """

    def gate(self, text, image):
        return super().gate(text, image).squeeze(1)


class WeightsSqueezed__rewrite(_Again):
    def weigh(self, text, image):
        return super().weigh(text, image)[:, 0]


class WeightsNotKept(_Right):
    """The attribute `attention_weights` does not hold the weights of the last call.

    It is set in every call, to what was used there.
    """

    def fuse(self, text, image):
        return self.mix(self.gate(text, image), text, image)


class WeightsNotKept__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(torch.lerp(image, text, self.weigh(text, image)))


class WeightsOfTheFirstCall(_Right):
    """The attribute `attention_weights` holds the weights of the first call for ever.

    It is set in every call, to what was used there.
    """

    def fuse(self, text, image):
        weight = self.gate(text, image)
        if not hasattr(self, "attention_weights"):
            self.attention_weights = weight
        return self.mix(weight, text, image)


class WeightsOfTheFirstCall__rewrite(_Again):
    def finish(self, text, image):
        weight = self.weigh(text, image)
        self.__dict__.setdefault("attention_weights", weight.detach())
        return self.classifier(torch.lerp(image, text, weight))


class OnesOnTheCpu(_Right):
    """The one of 1 - a is made on the CPU.

    On a GPU the two do not meet. A plain number does, or `torch.ones_like`.
    """

    def mix(self, weight, text, image):
        return weight * text + (torch.ones(len(weight), 1, dtype=weight.dtype) - weight) * image


class OnesOnTheCpu__rewrite(_Again):
    def finish(self, text, image):
        self.attention_weights = weight = self.weigh(text, image)
        rest = torch.ones(weight.shape, dtype=weight.dtype).sub(weight)
        return self.classifier(weight * text + rest * image)


class WeightDetached(_Right):
    """The weight is detached before it is used.

    Then the attention layer gets no gradient and learns nothing. What is kept may be detached, what is used may not.
    """

    def gate(self, text, image):
        return super().gate(text, image).detach()


class WeightDetached__rewrite(_Again):
    def weigh(self, text, image):
        with torch.no_grad():
            return super().weigh(text, image)


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
