"""Ways in which BERTEncoder goes wrong before the blocks."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class PositionsWithoutGradient(_Right):
    """The position embeddings are read without their gradient.

    `.data` and `.detach()` give the bare numbers, cut off from the graph: the positions are never learned. Use the
    parameter itself.
    """

    def positions(self, steps):
        return self.pos_embedding.data[:, :steps, :]


class PositionsWithoutGradient__rewrite(_Again):
    def embed(self, tokens, segments):
        places = self.pos_embedding.detach().requires_grad_(False)
        if tokens.shape[1] > places.shape[1]:
            raise ValueError("too long")
        return self.token_embedding(tokens) + self.segment_embedding(segments) + places[:, : tokens.shape[1]]


class PositionsInABuffer(_Right):
    """The position embeddings are not a parameter.

    A buffer is saved and moved with the module, but no optimizer sees it. What is learned is an `nn.Parameter`.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        table = self.pos_embedding.data
        del self.pos_embedding
        self.register_buffer("pos_embedding", table)


class PositionsInABuffer__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        table = self._parameters.pop("pos_embedding")
        self.register_buffer("pos_embedding", torch.zeros_like(table.detach()))


class PositionsFrozen(_Right):
    """The position embeddings are made with requires_grad=False.

    Then they stay the random numbers that they are. BERT learns its positions; leave requires_grad alone.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pos_embedding.requires_grad_(False)


class PositionsFrozen__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pos_embedding = nn.Parameter(torch.randn(self.pos_embedding.shape), requires_grad=False)


class NoPositions(_Right):
    """The position embeddings are not added.

    Attention does not see an order: without positions a sentence is a bag of words.
    """

    def positions(self, steps):
        return 0 * self.pos_embedding[:, :steps]


class NoPositions__rewrite(_Again):
    def embed(self, tokens, segments):
        super().embed(tokens, segments)
        return self.token_embedding(tokens) + self.segment_embedding(segments)


class NoSegments(_Right):
    """The segment embeddings are not added.

    Without them the model cannot tell the first text from the second.
    """

    def embed(self, tokens, segments):
        self.check(tokens.shape[1])
        return self.token_embedding(tokens) + self.positions(tokens.shape[1])


class NoSegments__rewrite(_Again):
    def embed(self, tokens, segments):
        return super().embed(tokens, segments) - self.segment_embedding(segments)


class OnePositionForAll(_Right):
    """Every token gets the same row of the position embeddings.

    The axis of the places is the second one: [:, :steps] takes a row for each step, [:, steps] or [:, :1] a single one.
    """

    def positions(self, steps):
        return self.pos_embedding[:, :1]


class OnePositionForAll__rewrite(_Again):
    def embed(self, tokens, segments):
        X = super().embed(tokens, segments)
        places = self.pos_embedding
        return X - places[:, : X.shape[1]] + places[:, 0]


class PositionsFromTheEnd(_Right):
    """The position embeddings are taken from the end of the table.

    The token at step t gets row t, however long the input is. Slice from the front: [:, :steps].
    """

    def positions(self, steps):
        return self.pos_embedding[:, self.pos_embedding.shape[1] - steps :]


class PositionsFromTheEnd__rewrite(_Again):
    def embed(self, tokens, segments):
        super().embed(tokens, segments)
        last = self.pos_embedding[0, -tokens.shape[1] :]
        return self.token_embedding(tokens) + self.segment_embedding(segments) + last


class PositionsOfTheBatch(_Right):
    """Each sequence gets one row of the position embeddings, by its place in the batch.

    Positions belong to steps: the row must not depend on which sequences happen to be beside it.
    """

    def embed(self, tokens, segments):
        self.check(tokens.shape[1])
        X = self.token_embedding(tokens) + self.segment_embedding(segments)
        return X + self.pos_embedding[0, : len(tokens), None]


class PositionsOfTheBatch__rewrite(_Again):
    def embed(self, tokens, segments):
        super().embed(tokens, segments)
        rows = torch.arange(tokens.shape[0], device=tokens.device)
        X = self.token_embedding(tokens) + self.segment_embedding(segments)
        return (X.transpose(0, 1) + self.pos_embedding[0][rows]).transpose(0, 1)


class SumScaled(_Right):
    """The token embeddings are multiplied by the square root of num_hiddens.

    The first Transformer did that, for its positions were sines. BERT's are learned, and the three are added as they
    are.
    """

    def embed(self, tokens, segments):
        factor = self.pos_embedding.shape[-1] ** 0.5
        return super().embed(tokens, segments) + (factor - 1) * self.token_embedding(tokens)


class SumScaled__rewrite(_Again):
    def embed(self, tokens, segments):
        X = super().embed(tokens, segments)
        scaled = self.token_embedding(tokens) * torch.tensor(float(X.shape[-1]), dtype=X.dtype).sqrt().item()
        return X - self.token_embedding(tokens) + scaled


class SumNormalised(_Right):
    """The sum of the embeddings is normalised.

    Other BERTs do so, with a layer norm of its own. Here the sum enters the first block as it is.
    """

    def embed(self, tokens, segments):
        X = super().embed(tokens, segments)
        return F.layer_norm(X, X.shape[-1:])


class SumNormalised__rewrite(_Again):
    def embed(self, tokens, segments):
        X = super().embed(tokens, segments)
        X = X - X.mean(-1, keepdim=True)
        return X / (X.square().mean(-1, keepdim=True) + 1e-5).sqrt()


class SumDropped(_Right):
    """Dropout falls on the sum of the embeddings.

    Other BERTs have it there. Here dropout is in the blocks alone.
    """

    def embed(self, tokens, segments):
        return F.dropout(super().embed(tokens, segments), self.p, self.training)


class SumDropped__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.dropout = nn.Dropout(dropout)

    def embed(self, tokens, segments):
        return self.dropout(super().embed(tokens, segments))


class TooLongAccepted(_Right):
    """An input that is longer than max_len is not refused with a ValueError.

    There is no position for its last tokens. Either torch raises an error that says nothing of places, or, where there
    is one place only, it is used for every token without a word. Compare the two lengths first.
    """

    def check(self, steps):
        pass


class TooLongAccepted__rewrite(_Again):
    def embed(self, tokens, segments):
        places = self.pos_embedding[:, : tokens.shape[1]]
        return self.token_embedding(tokens) + self.segment_embedding(segments) + places


class ManyPlaces(_Right):
    """The table of positions always has 1000 rows.

    1000 is the default of `max_len`, and the caller may choose another number.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pos_embedding = nn.Parameter(torch.randn(1, 1000, self.pos_embedding.shape[-1]))


class ManyPlaces__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout)
