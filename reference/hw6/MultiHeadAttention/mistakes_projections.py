"""Ways in which MultiHeadAttention goes wrong with its projections and what its constructor accepts."""

import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from torch import nn


class KeysAndValuesSwapped(_Right):
    """`W_k` projects the values and `W_v` the keys.

    Each of the three inputs has a projection of its own; where keys and values have the same size, no error tells.
    """

    def project(self, queries, keys, values):
        return self.W_q(queries), self.W_v(keys), self.W_k(values)


class KeysAndValuesSwapped__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        self.W_k, self.W_v = self.W_v, self.W_k
        try:
            return super().forward(queries, keys, values, valid_lens)
        finally:
            self.W_k, self.W_v = self.W_v, self.W_k


class QueriesAndKeysSwapped(_Right):
    """`W_k` projects the queries and `W_q` the keys.

    Each of the three inputs has a projection of its own; where queries and keys have the same size, no error tells.
    """

    def project(self, queries, keys, values):
        return self.W_k(queries), self.W_q(keys), self.W_v(values)


class QueriesAndKeysSwapped__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_k(queries)), self.heads(self.W_q(keys)), self.heads(self.W_v(values))
        weights = F.dropout(self.weights(self.scores(q, k), valid_lens), self.p, self.training)
        return self.W_o(self.together(weights @ v))


class ValuesFromKeys(_Right):
    """The keys are taken for the values.

    The weights come from queries and keys; what they weigh are the values, projected with `W_v`.
    """

    def project(self, queries, keys, values):
        return self.W_q(queries), self.W_k(keys), self.W_v(keys)


class ValuesFromKeys__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        return super().forward(queries, keys, keys, valid_lens)


class NoOutputProjection(_Right):
    """The answers of the heads are not projected with `W_o`.

    Side by side the heads know nothing of each other. The last linear layer mixes them.
    """

    def output(self, X):
        return X


class NoOutputProjection__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = (self.heads(layer(X)) for layer, X in zip((self.W_q, self.W_k, self.W_v), (queries, keys, values)))
        weights = F.dropout(self.weights(self.scores(q, k), valid_lens), self.p, self.training)
        return self.together(weights @ v)


class NoBiases(_Right):
    """Linear layers are made without a bias.

    The four projections have one each: `nn.Linear` makes it unless it is told `bias=False`.
    """

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout)
        for name in ("W_q", "W_k", "W_v", "W_o"):
            layer = getattr(self, name)
            setattr(self, name, nn.Linear(layer.in_features, num_hiddens, bias=False))


class NoBiases__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for layer in (self.W_q, self.W_k, self.W_v, self.W_o):
            layer.bias = None


class RegisteredTwice(_Right):
    """There are more names in the state dict than the stub has.

    A layer that is assigned to two attributes, or is in a list as well, is saved under each name. Register each of the
    parameters once, under the name in the stub.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.projections = nn.ModuleList([self.W_q, self.W_k, self.W_v])


class RegisteredTwice__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.output_layer = self.W_o


class UnknownTypeAccepted(_Right):
    """The constructor accepts an attention type that does not exist.

    Refuse it at once, with a ValueError that names it: later the error is hard to understand, or does not come at all.
    """

    def check(self, num_heads, num_hiddens, attention_type):
        if num_hiddens % num_heads:
            raise ValueError(f"{num_hiddens} features cannot be shared by {num_heads} heads")


class UnknownTypeAccepted__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        kind = "add" if attention_type == "add" else "dot"
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, kind, dropout)


class UnevenHeadsAccepted(_Right):
    """The constructor accepts features that the heads cannot share.

    Refuse them at once, with a ValueError that names both numbers: later the error is hard to understand.
    """

    def check(self, num_heads, num_hiddens, attention_type):
        if attention_type not in ("dot", "add"):
            raise ValueError(f"unknown attention type {attention_type!r}")


class UnevenHeadsAccepted__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        hiddens = num_hiddens - num_hiddens % num_heads
        super().__init__(num_heads, query_size, key_size, hiddens, value_size, attention_type, dropout)


class Assertions(_Right):
    """Bad arguments are met with an assertion.

    An assertion is for what cannot happen, and is left out by `python -O`. A caller's mistake is a ValueError.
    """

    def check(self, num_heads, num_hiddens, attention_type):
        assert num_hiddens % num_heads == 0, "num_heads must divide num_hiddens"
        assert attention_type in ("dot", "add"), "attention_type must be dot or add"


class Assertions__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        if num_hiddens % num_heads or attention_type not in ("dot", "add"):
            raise AssertionError("bad sizes or type")
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout)
