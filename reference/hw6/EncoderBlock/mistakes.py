"""Ways in which EncoderBlock goes wrong."""

import torch
import torch.nn.functional as F
from blocks_again import Again as _Again
from blocks_again import Right as _Right
from parts import AddNorm as _AddNorm
from parts import Attention as _Attention
from parts import Network as _Network


class PreNorm(_Right):
    """The norms come before the parts, not after the sums (“pre-norm”).

    Many later models do that. The block that is asked for normalises what a residual connection has added up.
    """

    def forward(self, X, valid_lens=None):
        Y = X + self.addnorm1.dropout(self.look(self.addnorm1.ln(X), valid_lens))
        return Y + self.addnorm2.dropout(self.ffn(self.addnorm2.ln(Y)))


class PreNorm__rewrite(_Again):
    def first(self, X, valid_lens):
        return self.drop(self.attended(self.addnorm1.ln(X), valid_lens)) + X

    def second(self, X, Y):
        return self.drop(self.ffn(self.addnorm2.ln(Y))) + Y


class SecondResidualFromX(_Right):
    """The second residual connection starts at X.

    It goes around the network, so that it starts where the network does: at Y, the result of the first AddNorm.
    """

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1(X, self.look(X, valid_lens))
        return self.addnorm2(X, self.ffn(Y))


class SecondResidualFromX__rewrite(_Again):
    def second(self, X, Y):
        return self.addnorm2.ln(self.drop(self.ffn(Y)) + X)


class NetworkOfX(_Right):
    """The network is given X.

    It works on what the attention has found: on Y, the result of the first AddNorm.
    """

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1(X, self.look(X, valid_lens))
        return self.addnorm2(Y, self.ffn(X))


class NetworkOfX__rewrite(_Again):
    def second(self, X, Y):
        return self.addnorm2.ln(Y + self.drop(self.ffn(X)))


class NetworkTwice(_Right):
    """The second residual connection adds the network's answer to itself.

    The two arguments of an AddNorm are what went into the part and what came out.
    """

    def forward(self, X, valid_lens=None):
        Y = self.ffn(self.addnorm1(X, self.look(X, valid_lens)))
        return self.addnorm2(Y, Y)


class NetworkTwice__rewrite(_Again):
    def second(self, X, Y):
        out = self.ffn(Y)
        return self.addnorm2.ln(out + self.drop(out))


class NoFirstResidual(_Right):
    """X is not added to what the attention answers.

    Every part has its residual connection: both X and the attention's answer go into the first AddNorm.
    """

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1.ln(self.addnorm1.dropout(self.look(X, valid_lens)))
        return self.addnorm2(Y, self.ffn(Y))


class NoFirstResidual__rewrite(_Again):
    def first(self, X, valid_lens):
        return self.addnorm1.ln(0 * X + self.drop(self.attended(X, valid_lens)))


class NoLengths(_Right):
    """The valid lengths are not given to the attention.

    Padding is looked at like words then. Hand `valid_lens` on.
    """

    def look(self, X, valid_lens):
        return self.attention(X, X, X)


class NoLengths__rewrite(_Again):
    def attended(self, X, valid_lens):
        return super().attended(X, None)


class PaddingErased(_Right):
    """The answers of steps at or beyond the valid length are set to zero.

    Nobody looks at them, and nothing has to be done about them: they are answered like all the others.
    """

    def forward(self, X, valid_lens=None):
        answer = super().forward(X, valid_lens)
        if valid_lens is None or valid_lens.dim() == 2:
            return answer
        steps = torch.arange(X.shape[1], device=X.device)
        return answer * (steps < valid_lens[:, None]).unsqueeze(-1)


class PaddingErased__rewrite(_Again):
    def forward(self, X, valid_lens=None):
        answer = super().forward(X, valid_lens)
        if valid_lens is not None and valid_lens.dim() == 1:
            dead = torch.arange(X.shape[1], device=X.device)[None, :, None] >= valid_lens[:, None, None]
            answer = answer.masked_fill(dead, 0.0)
        return answer


class OneHead(_Right):
    """There is always one head.

    The constructor's `num_heads` has to reach the attention.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, 1, p)


class OneHead__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__(num_hiddens, ffn_num_hiddens, 1, dropout)


class SameNorm(_Right):
    """The first AddNorm is used twice.

    Each part has a norm of its own, with its own scale and shift.
    """

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1(X, self.look(X, valid_lens))
        return self.addnorm1(Y, self.ffn(Y))


class SameNorm__rewrite(_Again):
    def second(self, X, Y):
        return self.addnorm1.ln(Y + self.drop(self.ffn(Y)))


class NormsSwapped(_Right):
    """The two AddNorms have changed places.

    `addnorm1` follows the attention, `addnorm2` the network.
    """

    def forward(self, X, valid_lens=None):
        Y = self.addnorm2(X, self.look(X, valid_lens))
        return self.addnorm1(Y, self.ffn(Y))


class NormsSwapped__rewrite(_Again):
    def forward(self, X, valid_lens=None):
        Y = self.addnorm2.ln(X + self.drop(self.attended(X, valid_lens)))
        return self.addnorm1.ln(self.drop(self.ffn(Y)) + Y)


class OverTheSteps(_Right):
    """The norms run over the steps too, not only over the features.

    Then every step changes the others, padding included. An AddNorm is made with `num_hiddens`, not with [steps,
    num_hiddens].
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        for addnorm in (self.addnorm1, self.addnorm2):
            addnorm.forward = self.over(addnorm)

    def over(self, addnorm):
        def forward(X, Y):
            Z = X + addnorm.dropout(Y)
            return F.layer_norm(Z, Z.shape[1:]) * addnorm.ln.weight + addnorm.ln.bias

        return forward


class OverTheSteps__rewrite(_Again):
    def whole(self, Z, ln):
        mean, var = Z.mean((1, 2), keepdim=True), Z.var((1, 2), correction=0, keepdim=True)
        return (Z - mean) / (var + 1e-5).sqrt() * ln.weight + ln.bias

    def first(self, X, valid_lens):
        return self.whole(X + self.drop(self.attended(X, valid_lens)), self.addnorm1.ln)

    def second(self, X, Y):
        return self.whole(Y + self.drop(self.ffn(Y)), self.addnorm2.ln)


class NoDropoutAtAll(_Right):
    """Nothing is dropped in training mode.

    The constructor's `dropout` has to reach the attention and both AddNorms.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, 0.0)


class NoDropoutAtAll__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads, 0.0)


class NoDropoutOfWeights(_Right):
    """No attention weight is dropped in training mode.

    `MultiHeadAttention` has a dropout of its own, 0 unless it is told otherwise. Give it the block's.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.attention = _Attention(d, heads, 0.0)


class NoDropoutOfWeights__rewrite(_Again):
    def drop_weights(self):
        return 0.0


class NoDropoutInANorm(_Right):
    """In one of the AddNorms, or in both, nothing is dropped in training mode.

    Both are made with the block's `dropout`.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.addnorm1 = _AddNorm(d, 0.0)


class NoDropoutInANorm__rewrite(_Again):
    def second(self, X, Y):
        return self.addnorm2.ln(Y + self.ffn(Y))


class DropoutInEvaluation(_Right):
    """Something is dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Leave it to the parts, which know the mode.
    """

    def look(self, X, valid_lens):
        return F.dropout(super().look(X, valid_lens), self.addnorm1.dropout.p)


class DropoutInEvaluation__rewrite(_Right):
    def look(self, X, valid_lens):
        return F.dropout(self.attention(X, X, X, valid_lens), p=self.addnorm1.dropout.p, training=True)


class AnotherDropout(_Right):
    """Something more is dropped in training mode than the attention weights and what the AddNorms drop.

    Each part's answer is dropped once, by its AddNorm. What comes into the block is not.
    """

    def forward(self, X, valid_lens=None):
        return super().forward(self.addnorm1.dropout(X), valid_lens)


class AnotherDropout__rewrite(_Again):
    def forward(self, X, valid_lens=None):
        return self.drop(super().forward(X, valid_lens))


class OtherNames(_Right):
    """The parts have other names.

    The state dict does not load by other names: they are called `attention`, `addnorm1`, `ffn` and `addnorm2`.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.self_attention = self.attention
        del self.attention

    def look(self, X, valid_lens):
        return self.self_attention(X, X, X, valid_lens)


class OtherNames__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads, dropout)
        self.norm1 = self.addnorm1
        del self.addnorm1

    def first(self, X, valid_lens):
        return self.norm1.ln(X + self.drop(self.attended(X, valid_lens)))


class HiddenSize(_Right):
    """The network's hidden layer has not `ffn_num_hiddens` features.

    It has as many inputs and outputs as the block, and `ffn_num_hiddens` features between them.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, d, heads, p)


class HiddenSize__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads, dropout)
        self.ffn = _Network(num_hiddens, num_hiddens)


class NotRegistered(_Right):
    """Parts in a Python list or dictionary are not registered.

    Their parameters are then found neither by the optimizer nor by the state dict. Make every part an attribute.
    """

    def make(self, d, hiddens, heads, p):
        super().make(d, hiddens, heads, p)
        self.norms = [self.addnorm1, self.addnorm2]
        del self.addnorm1, self.addnorm2

    def forward(self, X, valid_lens=None):
        Y = self.norms[0](X, self.look(X, valid_lens))
        return self.norms[1](Y, self.ffn(Y))


class NotRegistered__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads, dropout)
        self.parts = {"one": self.addnorm1.ln, "two": self.addnorm2.ln}
        del self.addnorm1, self.addnorm2

    def first(self, X, valid_lens):
        return self.parts["one"](X + self.drop(self.attended(X, valid_lens)))

    def second(self, X, Y):
        return self.parts["two"](Y + self.drop(self.ffn(Y)))


class DetachedAttention(_Right):
    """What the attention answers is detached.

    Its parameters get no gradient then and are never learned.
    """

    def look(self, X, valid_lens):
        return super().look(X, valid_lens).detach()


class DetachedAttention__rewrite(_Again):
    def attended(self, X, valid_lens):
        with torch.no_grad():
            return super().attended(X, valid_lens)


class ChangesX(_Right):
    """X itself is changed.

    The caller's tensor is overwritten. Make a new tensor: `X + …`, not `X += …`.
    """

    def forward(self, X, valid_lens=None):
        answer = super().forward(X, valid_lens)
        X.data += 1
        return answer


class ChangesX__rewrite(_Again):
    def forward(self, X, valid_lens=None):
        answer = super().forward(X, valid_lens)
        X.data.add_(torch.ones_like(X))
        return answer


class BatchOnAxisOne(_Right):
    """The steps are taken for the batch.

    `nn.MultiheadAttention` has the steps first unless told otherwise. Here X is (batch, steps, num_hiddens).
    """

    def look(self, X, valid_lens):
        if valid_lens is not None:
            return super().look(X, valid_lens)
        X = X.transpose(0, 1)
        return super().look(X, None).transpose(0, 1)


class BatchOnAxisOne__rewrite(_Again):
    def attended(self, X, valid_lens):
        if valid_lens is not None:
            return super().attended(X, valid_lens)
        return super().attended(X.permute(1, 0, 2), None).permute(1, 0, 2)
