"""Ways in which RNNModel goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import copy

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn
from torch.nn import functional as F


class NotTransposed(_Right):
    """The sequences stand where the steps belong.

    A recurrent layer reads (steps, batch, features), and the inputs are (batch, steps). Transpose them first.
    """

    def read(self, inputs):
        return F.one_hot(inputs.long(), self.vocab_size).to(self.linear.weight.dtype)


class NotTransposed__rewrite(_Again):
    wrong = "not transposed"


class ReshapedInsteadOfTransposed(_Right):
    """The axes are exchanged by a reshape.

    A reshape keeps the order in which the numbers stand: pieces of one sequence become steps of others. Use a
    transpose.
    """

    def read(self, inputs):
        return super().read(inputs.reshape(inputs.shape[1], inputs.shape[0]).T)


class ReshapedInsteadOfTransposed__rewrite(_Again):
    def vectors(self, inputs):
        batch, steps = inputs.shape
        found = F.one_hot(inputs.contiguous().long(), self.linear.out_features).to(self.linear.bias.dtype)
        return found.view(steps, batch, self.linear.out_features)


class RowsBySequences(_Right):
    """The rows of the output are ordered by sequences.

    Row t * batch + b belongs to step t: all sequences of the first step come first, as the layer gives them.
    """

    def scores(self, Y):
        return super().scores(Y.transpose(0, 1))


class RowsBySequences__rewrite(_Again):
    def forward(self, inputs, state):
        outputs, last = self.rnn(self.vectors(inputs), state)
        return self.linear(outputs.permute(1, 0, 2)).flatten(0, 1), last


class NotFlattened(_Right):
    """The output has an axis for the steps and one for the batch.

    The stub asks for one row for each of both: (num_steps * batch, vocab_size).
    """

    def scores(self, Y):
        return self.linear(Y)


class NotFlattened__rewrite(_Again):
    def forward(self, inputs, state):
        outputs, last = self.rnn(self.vectors(inputs), state)
        return torch.stack([self.linear(step) for step in outputs]), last


class LastStepOnly(_Right):
    """Only the last step is scored.

    Every step has a next token, and from each of them the model learns.
    """

    def scores(self, Y):
        return self.linear(Y[-1])


class LastStepOnly__rewrite(_Again):
    def forward(self, inputs, state):
        outputs, last = super().forward(inputs, state)
        return outputs[len(outputs) - len(inputs) :], last


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy has a softmax of its own; after two of them hardly any gradient is left.
    """

    def scores(self, Y):
        return super().scores(Y).softmax(dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def forward(self, inputs, state):
        output, last = super().forward(inputs, state)
        return output.exp() / output.exp().sum(-1, keepdim=True), last


class LogSoftmaxAtTheEnd(_Right):
    """The logarithm of the softmax is taken at the end.

    The answer is scores as they come out of the linear layer.
    """

    def scores(self, Y):
        return F.log_softmax(super().scores(Y), dim=-1)


class LogSoftmaxAtTheEnd__rewrite(_Again):
    def forward(self, inputs, state):
        output, last = super().forward(inputs, state)
        return output - output.logsumexp(1, True), last


class OneDirectionScored(_Right):
    """The linear layer is made for one direction.

    A bidirectional layer writes twice `hidden_size` numbers in each step.
    """

    def width(self):
        return self.rnn.hidden_size


class OneDirectionScored__rewrite(_Again):
    wrong = "width"


class DirectionsForgottenInTheState(_Right):
    """The first state has no rows for the second direction.

    Each layer has a state for each of its directions.
    """

    def rows(self):
        return self.rnn.num_layers


class DirectionsForgottenInTheState__rewrite(_Again):
    wrong = "directions"


class LayersForgottenInTheState(_Right):
    """The first state is made for one layer.

    A layer of torch's can be several layers, `num_layers`; each has a state of its own.
    """

    def rows(self):
        return self.directions()


class LayersForgottenInTheState__rewrite(_Again):
    wrong = "layers"


class OneStateForAnLSTM(_Right):
    """The first state of an LSTM is one tensor.

    An LSTM has a hidden state and a cell state: a tuple of two tensors.
    """

    def begin_state(self, device, batch_size=1):
        return self.zeros(device, batch_size)


class OneStateForAnLSTM__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        first = super().begin_state(device, batch_size)
        return first[0] if type(first) is tuple else first


class APairForEveryLayer(_Right):
    """The first state is a tuple for every kind of layer.

    Only an nn.LSTM has two states. nn.RNN and nn.GRU want one tensor.
    """

    def begin_state(self, device, batch_size=1):
        return self.zeros(device, batch_size), self.zeros(device, batch_size)


class APairForEveryLayer__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        first = super().begin_state(device, batch_size)
        return first if isinstance(first, tuple) else (first, torch.zeros_like(first))


class BatchSizeIgnored(_Right):
    """The first state is always made for one sequence.

    Each sequence of the batch has a state of its own: `batch_size` of them.
    """

    def zeros(self, device, batch_size):
        return super().zeros(device, 1)


class BatchSizeIgnored__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        return super().begin_state(device)


class BatchFirstInTheState(_Right):
    """The batch is the first axis of the first state.

    Layers and directions come first: (layers * directions, batch_size, hidden_size).
    """

    def zeros(self, device, batch_size):
        return super().zeros(device, batch_size).transpose(0, 1)


class BatchFirstInTheState__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        shape = (batch_size, self.rnn.num_layers * self.D, self.rnn.hidden_size)
        parts = [torch.zeros(shape, dtype=self.linear.bias.dtype, device=device) for _ in range(2)]
        return tuple(parts) if isinstance(self.rnn, nn.LSTM) else parts[0]


class RandomFirstState(_Right):
    """The first state is random.

    Nothing has been read yet: zeros. A random state makes every prediction a matter of luck.
    """

    def zeros(self, device, batch_size):
        return torch.randn_like(super().zeros(device, batch_size))


class RandomFirstState__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        first = super().begin_state(device, batch_size)
        parts = [torch.randn(tuple(part.shape)).to(part) for part in (first if type(first) is tuple else [first])]
        return tuple(parts) if len(parts) == 2 else parts[0]


class OneTensorTwice(_Right):
    """Both states of an LSTM are the same tensor.

    What is written into one of them, as detach_ and others do in place, happens to the other.
    """

    def begin_state(self, device, batch_size=1):
        first = self.zeros(device, batch_size)
        return (first, first) if isinstance(self.rnn, nn.LSTM) else first


class OneTensorTwice__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        first = super().begin_state(device, batch_size)
        return (first[0],) * 2 if self.rnn.mode == "LSTM" else first


class StateKept(_Right):
    """The first state is made once and given out again and again.

    Whoever changes it changes all first states to come.
    """

    def begin_state(self, device, batch_size=1):
        made = getattr(self, "made", {})
        self.made = made
        if batch_size not in made:
            made[batch_size] = super().begin_state(device, batch_size)
        return made[batch_size]


class StateKept__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        self.first = getattr(self, "first", {})
        return self.first.setdefault(batch_size, super().begin_state(device, batch_size))


class StateNotGiven(_Right):
    """The layer is not given the state.

    Without one it starts from zeros in every minibatch, and forgets what was read before.
    """

    def forward(self, inputs, state):
        Y, state = self.rnn(self.read(inputs))
        return self.scores(Y), state


class StateNotGiven__rewrite(_Again):
    def forward(self, inputs, state):
        return super().forward(inputs, self.begin_state(inputs.device, len(inputs)))


class OldStateReturned(_Right):
    """The state is returned as it was given.

    The layer's second answer is the state after the last step, from which the next minibatch goes on.
    """

    def forward(self, inputs, state):
        Y, _ = self.rnn(self.read(inputs), state)
        return self.scores(Y), state


class OldStateReturned__rewrite(_Again):
    def forward(self, inputs, state):
        return super().forward(inputs, state)[0], state


class StateDetached(_Right):
    """The state is detached inside the model.

    When to cut the graph is the training loop's decision: gradients flow to the state that is given.
    """

    def forward(self, inputs, state):
        state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        return super().forward(inputs, state)


class StateDetached__rewrite(_Again):
    def forward(self, inputs, state):
        parts = [part.data for part in (state if isinstance(state, tuple) else (state,))]
        return super().forward(inputs, tuple(parts) if len(parts) == 2 else parts[0])


class AlwaysFloat32(_Right):
    """The one-hot vectors are float32 whatever the parameters are.

    A float64 model cannot read them. Take the dtype from a parameter.
    """

    def read(self, inputs):
        return super().read(inputs).to(torch.float32)


class AlwaysFloat32__rewrite(_Again):
    wrong = "float32"


class StateAlwaysFloat32(_Right):
    """The first state is float32 whatever the parameters are.

    A float64 model cannot start from it. Take the dtype from a parameter.
    """

    def zeros(self, device, batch_size):
        return torch.zeros(self.rows(), batch_size, self.rnn.hidden_size, device=device)


class StateAlwaysFloat32__rewrite(_Again):
    wrong = "float32 state"


class StateOnTheCpu(_Right):
    """The first state is made on the CPU.

    It is made on the device that is given.
    """

    def zeros(self, device, batch_size):
        return super().zeros("cpu", batch_size)


class StateOnTheCpu__rewrite(_Again):
    def begin_state(self, device, batch_size=1):
        return super().begin_state(torch.device("cpu"), batch_size)


class Int64Only(_Right):
    """Ids of another dtype than int64 are refused.

    F.one_hot wants int64: convert the ids first.
    """

    def read(self, inputs):
        return F.one_hot(inputs.T, self.vocab_size).to(self.linear.weight.dtype)


class Int64Only__rewrite(_Again):
    def vectors(self, inputs):
        if inputs.dtype != torch.int64:
            raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor")
        return super().vectors(inputs)


class LayerCopied(_Right):
    """The layer is copied.

    Whoever has the layer that was given, an optimizer for instance, then trains another one.
    """

    def layer(self, rnn_layer):
        return copy.deepcopy(rnn_layer)


class LayerCopied__rewrite(_Again):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__(rnn_layer, vocab_size)
        self.rnn = type(rnn_layer)(
            rnn_layer.input_size, rnn_layer.hidden_size, rnn_layer.num_layers, bidirectional=rnn_layer.bidirectional
        )
        self.rnn.load_state_dict(rnn_layer.state_dict())


class OtherNames(_Right):
    """The linear layer has another name.

    The stub fixes the names: `rnn` and `linear`.
    """

    def __init__(self, rnn_layer, vocab_size):
        super().__init__(rnn_layer, vocab_size)
        self.output = self.linear
        del self._modules["linear"]
        self.__dict__["linear"] = self.output


class OtherNames__rewrite(_Again):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__(rnn_layer, vocab_size)
        self.dense = self._modules.pop("linear")
        object.__setattr__(self, "linear", self.dense)
