"""Ways in which BERTClassifier goes wrong."""

import copy

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class Copied(_Right):
    """Encoder and hidden layer are copied.

    Then `bert` itself is not trained on, and both are in memory. An assignment shares the module.
    """

    def parts(self, bert):
        return copy.deepcopy(bert.encoder), copy.deepcopy(bert.hidden)


class Copied__rewrite(_Again):
    def take(self, bert):
        super().take(copy.deepcopy(bert))


class NewHiddenLayer(_Right):
    """The hidden layer is a new one.

    What `bert` learned there is lost. Take its own over.
    """

    def parts(self, bert):
        sizes = bert.hidden[0].in_features, bert.hidden[0].out_features
        return bert.encoder, nn.Sequential(nn.Linear(*sizes), nn.Tanh())


class NewHiddenLayer__rewrite(_Again):
    def take(self, bert):
        super().take(bert)
        out, size = bert.hidden[0].weight.shape
        self.hidden = nn.Sequential(nn.Linear(size, out), nn.Tanh())


class Frozen(_Right):
    """The encoder is frozen.

    Fine-tuning trains all of it: nothing is frozen here.
    """

    def parts(self, bert):
        return bert.encoder.requires_grad_(False), bert.hidden


class Frozen__rewrite(_Again):
    def take(self, bert):
        super().take(bert)
        for parameter in self.encoder.parameters():
            parameter.requires_grad = False


class EncoderWithoutGradient(_Right):
    """No gradient reaches the encoder.

    Under `torch.no_grad()`, or after `detach()`, only the last layers learn. Fine-tuning trains the encoder too.
    """

    def encode(self, tokens, segments, valid_lens):
        with torch.no_grad():
            return self.encoder(tokens, segments, valid_lens)


class EncoderWithoutGradient__rewrite(_Again):
    def encoded(self, inputs):
        return super().encoded(inputs).detach()


class LengthsForgotten(_Right):
    """The valid lengths do not reach the encoder.

    Padding is then read as text. Hand all three inputs on.
    """

    def encode(self, tokens, segments, valid_lens):
        return self.encoder(tokens, segments)


class LengthsForgotten__rewrite(_Again):
    def encoded(self, inputs):
        return self.encoder(*inputs[:2], None)


class SegmentsForgotten(_Right):
    """The segments do not reach the encoder.

    Without them it cannot tell the premise from the hypothesis. Hand all three inputs on.
    """

    def encode(self, tokens, segments, valid_lens):
        return self.encoder(tokens, torch.zeros_like(tokens), valid_lens)


class SegmentsForgotten__rewrite(_Again):
    def encoded(self, inputs):
        return self.encoder(inputs[0], inputs[1] * 0, inputs[2])


class LastToken(_Right):
    """The last token stands for the sequence.

    The last step is padding in most sequences. The first one is `<cls>`.
    """

    def represent(self, encoded_X):
        return self.hidden(encoded_X[:, -1])


class LastToken__rewrite(_Again):
    def first(self, encoded):
        return encoded.unbind(1)[-1]


class FirstSequence(_Right):
    """The first sequence is taken where the first token of each is meant.

    Axis 0 is the batch; the steps are axis 1: `[:, 0]`.
    """

    def represent(self, encoded_X):
        return self.hidden(encoded_X[0])


class FirstSequence__rewrite(_Again):
    def first(self, encoded):
        return encoded.unbind(0)[0]


class MeanOverTheSteps(_Right):
    """The mean over the steps stands for the sequence.

    That has padding in it, and is not what BERT was trained with. The first token, `<cls>`, is.
    """

    def represent(self, encoded_X):
        return self.hidden(encoded_X.mean(1))


class MeanOverTheSteps__rewrite(_Again):
    def first(self, encoded):
        return torch.einsum("bsh->bh", encoded) / encoded.shape[1]


class EveryToken(_Right):
    """Every token is classified.

    What is asked for is one class for each sequence: take the first step before the layers, or after them.
    """

    def represent(self, encoded_X):
        return self.hidden(encoded_X)


class EveryToken__rewrite(_Again):
    def first(self, encoded):
        return encoded


class HiddenSkipped(_Right):
    """The hidden layer is not used.

    Between the first token and the output stand a linear layer and a tanh.
    """

    def represent(self, encoded_X):
        return encoded_X[:, 0]


class HiddenSkipped__rewrite(_Again):
    def pooled(self, features):
        return features


class NoTanh(_Right):
    """The tanh of the hidden layer is left out.

    `hidden` is a linear layer and a tanh. Call it as a whole.
    """

    def represent(self, encoded_X):
        return self.hidden[0](encoded_X[:, 0])


class NoTanh__rewrite(_Again):
    def pooled(self, features):
        return features @ self.hidden[0].weight.T + self.hidden[0].bias


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The cross entropy takes scores and makes its own softmax. After two of them hardly any gradient is left.
    """

    def forward(self, inputs):
        return super().forward(inputs).softmax(dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def scores(self, pooled):
        powers = super().scores(pooled).exp()
        return powers / powers.sum(1, keepdim=True)


class ThreeClasses(_Right):
    """There are always three classes.

    Three is for entailment. `num_classes` says how many there are.
    """

    def __init__(self, bert, num_classes):
        super().__init__(bert, 3)


class ThreeClasses__rewrite(_Again):
    def __init__(self, bert, num_classes):
        super().__init__(bert, num_classes)
        self.output = nn.Linear(self.hidden[0].out_features, 3)


class SizeOfTheEncoder(_Right):
    """The output layer is made for the features of the encoder.

    Between them stands the hidden layer, and what it gives is what the output layer gets.
    """

    def __init__(self, bert, num_classes):
        super().__init__(bert, num_classes)
        self.output = nn.Linear(bert.hidden[0].in_features, num_classes)


class SizeOfTheEncoder__rewrite(_Again):
    def __init__(self, bert, num_classes):
        super().__init__(bert, num_classes)
        self.output = nn.Linear(self.hidden[0].weight.shape[1], num_classes)


class WholeModel(_Right):
    """The whole model is registered, with the heads of pre-training.

    They get no gradient, and are saved and moved for nothing. Take over what is needed.
    """

    def __init__(self, bert, num_classes):
        super().__init__(bert, num_classes)
        self.bert = bert


class WholeModel__rewrite(_Again):
    def take(self, bert):
        super().take(bert)
        self.pretrained = bert
