"""Ways in which the parts of DecoderBlock are put together wrongly."""

import torch
import torch.nn.functional as F
from decoders import Again as _Again
from decoders import Right as _Right
from parts import AddNorm as _AddNorm
from parts import Attention as _Attention


class EncoderUnused(_Right):
    """The second attention looks at the decoder's own steps.

    Its keys and values are the encoder's outputs: that is how the decoder knows what to translate.
    """

    def look_up(self, X, Y, state):
        return self.attention2(Y, Y, Y)


class EncoderUnused__rewrite(_Again):
    def middle(self, X, Y, enc, enc_lengths, p):
        return super().middle(X, Y, Y, None, p)


class QueriesOfX(_Right):
    """The queries of the second attention are X.

    They are Y, what the self-attention and its AddNorm have made of X.
    """

    def look_up(self, X, Y, state):
        return self.attention2(X, state[0], state[0], state[1])


class QueriesOfX__rewrite(_Again):
    def middle(self, X, Y, enc, enc_lengths, p):
        return self.addnorm2.ln(Y + self.drop(self.heads(self.attention2, X, enc, enc_lengths, p)))


class SecondResidualFromX(_Right):
    """The second residual connection starts at X.

    It goes around the attention to the encoder, so that it starts where that does: at Y.
    """

    def forward(self, X, state):
        K = self.remember(X, state)
        Y = self.addnorm1(X, self.look_back(X, K, state))
        Z = self.addnorm2(X, self.look_up(X, Y, state))
        return self.end(X, Y, Z), state


class SecondResidualFromX__rewrite(_Again):
    def middle(self, X, Y, enc, enc_lengths, p):
        return self.addnorm2.ln(X + self.drop(self.heads(self.attention2, Y, enc, enc_lengths, p)))


class ThirdResidual(_Right):
    """The third residual connection does not start at Z.

    It goes around the network, so that it starts where the network does: at the result of the second AddNorm.
    """

    def end(self, X, Y, Z):
        return self.addnorm3(Y, self.ffn(Z))


class ThirdResidual__rewrite(_Again):
    def last(self, X, Y, Z):
        return self.addnorm3.ln(Y + self.drop(self.ffn(Z)))


class NetworkOfY(_Right):
    """The network is given Y.

    It works on the result of the second AddNorm, Z.
    """

    def end(self, X, Y, Z):
        return self.addnorm3(Z, self.ffn(Y))


class NetworkOfY__rewrite(_Again):
    def last(self, X, Y, Z):
        return self.addnorm3.ln(self.drop(self.ffn(Y)) + Z)


class NoNetwork(_Right):
    """The network is missing.

    After the two attentions comes the position-wise network, with an AddNorm of its own.
    """

    def end(self, X, Y, Z):
        return self.addnorm3.ln(Z)


class NoNetwork__rewrite(_Again):
    def last(self, X, Y, Z):
        return self.addnorm3.ln(Z + 0 * self.ffn(Z))


class SameAttention(_Right):
    """The first attention is used twice.

    The decoder's own steps and the encoder's outputs are looked at with other eyes: `attention1` and `attention2`.
    """

    def look_up(self, X, Y, state):
        return self.attention1(Y, state[0], state[0], state[1])


class SameAttention__rewrite(_Again):
    def middle(self, X, Y, enc, enc_lengths, p):
        return self.addnorm2.ln(Y + self.drop(self.heads(self.attention1, Y, enc, enc_lengths, p)))


class PreNorm(_Right):
    """The norms come before the parts, not after the sums (“pre-norm”).

    Many later models do that. The block that is asked for normalises what a residual connection has added up.
    """

    def forward(self, X, state):
        one, two, three = self.addnorm1, self.addnorm2, self.addnorm3
        K = self.remember(X, state)
        Y = X + one.dropout(self.look_back(one.ln(X), one.ln(K), state))
        Z = Y + two.dropout(self.look_up(X, two.ln(Y), state))
        return Z + three.dropout(self.ffn(three.ln(Z))), state


class PreNorm__rewrite(_Again):
    def heads(self, part, queries, keys, lengths, p):
        norm = self.addnorm1.ln if part is self.attention1 else self.addnorm2.ln
        keys = norm(keys) if part is self.attention1 else keys
        return super().heads(part, norm(queries), keys, lengths, p)

    def forward(self, X, state):
        enc, enc_lengths, caches = state
        K = self.joined(caches[self.number], X)
        lengths = self.seen(self.at(X.shape[1], K.shape[1] - X.shape[1], X.device), K.shape[1], len(X))
        Y = self.drop(self.heads(self.attention1, X, K, lengths, self.p)) + X
        Z = self.drop(self.heads(self.attention2, Y, enc, enc_lengths, self.p)) + Y
        caches = [K if n == self.number else c for n, c in enumerate(caches)]
        return self.drop(self.ffn(self.addnorm3.ln(Z))) + Z, [enc, enc_lengths, caches]


class OverTheSteps(_Right):
    """The norms run over the steps too, not only over the features.

    In a decoder that shows every step the future, and step by step it answers something else. An AddNorm is made with
    `num_hiddens`, not with [steps, num_hiddens].
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        for addnorm in (self.addnorm1, self.addnorm2, self.addnorm3):
            addnorm.forward = self.over(addnorm)

    def over(self, addnorm):
        def forward(X, Y):
            Z = X + addnorm.dropout(Y)
            return F.layer_norm(Z, Z.shape[1:]) * addnorm.ln.weight + addnorm.ln.bias

        return forward


class OverTheSteps__rewrite(_Again):
    class _Whole:
        def __init__(self, ln):
            self.ln = ln

        def __call__(self, Z):
            mean, var = Z.mean((1, 2), keepdim=True), Z.var((1, 2), correction=0, keepdim=True)
            return (Z - mean) / (var + 1e-5).sqrt() * self.ln.weight + self.ln.bias

    def forward(self, X, state):
        norms = [self.addnorm1, self.addnorm2, self.addnorm3]
        for norm in norms:
            norm.ln.forward = self._Whole(norm.ln)
        return super().forward(X, state)


class NoDropoutAtAll(_Right):
    """Nothing is dropped in training mode.

    The constructor's `dropout` has to reach both attentions and the three AddNorms.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, 0.0)


class NoDropoutAtAll__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads, 0.0, i)


class NoDropoutInAttention2(_Right):
    """In one of the attentions, or in both, no weight is dropped in training mode.

    `MultiHeadAttention` has a dropout of its own, 0 unless it is told otherwise. Give it to both attentions.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.attention2 = _Attention(d, heads, 0.0)


class NoDropoutInAttention2__rewrite(_Again):
    def rates(self):
        return self.p, 0.0


class NoDropoutInANorm(_Right):
    """In one of the AddNorms nothing is dropped in training mode.

    All three are made with the block's `dropout`.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.addnorm3 = _AddNorm(d, 0.0)


class NoDropoutInANorm__rewrite(_Again):
    def last(self, X, Y, Z):
        return self.addnorm3.ln(Z + self.ffn(Z))


class DropoutInEvaluation(_Right):
    """Something is dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Leave it to the parts, which know the mode.
    """

    def look_up(self, X, Y, state):
        return F.dropout(super().look_up(X, Y, state), self.addnorm1.dropout.p)


class DropoutInEvaluation__rewrite(_Right):
    def look_up(self, X, Y, state):
        return F.dropout(self.attention2(Y, state[0], state[0], state[1]), p=self.addnorm1.dropout.p, training=True)


class DetachedEncoder(_Right):
    """The encoder's outputs are detached.

    No gradient reaches the encoder then, which is never learned.
    """

    def look_up(self, X, Y, state):
        enc = state[0].detach()
        return self.attention2(Y, enc, enc, state[1])


class DetachedEncoder__rewrite(_Again):
    def middle(self, X, Y, enc, enc_lengths, p):
        return super().middle(X, Y, enc.data, enc_lengths, p)


class DetachedKeys(_Right):
    """The keys and values of the self-attention are detached.

    In training the steps before are learned through them. Detach what goes into the cache, if anything.
    """

    def look_back(self, X, K, state):
        return super().look_back(X, K.detach(), state)


class DetachedKeys__rewrite(_Again):
    def joined(self, cache, X):
        return super().joined(cache, X).detach()


class OtherNames(_Right):
    """The parts have other names.

    The state dict does not load by other names than those in the stub.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.self_attention = self.attention1
        del self.attention1

    def look_back(self, X, K, state):
        return self.self_attention(X, K, K, self.lengths(len(X), X.shape[1], K.shape[1], X.device))


class OtherNames__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.norm3 = self.addnorm3
        del self.addnorm3

    def last(self, X, Y, Z):
        return self.norm3.ln(Z + self.drop(self.ffn(Z)))


class TwoDevices(_Right):
    """The lengths of the mask are created on the CPU.

    `torch.arange` makes its tensor there unless it is told otherwise. Give it the device of X.
    """

    def lengths(self, batch, steps, keys, device):
        return torch.arange(keys - steps + 1, keys + 1).repeat(batch, 1)


class TwoDevices__rewrite(_Again):
    def at(self, steps, before, device):
        return torch.tensor(list(range(before, before + steps)))
