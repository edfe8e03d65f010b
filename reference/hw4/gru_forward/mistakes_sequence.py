"""Ways in which reading a sequence goes wrong: the state between the steps, and the answer."""

import torch
from common.sequences import read as _read
from common.sequences import run as _run
from common.sequences import unrolled as _unrolled
from parts import fused as _fused
from parts import step as _step


def state_not_carried(inputs, state, params):
    """Every step starts from the given state.

    Then the steps know nothing of each other. What a step makes of the state is where the next one starts.
    """
    outputs = []
    for X in inputs:
        new = _step(X, state, params)
        outputs.append(_read(new[0], params))
    return torch.cat(outputs), new


def state_not_carried__rewrite(inputs, state, params):
    steps = [_fused(X, tuple(state), params) for X in inputs.unbind()]
    return _read(torch.cat([new[0] for new in steps]), params), steps[-1]


def given_state_ignored(inputs, state, params):
    """The given state is not used.

    A text that is read in pieces goes on where the last piece ended, so start from the state that is given, not from
    zeros.
    """
    return _run(inputs, tuple(torch.zeros_like(part) for part in state), params)


def given_state_ignored__rewrite(inputs, state, params):
    start = [inputs.new_zeros(inputs.shape[1], params[1].shape[0]) for _ in state]
    return _unrolled(inputs, start, params)


def detached_every_step(inputs, state, params):
    """The state is detached in every step.

    No gradient reaches an earlier step then, and the network cannot learn what to remember. It is between the pieces of
    a text that a training loop detaches the state, not inside.
    """
    return _run(
        inputs, state, params, step=lambda X, state, params: _step(X, tuple(part.detach() for part in state), params)
    )


def detached_every_step__rewrite(inputs, state, params):
    def step(X, state, params):
        return _fused(X, [torch.empty_like(part).copy_(part.data) for part in state], params)

    return _unrolled(inputs, state, params, step=step)


def given_state_detached(inputs, state, params):
    """The given state is detached.

    Whoever calls the function decides whether gradients flow back to the state; an encoder in front of a decoder needs
    them.
    """
    return _run(inputs, tuple(part.detach() for part in state), params)


def given_state_detached__rewrite(inputs, state, params):
    return _unrolled(inputs, [part.data.clone() for part in state], params)


def cut_off(inputs, state, params):
    """The answer is cut off from the graph.

    It is computed without recording, or through `.data`. Nothing could be trained with it.
    """
    with torch.no_grad():
        return _run(inputs, state, params)


def cut_off__rewrite(inputs, state, params):
    outputs, new = _unrolled(inputs, state, params)
    return outputs.detach(), tuple(part.detach() for part in new)


def outputs_stacked(inputs, state, params):
    """The outputs have three axes.

    `stack` makes a new axis for the steps. Here the rows of all steps stand below each other on one axis.
    """
    return _run(inputs, state, params, join=torch.stack)


def outputs_stacked__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, rows=lambda outputs: outputs)


def outputs_side_by_side(inputs, state, params):
    """The outputs of the steps stand side by side.

    They are concatenated on the last axis. Rows are put below each other on axis 0.
    """
    return _run(inputs, state, params, join=lambda outputs: torch.cat(outputs, dim=1))


def outputs_side_by_side__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, rows=lambda outputs: outputs.movedim(0, 1).flatten(1))


def rows_by_sequence(inputs, state, params):
    """The rows are ordered by sequence, not by step.

    All steps of the first sequence come first then. Here the outputs of all sequences at the first step come first, as
    a concatenation on axis 0 gives them.
    """
    return _run(inputs, state, params, join=lambda outputs: torch.stack(outputs, dim=1).flatten(0, 1))


def rows_by_sequence__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, rows=lambda outputs: outputs.transpose(0, 1).reshape(-1, outputs.shape[-1]))


def last_output_only(inputs, state, params):
    """Only the outputs of the last step are returned.

    Every step has an output; keep them in a list.
    """
    return _run(inputs, state, params, join=lambda outputs: outputs[-1])


def last_output_only__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, rows=lambda outputs: outputs[len(outputs) - 1])


def list_of_outputs(inputs, state, params):
    """The outputs are a list.

    They are one tensor, with the rows of all steps below each other.
    """
    return _run(inputs, state, params, join=list)


def list_of_outputs__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, rows=lambda outputs: [*outputs.unbind(0)])


def state_of_the_beginning(inputs, state, params):
    """The state that is returned is the given one.

    Return the one after the last step: the caller goes on with it.
    """
    outputs, _ = _run(inputs, state, params)
    return outputs, tuple(part.clone() for part in state)


def state_of_the_beginning__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params)[0], (*(part + 0 for part in state),)


def state_not_a_tuple(inputs, state, params):
    """The state that is returned is no tuple.

    It has the form of the one that is given, so that it can be given again: a tuple, also when it has one part.
    """
    return _run(inputs, state, params, answer=lambda outputs, state: (outputs, state[0]))


def state_not_a_tuple__rewrite(inputs, state, params):
    outputs, (H, *_) = _unrolled(inputs, state, params)
    return outputs, H


def nothing_but_outputs(inputs, state, params):
    """The state is not returned.

    The caller needs it to go on with the next piece of the text.
    """
    return _run(inputs, state, params)[0]


def nothing_but_outputs__rewrite(inputs, state, params):
    outputs, _ = _unrolled(inputs, state, params)
    return outputs


def hidden_states_returned(inputs, state, params):
    """The hidden states are returned for the outputs.

    An output is made of the hidden state by one more product and bias.
    """
    return _run(inputs, state, params, read=lambda H, params: H)


def hidden_states_returned__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, read=lambda H, params: 1 * H)


def output_bias_missing(inputs, state, params):
    """The outputs lack their bias.

    The last of the parameters is added to every output.
    """
    return _run(inputs, state, params, read=lambda H, params: H @ params[-2])


def output_bias_missing__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, read=lambda H, params: torch.einsum("tbh,hq->tbq", H, params[-2]))


def output_of_the_state_before(inputs, state, params):
    """The output is made of the state before the step.

    Then it does not know the input of its step. Make the new state first, and the output of it.
    """
    outputs = []
    for X in inputs:
        outputs.append(_read(state[0], params))
        state = _step(X, state, params)
    return torch.cat(outputs), state


def output_of_the_state_before__rewrite(inputs, state, params):
    _, last = _unrolled(inputs, state, params)
    before = [tuple(state)]
    for X in inputs[:-1]:
        before.append(_fused(X, before[-1], params))
    return torch.cat([part[0] for part in before]) @ params[-2] + params[-1], last


def probabilities_returned(inputs, state, params):
    """The outputs went through a softmax.

    The loss has the softmax in it; the outputs are the plain sums.
    """
    return _run(inputs, state, params, read=lambda H, params: torch.softmax(_read(H, params), dim=1))


def probabilities_returned__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, read=lambda H, params: _read(H, params).softmax(-1))


def read_backwards(inputs, state, params):
    """The steps are read from the last to the first.

    The first axis counts the steps, in their order.
    """
    return _run(inputs.flip(0), state, params)


def read_backwards__rewrite(inputs, state, params):
    return _unrolled(torch.stack(list(inputs)[::-1]), state, params)


def steps_on_the_second_axis(inputs, state, params):
    """The second axis is taken for the steps.

    It is the batch. The first axis counts the steps, so that a loop over the tensor goes through them.
    """
    return _run(inputs.transpose(0, 1), state, params)


def steps_on_the_second_axis__rewrite(inputs, state, params):
    outputs = []
    for X in inputs.unbind(dim=1):
        state = _step(X, state, params)
        outputs += [_read(state[0], params)]
    return torch.cat(outputs), tuple(state)


def given_state_overwritten(inputs, state, params):
    """The given state is written over.

    `H[:] = …`, `H.copy_(…)` or `H += …` change the caller's tensor, who may want to read another text from the same
    state. Give the new state the name, not the memory, of the old one.
    """
    outputs, new = _run(inputs, tuple(part.clone() for part in state), params)
    for part, last in zip(state, new):
        part.data[:] = last.data
    return outputs, new


def given_state_overwritten__rewrite(inputs, state, params):
    outputs, new = _unrolled(inputs, [part + 0 for part in state], params)
    with torch.no_grad():
        for part, last in zip(state, new):
            part.copy_(last)
    return outputs, new


def list_used_up(inputs, state, params):
    """The list of the parameters is used up.

    `pop` takes them out of the caller's list, who has none left for the next call. Unpack it.
    """
    params = params if isinstance(params, list) else list(params)
    return _run(inputs, state, [params.pop(0) for _ in range(len(params))])


def list_used_up__rewrite(inputs, state, params):
    kept = [*params]
    if isinstance(params, list):
        del params[:3]
    return _unrolled(inputs, state, kept)


def single_precision(inputs, state, params):
    """Everything is computed in single precision.

    The answer has the dtype of the arguments. A tensor that is made by `torch.zeros(…)` or `.float()` is float32
    whatever they are.
    """
    return _run(inputs.float(), tuple(part.float() for part in state), [param.float() for param in params])


def single_precision__rewrite(inputs, state, params):
    narrow = [param.to(torch.float32) for param in params]
    return _unrolled(inputs.to(torch.float32), [part.type(torch.float32) for part in state], narrow)


def on_the_cpu(inputs, state, params):
    """A tensor is made on the CPU.

    It cannot be combined with arguments on an accelerator. Make it where they are: `inputs.new_zeros(…)`.
    """
    zeros = torch.zeros(state[0].shape, dtype=inputs.dtype)
    return _run(inputs, tuple(part + zeros for part in state), params)


def on_the_cpu__rewrite(inputs, state, params):
    hidden = torch.empty(len(inputs), *state[0].shape, dtype=inputs.dtype, device="cpu")
    outputs, new = _unrolled(inputs, state, params)
    return outputs + hidden.zero_().sum((1, 2)).repeat_interleave(len(state[0]))[:, None], new


def one_sequence_after_another(inputs, state, params):
    """The sequences are read one after another.

    All sequences of a batch take a step at once: a matrix product does it for all rows.
    """
    if inputs.shape[1] == 0:
        return _run(inputs, state, params)
    found = [
        _run(inputs[:, i : i + 1], tuple(part[i : i + 1] for part in state), params) for i in range(inputs.shape[1])
    ]
    outputs = torch.stack([outputs for outputs, _ in found], dim=1).flatten(0, 1)
    return outputs, tuple(torch.cat(parts) for parts in zip(*(new for _, new in found)))


def one_sequence_after_another__rewrite(inputs, state, params):
    def rows(X, state, params):
        parts = list(zip(X.split(1), *(part.split(1) for part in state))) if len(X) else [(X, *state)]
        steps = [_fused(x, tuple(old), params) for x, *old in parts]
        return tuple(map(torch.cat, zip(*steps)))

    return _unrolled(inputs, state, params, step=rows)
