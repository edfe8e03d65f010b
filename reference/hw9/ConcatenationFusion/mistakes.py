"""Ways in which ConcatenationFusion goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class OneHalf(_Right):
    """The classifier takes the features of one modality only, often because they were put on the axis of the batch.

    `torch.cat(..., dim=0)` puts the samples below each other: 2N rows come out, and no row has seen both a text and an
    image. Side by side is the axis of the features, `dim=1`, and the classifier takes 2 * hidden_dim of them.
    """

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.classifier = nn.Linear(hidden_dim, num_classes)

    def fuse(self, text, image):
        return torch.cat((text, image), dim=0)


class OneHalf__rewrite(_Again):
    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.classifier = nn.Linear(hidden_dim, num_classes)

    def finish(self, text, image):
        return self.classifier(torch.vstack([text, image]))


class OnTheBatchAxis(_Right):
    """The features are concatenated on the axis of the batch.

    That puts the samples below each other, and the classifier finds half of the features that it takes. Side by side is
    the axis of the features, `dim=1`.
    """

    def fuse(self, text, image):
        return torch.cat((text, image))


class OnTheBatchAxis__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(torch.stack([text, image]).flatten(0, 1))


class ImageFirst(_Right):
    """The features of the image come first.

    The classifier's weights know the place of each feature, and the text has the first half.
    """

    def fuse(self, text, image):
        return torch.cat((image, text), dim=1)


class ImageFirst__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(torch.roll(torch.hstack([text, image]), text.shape[1], dims=1))


class ByTurns(_Right):
    """The features of text and image stand by turns.

    A stack on the last axis that is flattened gives text 0, image 0, text 1, ... All features of the text come first.
    """

    def fuse(self, text, image):
        return torch.stack((text, image), dim=-1).flatten(1)


class ByTurns__rewrite(_Again):
    def finish(self, text, image):
        size = text.shape[1]
        order = [place for pair in zip(range(size), range(size, 2 * size)) for place in pair]
        return self.classifier(torch.hstack([text, image])[:, order])


class Added(_Right):
    """The features are added, not concatenated, and stand twice.

    The classifier has weights for each modality, and sees both halves as they are.
    """

    def fuse(self, text, image):
        return (text + image).repeat(1, 2)


class Added__rewrite(_Again):
    def finish(self, text, image):
        return super().finish(text + image, image + text)


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
        return X @ layer.weight.T if layer is self.text_fc else super().project(layer, X)


class NoBias(_Right):
    """A layer is made without a bias.

    Every linear layer of the stub has one, and the state dict has to have it.
    """

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.image_fc.bias = None


class NoBias__rewrite(_Again):
    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.image_fc = nn.Linear(self.image_fc.in_features, self.image_fc.out_features, bias=False)

    def project(self, layer, X):
        return layer(X)


class LayersInAList(_Right):
    """Layers are kept in a list, or under other names.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. The names are those that the stub gives.
    """

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.layers = [self.text_fc, self.image_fc]
        del self.text_fc, self.image_fc


class LayersInAList__rewrite(_Again):
    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.kept = (self._modules.pop("text_fc"), self._modules.pop("image_fc"))


class SingleLayer(_Right):
    """One projection is shared by both modalities.

    They have features of different sizes and meanings, and each a layer of its own.
    """

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
        self.image_fc = self.text_fc


class SingleLayer__rewrite(_Again):
    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__(text_dim, hidden_dim, image_dim, num_classes)
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


class ActivationBetween(_Right):
    """ReLU is taken of the projections.

    Here there is no activation function: the classifier sees the projections as they are.
    """

    def features(self, text, image):
        return tuple(torch.relu(part) for part in super().features(text, image))


class ActivationBetween__rewrite(_Again):
    def project(self, layer, X):
        return super().project(layer, X).clamp(min=0)


class ArgumentsScaled(_Right):
    """An argument is changed in place.

    A method that ends in `_`, and `*=`, write into the caller's tensor. Make a new one.
    """

    def features(self, text, image):
        found = super().features(text, image)
        text.detach().mul_(2)
        return found


class ArgumentsScaled__rewrite(_Again):
    def forward(self, text, image):
        scores = super().forward(text, image)
        text.data *= 2
        return scores
