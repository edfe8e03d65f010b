"""Ways in which BERTModel goes wrong."""

import torch
from parts import BERTEncoder as _BERTEncoder
from parts import MaskLM as _MaskLM
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class LengthsForgotten(_Right):
    """The valid lengths do not reach the encoder.

    Padding is then read as text. Hand them on.
    """

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        return super().forward(tokens, segments, None, pred_positions)


class LengthsForgotten__rewrite(_Again):
    def encode(self, tokens, segments, valid_lens):
        return self.encoder(tokens, segments)


class SegmentsForgotten(_Right):
    """The segments do not reach the encoder.

    Without them it cannot tell one sentence from the other. Hand them on.
    """

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        return super().forward(tokens, torch.zeros_like(segments), valid_lens, pred_positions)


class SegmentsForgotten__rewrite(_Again):
    def encode(self, tokens, segments, valid_lens):
        return self.encoder(tokens, segments * 0, valid_lens)


class LastToken(_Right):
    """The last token stands for the sequence.

    The last step is padding in most sequences. The first one is `<cls>`.
    """

    def represent(self, encoded_X):
        return encoded_X[:, -1, :]


class LastToken__rewrite(_Again):
    def first(self, encoded):
        return encoded.select(1, encoded.shape[1] - 1)


class FirstSequence(_Right):
    """The first sequence is taken where the first token of each is meant.

    Axis 0 is the batch; the steps are axis 1: `[:, 0]`.
    """

    def represent(self, encoded_X):
        return encoded_X[0]


class FirstSequence__rewrite(_Again):
    def first(self, encoded):
        return encoded.select(0, 0)


class MeanOverTheSteps(_Right):
    """The mean over the steps stands for the sequence.

    That has padding in it. BERT learns to gather in `<cls>`, the first token, what the whole says.
    """

    def represent(self, encoded_X):
        return encoded_X.mean(dim=1)


class MeanOverTheSteps__rewrite(_Again):
    def first(self, encoded):
        return encoded.sum(1) / encoded.shape[1]


class HiddenSkipped(_Right):
    """The hidden layer is not used.

    Between the first token and the two scores stand a linear layer and a tanh.
    """

    def classify(self, encoded_X):
        return self.nsp(self.represent(encoded_X))


class HiddenSkipped__rewrite(_Again):
    def pooled(self, features):
        return features


class NoTanh(_Right):
    """The hidden layer has no tanh.

    Two linear layers with nothing between them are one.
    """

    def classify(self, encoded_X):
        return self.nsp(self.hidden[0](self.represent(encoded_X)))


class NoTanh__rewrite(_Again):
    def pooled(self, features):
        return features @ self.hidden[0].weight.T + self.hidden[0].bias


class ReluForTanh(_Right):
    """The hidden layer has ReLU where tanh is asked for.

    The activation function in front of the pair's scores is tanh.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hidden[1] = nn.ReLU()


class ReluForTanh__rewrite(_Again):
    def pooled(self, features):
        return (features @ self.hidden[0].weight.T + self.hidden[0].bias).clamp(min=0)


class WordsThroughHidden(_Right):
    """The masked words are scored after the hidden layer.

    That layer belongs to the pair. `mlm` is given what the encoder gives.
    """

    def predict(self, encoded_X, pred_positions):
        return super().predict(self.hidden(encoded_X), pred_positions)


class WordsThroughHidden__rewrite(_Again):
    def masked(self, encoded, positions):
        return super().masked(self.pooled(encoded), positions)


class PositionsNeeded(_Right):
    """A call without positions raises an error.

    In use, no word is masked: `mlm_Y_hat` is None then, and `mlm` is not called.
    """

    def predict(self, encoded_X, pred_positions):
        return self.mlm(encoded_X, pred_positions.long())


class PositionsNeeded__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded = self.encode(tokens, segments, valid_lens)
        return encoded, self.masked(encoded, pred_positions.clone()), self.pair(encoded)


class OnlyTheScores(_Right):
    """The encoded sequence is not returned.

    Three things come out: what the encoder gives, the scores of the words, those of the pair.
    """

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        return super().forward(tokens, segments, valid_lens, pred_positions)[1:]


class OnlyTheScores__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded = self.encode(tokens, segments, valid_lens)
        return None if pred_positions is None else self.masked(encoded, pred_positions), self.pair(encoded)


class PairBeforeWords(_Right):
    """The scores of the pair are returned before those of the words.

    The order is the encoded sequence, the words, the pair.
    """

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded_X, words, pair = super().forward(tokens, segments, valid_lens, pred_positions)
        return encoded_X, pair, words


class PairBeforeWords__rewrite(_Again):
    def forward(self, *args, **kwargs):
        answers = super().forward(*args, **kwargs)
        return answers[0], answers[2], answers[1]


class DefaultSizes(_Right):
    """A part is made with a default instead of the size that was asked for.

    `BERTEncoder` has a default for `max_len` and `MaskLM` one for its inputs: nothing complains until weights are
    loaded or numbers meet. Hand on all arguments of the constructor, and num_hiddens to `MaskLM` as its inputs.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.mlm = _MaskLM(vocab_size, num_hiddens)


class DefaultSizes__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout)


class DropoutForgotten(_Right):
    """The dropout does not reach the encoder.

    Hand all arguments of the constructor on.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, 0.0, max_len)


class DropoutForgotten__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.encoder = _BERTEncoder(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, 0, max_len)


class PairDetached(_Right):
    """The encoder gets no gradient from the pair.

    Both tasks train it. Hand the features on with their graph.
    """

    def represent(self, encoded_X):
        return encoded_X.detach()[:, 0]


class PairDetached__rewrite(_Again):
    def first(self, encoded):
        return super().first(encoded.data)


class EncodedTwice(_Right):
    """Dropout or not, the words are scored on another pass of the encoder, without the lengths.

    One encoding serves both tasks, and what is returned.
    """

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded_X = self.encoder(tokens, segments, valid_lens)
        return encoded_X, self.predict(self.encoder(tokens, segments), pred_positions), self.classify(encoded_X)


class EncodedTwice__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        answers = list(super().forward(tokens, segments, valid_lens, pred_positions))
        if pred_positions is not None:
            answers[1] = self.masked(self.encode(tokens, segments, None), pred_positions)
        return tuple(answers)
