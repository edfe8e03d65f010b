"""Ways in which the attention of AttnDecoderRNN goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import math

import torch
from pieces import Again as _Again
from pieces import Right as _Right


class NoMask(_Right):
    """Padding gets attention.

    The steps at and beyond the valid length hold nothing that was said: their weights are 0.
    """

    def normalise(self, scores, lengths):
        return torch.softmax(scores, dim=1)


class NoMask__rewrite(_Again):
    def share(self, scores, valid):
        return super().share(scores, torch.ones_like(valid))


class OneStepTooMany(_Right):
    """One step too many gets attention.

    Steps are counted from 0, so a length of n has the steps 0 to n - 1.
    """

    def padding(self, scores, lengths):
        return torch.arange(scores.shape[1], device=scores.device) > lengths[:, None]


class OneStepTooMany__rewrite(_Again):
    def valid(self, outputs, lengths):
        return super().valid(outputs, None if lengths is None else lengths + 1)


class MaskInverted(_Right):
    """The mask is the wrong way round: only padding gets attention.

    Fill the scores where the step is at or beyond the length.
    """

    def padding(self, scores, lengths):
        found = super().padding(scores, lengths)
        return torch.where(found.all(1, keepdim=True) | ~found.any(1, keepdim=True), found, ~found)


class MaskInverted__rewrite(_Again):
    def valid(self, outputs, lengths):
        valid = super().valid(outputs, lengths)
        full = valid.all(1, keepdim=True)
        return valid == full


class MaskedAfterTheSoftmax(_Right):
    """The weights of padding are set to 0 after the softmax.

    What is left no longer adds up to 1. Fill the scores before the softmax.
    """

    def normalise(self, scores, lengths):
        weights = torch.softmax(scores, dim=1)
        return weights if lengths is None else weights.masked_fill(self.padding(scores, lengths), 0)


class MaskedAfterTheSoftmax__rewrite(_Again):
    def share(self, scores, valid):
        return scores.softmax(1) * valid.to(scores.dtype)


class ScoresMaskedWithZero(_Right):
    """The scores of padding are set to 0.

    The exponential of 0 is 1, which is no small weight. Fill in minus infinity.
    """

    def normalise(self, scores, lengths):
        filled = scores if lengths is None else scores.masked_fill(self.padding(scores, lengths), 0)
        return torch.softmax(filled, dim=1)


class ScoresMaskedWithZero__rewrite(_Again):
    def share(self, scores, valid):
        return (scores * valid).softmax(1)


class SoftmaxOverTheBatch(_Right):
    """The softmax is taken over the batch.

    Every sentence shares one unit of attention among its own steps.
    """

    def normalise(self, scores, lengths):
        weights = torch.softmax(scores, dim=0)
        return weights if lengths is None else weights.masked_fill(self.padding(scores, lengths), 0)


class SoftmaxOverTheBatch__rewrite(_Again):
    def share(self, scores, valid):
        return (scores - scores.logsumexp(0)).exp() * valid


class NoSoftmax(_Right):
    """No softmax is taken of the scores.

    Weights lie between 0 and 1 and add up to 1.
    """

    def normalise(self, scores, lengths):
        return scores if lengths is None else scores.masked_fill(self.padding(scores, lengths), 0)


class NoSoftmax__rewrite(_Again):
    def share(self, scores, valid):
        return scores * valid


class NoTanh(_Right):
    """The hyperbolic tangent is missing.

    Without it the query adds the same number to all scores of a sentence, which a softmax does not see.
    """

    def similar(self, queries, keys):
        return self.w_v(queries + keys).squeeze(-1)


class NoTanh__rewrite(_Again):
    def compare(self, asked, outputs):
        return (self.W_q(asked).unsqueeze(1) + self.W_k(outputs)) @ self.w_v.weight[0]


class Relu(_Right):
    """A ReLU stands where the hyperbolic tangent is wanted.

    The score is w_v(tanh(...)).
    """

    def similar(self, queries, keys):
        return self.w_v(torch.relu(queries + keys)).squeeze(-1)


class Relu__rewrite(_Again):
    def compare(self, asked, outputs):
        return (self.W_q(asked).unsqueeze(1) + self.W_k(outputs)).clamp(min=0) @ self.w_v.weight[0]


class Scaled(_Right):
    """The scores are divided by the root of their size.

    That is for dot products. Additive scores are not scaled.
    """

    def similar(self, queries, keys):
        return super().similar(queries, keys) / math.sqrt(keys.shape[-1])


class Scaled__rewrite(_Again):
    def compare(self, asked, outputs):
        return super().compare(asked, outputs) * outputs.shape[2] ** -0.5


class QueryOfTheFirstLayer(_Right):
    """The query is the state of the first layer.

    It is that of the last layer, the one at -1.
    """

    def query(self, hidden, first):
        return hidden[0]


class QueryOfTheFirstLayer__rewrite(_Again):
    def asks(self, hidden):
        return next(iter(hidden))


class QueryForEver(_Right):
    """The query is the first hidden state at every step.

    What the decoder looks for changes with what it has written: take the hidden state as it is before each step.
    """

    def query(self, hidden, first):
        return first[-1]


class QueryForEver__rewrite(_Again):
    def forward(self, X, state):
        self.asked = state[1][-1]
        return super().forward(X, state)

    def asks(self, hidden):
        return self.asked


class ProjectionsSwapped(_Right):
    """W_q is used for the keys and W_k for the query.

    The query is projected by W_q, the encoder's outputs by W_k.
    """

    def look(self, query, outputs, lengths):
        scores = self.similar(self.W_k(query).unsqueeze(1), self.W_q(outputs))
        weights = self.normalise(scores, lengths)
        return weights, torch.bmm(weights.unsqueeze(1), outputs).squeeze(1)


class ProjectionsSwapped__rewrite(_Again):
    def compare(self, asked, outputs):
        mixed = asked @ self.W_k.weight.T
        return self.w_v(torch.tanh(mixed[:, None] + outputs @ self.W_q.weight.T))[:, :, 0]


class KeysForValues(_Right):
    """The projected outputs are added up instead of the outputs themselves.

    W_k is for the scores alone.
    """

    def look(self, query, outputs, lengths):
        weights, _ = super().look(query, outputs, lengths)
        return weights, torch.bmm(weights.unsqueeze(1), self.W_k(outputs)).squeeze(1)


class KeysForValues__rewrite(_Again):
    def context(self, weights, outputs):
        return self.W_k((weights.unsqueeze(2) * outputs).sum(1))


class StepsOnTheCpu(_Right):
    """The numbers of the steps are made on the CPU.

    Without an argument device, torch.arange makes a CPU tensor. Create it on the device of what is masked.
    """

    def padding(self, scores, lengths):
        return torch.arange(scores.shape[1]) >= lengths[:, None]


class StepsOnTheCpu__rewrite(_Again):
    def valid(self, outputs, lengths):
        steps = torch.tensor([list(range(outputs.shape[1]))])
        return super().valid(outputs, lengths) if lengths is None else steps < lengths[:, None]


class OutputsOutOfTheGraph(_Right):
    """The encoder's outputs are detached, so the encoder learns nothing from the attention.

    The gradient of the loss reaches it through them.
    """

    def init_state(self, enc_outputs, enc_valid_lens=None):
        outputs, hidden, lengths = super().init_state(enc_outputs, enc_valid_lens)
        return outputs.detach(), hidden, lengths


class OutputsOutOfTheGraph__rewrite(_Right):
    def init_state(self, enc_outputs, enc_valid_lens=None):
        with torch.no_grad():
            rows = torch.stack(enc_outputs[0].unbind(0), 1)
        return [rows, enc_outputs[1], enc_valid_lens]


class WeightsOutOfTheGraph(_Right):
    """The attention weights are detached, so the attention never learns.

    Keep a detached copy if you like; the context needs the weights in the graph.
    """

    def normalise(self, scores, lengths):
        return super().normalise(scores, lengths).detach()


class WeightsOutOfTheGraph__rewrite(_Again):
    def context(self, weights, outputs):
        return super().context(weights.data, outputs)
