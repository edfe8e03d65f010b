"""Ways in which TensorFusion goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class ReadyMade(_Right):
    """torch's own bilinear layer does the work.

    Here you compute the sum yourself, with the layer's weight and bias.
    """

    def fuse(self, text, image):
        return self.bilinear(text, image)


class ReadyMade__rewrite(_Again):
    def finish(self, text, image):
        fused = nn.functional.bilinear(text, image, self.bilinear.weight, self.bilinear.bias)
        return self.classifier(fused)


class ImageFirst(_Right):
    """The image takes the place of the text.

    The second axis of the weight belongs to the text, the third to the image: weight[k, i, j] * text[i] * image[j].
    """

    def form(self, text, image):
        return super().form(image, text)


class ImageFirst__rewrite(_Again):
    def rows(self, text, image):
        return torch.einsum("nj,kij,ni->nk", text, self.bilinear.weight, image)


class OutputLast(_Right):
    """The last axis of the weight is taken for that of the outputs.

    The first one is: weight[k, i, j] belongs to output k, as in `nn.Linear` the rows do.
    """

    def form(self, text, image):
        return torch.einsum("ni,ijk,nj->nk", text, self.bilinear.weight, image)


class OutputLast__rewrite(_Again):
    def rows(self, text, image):
        pairs = text[:, :, None] * image[:, None, :]
        return torch.tensordot(pairs, self.bilinear.weight, dims=2)


class OutputInTheMiddle(_Right):
    """The second axis of the weight is taken for that of the outputs.

    The first one is: weight[k, i, j] belongs to output k.
    """

    def form(self, text, image):
        return torch.einsum("ni,ikj,nj->nk", text, self.bilinear.weight, image)


class OutputInTheMiddle__rewrite(_Again):
    def rows(self, text, image):
        left = torch.tensordot(text, self.bilinear.weight, dims=1)
        return (left @ image[:, :, None]).squeeze(-1)


class ProductOfEqualPlaces(_Right):
    """Only equal places are multiplied: text[i] * image[i].

    The form has a weight for every pair i, j. The element-wise product is its diagonal.
    """

    def form(self, text, image):
        return torch.einsum("ni,kii,ni->nk", text, self.bilinear.weight, image)


class ProductOfEqualPlaces__rewrite(_Again):
    def rows(self, text, image):
        return (text * image) @ self.bilinear.weight.diagonal(dim1=1, dim2=2).T


class Summed(_Right):
    """Text and image are added inside of the form, not multiplied.

    A sum of two linear maps has no product of a number of the text and one of the image in it.
    """

    def form(self, text, image):
        return (self.bilinear.weight.sum(2) @ text.T + self.bilinear.weight.sum(1) @ image.T).T


class Summed__rewrite(_Again):
    def rows(self, text, image):
        return torch.einsum("ni,kij->nk", text, self.bilinear.weight) + torch.einsum(
            "nj,kij->nk", image, self.bilinear.weight
        )


class SamplesMixed(_Right):
    """The text of one sample meets the images of all.

    In the einsum text and image need the same letter for the batch; two letters sum over all samples.
    """

    def form(self, text, image):
        return torch.einsum("ni,kij,mj->nk", text, self.bilinear.weight, image)


class SamplesMixed__rewrite(_Again):
    def rows(self, text, image):
        return torch.tensordot(text, self.bilinear.weight, dims=([1], [1])) @ image.sum(0)


class NoBilinearBias(_Right):
    """The bias of the bilinear form is not added.

    Fused feature k is the sum plus `bilinear.bias[k]`.
    """

    def fuse(self, text, image):
        return self.form(text, image)


class NoBilinearBias__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier(self.rows(text, image))


class ReluAfterwards(_Right):
    """ReLU is taken of the fused features too.

    The classifier sees them as they are, negative ones as well.
    """

    def fuse(self, text, image):
        return torch.relu(super().fuse(text, image))


class ReluAfterwards__rewrite(_Again):
    def finish(self, text, image):
        return self.classifier((self.rows(text, image) + self.bilinear.bias).clamp_min(0))


class OutputByOutput(_Right):
    """The outputs are gone through one by one.

    The number of operations then grows with hidden_dim. One einsum, or one matrix product, makes all of them.
    """

    def form(self, text, image):
        return torch.stack([((text @ weight) * image).sum(1) for weight in self.bilinear.weight], dim=1)


class OutputByOutput__rewrite(_Again):
    def rows(self, text, image):
        columns = []
        for k in range(self.bilinear.weight.shape[0]):
            columns.append((text * (image @ self.bilinear.weight[k].T)).sum(dim=1, keepdim=True))
        return torch.cat(columns, dim=1)


class WeightDetached(_Right):
    """The weight of the form is read through `.data`, or detached.

    The graph ends there: the weight gets no gradient and is never learned. Use the parameter itself.
    """

    def form(self, text, image):
        return torch.einsum("ni,kij,nj->nk", text, self.bilinear.weight.data, image)


class WeightDetached__rewrite(_Again):
    def rows(self, text, image):
        weight = self.bilinear.weight.detach().clone()
        return torch.einsum("ni,kij,nj->nk", text, weight, image)


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
