"""Ways in which init_weights goes wrong."""

import torch
from torch import nn


def _linear(module):
    nn.init.xavier_uniform_(module.weight)
    if module.bias is not None:
        nn.init.zeros_(module.bias)


def _embedding(module):
    nn.init.normal_(module.weight, std=0.02)
    if module.padding_idx is not None:
        nn.init.zeros_(module.weight.data[module.padding_idx])


def _start(module, linear=_linear, embedding=_embedding):
    if isinstance(module, nn.Linear):
        linear(module)
    elif isinstance(module, nn.Embedding):
        embedding(module)


def _bound(weight):
    return (6 / sum(weight.shape)) ** 0.5


def _by_hand(module, weight, rows):
    """The same from random numbers: `weight` makes those of a linear layer, `rows` those of an embedding."""
    if isinstance(module, nn.Linear):
        module.weight.data.copy_(weight(module.weight))
        if module.bias is not None:
            module.bias.data.zero_()
    elif isinstance(module, nn.Embedding):
        module.weight.data.copy_(rows(module.weight))
        if module.padding_idx is not None:
            module.weight.data[module.padding_idx] = 0


def _uniform(weight):
    return (torch.rand(weight.shape) * 2 - 1) * _bound(weight)


def _normal(weight):
    return torch.randn(weight.shape) * 0.02


def small_normal_numbers(module):
    """The weights of linear layers are normal with standard deviation 0.01.

    That suits a small network. Xavier's rule makes the width depend on the number of inputs and outputs, and here the
    numbers are uniform.
    """
    _start(module, lambda layer: (_linear(layer), nn.init.normal_(layer.weight, mean=0, std=0.01)))


def small_normal_numbers__rewrite(module):
    _by_hand(module, lambda weight: torch.randn(weight.shape) / 100, _normal)


def xavier_normal(module):
    """The weights of linear layers are normal, not uniform.

    Both have Xavier's variance. Here they are uniform between -a and a.
    """
    _start(module, lambda layer: (_linear(layer), nn.init.xavier_normal_(layer.weight)))


def xavier_normal__rewrite(module):
    _by_hand(module, lambda weight: torch.randn(weight.shape) * (2 / sum(weight.shape)) ** 0.5, _normal)


def only_the_inputs_count(module):
    """The width depends on the number of inputs alone.

    That is Kaiming's rule. Xavier's has the sum of inputs and outputs under the root.
    """
    _start(module, lambda layer: (_linear(layer), nn.init.kaiming_uniform_(layer.weight)))


def only_the_inputs_count__rewrite(module):
    _by_hand(module, lambda weight: (torch.rand(weight.shape) * 2 - 1) * (6 / weight.shape[1]) ** 0.5, _normal)


def twelve_instead_of_six(module):
    """The bound is too large by the root of two.

    `a` is the root of 6 / (inputs + outputs). With the mean of both numbers instead of their sum it gets larger, and
    with a gain for a relu too.
    """
    _start(module, lambda layer: (_linear(layer), nn.init.xavier_uniform_(layer.weight, gain=2**0.5)))


def twelve_instead_of_six__rewrite(module):
    _by_hand(module, lambda weight: _uniform(weight) * 2**0.5, _normal)


def standard_deviation_for_the_bound(module):
    """The numbers are too small: the standard deviation was taken for the bound.

    Uniform numbers between -a and a have the standard deviation a / √3. The root of 2 / (inputs + outputs) is that of
    Xavier's rule, and a is the root of 6 / (inputs + outputs).
    """
    _by_hand(module, lambda weight: _uniform(weight) / 3**0.5, _normal)


def standard_deviation_for_the_bound__rewrite(module):
    def linear(layer):
        _linear(layer)
        bound = (2 / (layer.in_features + layer.out_features)) ** 0.5
        nn.init.uniform_(layer.weight, -bound, bound)

    _start(module, linear)


def from_zero(module):
    """The weights of linear layers are never negative.

    `torch.rand` gives numbers from 0 to 1. They have to be moved, so that they lie between -a and a.
    """
    _by_hand(module, lambda weight: torch.rand(weight.shape) * _bound(weight), _normal)


def from_zero__rewrite(module):
    _start(module, lambda layer: (_linear(layer), layer.weight.data.abs_()))


def constant(module):
    """All weights of a linear layer are equal.

    Then all its units compute the same and stay the same for ever. Draw random numbers.
    """
    _start(module, lambda layer: (_linear(layer), nn.init.constant_(layer.weight, 0.05)))


def constant__rewrite(module):
    _by_hand(module, lambda weight: torch.full(weight.shape, 0.1), _normal)


def rows_alike(module):
    """All units of a linear layer get the same weights.

    One row is drawn and repeated. Then the units compute the same and stay the same for ever: draw each number.
    """
    _by_hand(module, lambda weight: _uniform(weight)[:1].expand(weight.shape), _normal)


def rows_alike__rewrite(module):
    _start(module, lambda layer: (_linear(layer), layer.weight.data.copy_(layer.weight.data[0].clone())))


def linear_layers_left_alone(module):
    """The weights of linear layers stay what they were.

    Functions whose names have no underscore at the end, and `x = x * 2`, make new tensors. The layer keeps its old one
    unless you write into it.
    """

    def linear(layer):
        weight = torch.empty_like(layer.weight)
        nn.init.xavier_uniform_(weight)
        if layer.bias is not None:
            layer.bias.data.zero_()

    _start(module, linear)


def linear_layers_left_alone__rewrite(module):
    _by_hand(module, lambda weight: weight, _normal)


def embeddings_left_alone(module):
    """Embeddings stay what they were.

    They start with standard deviation 1, which is fifty times what is asked for.
    """
    if isinstance(module, nn.Linear):
        _linear(module)


def embeddings_left_alone__rewrite(module):
    _by_hand(module, _uniform, lambda weight: weight.clone())


def embeddings_like_linear_layers(module):
    """An embedding is filled as a linear layer is.

    Its rows are looked up, not multiplied by inputs that add up. It gets normal numbers with standard deviation 0.02.
    """
    _start(module, embedding=lambda layer: (nn.init.xavier_uniform_(layer.weight), _clear(layer)))


def embeddings_like_linear_layers__rewrite(module):
    _by_hand(module, _uniform, _uniform)


def _clear(layer):
    if layer.padding_idx is not None:
        layer.weight.data[layer.padding_idx] = 0


def embeddings_too_wide(module):
    """An embedding has standard deviation 1.

    Its numbers are normal, but 0.02 wide.
    """
    _start(module, embedding=lambda layer: (nn.init.normal_(layer.weight), _clear(layer)))


def embeddings_too_wide__rewrite(module):
    _by_hand(module, _uniform, lambda weight: torch.randn(weight.shape))


def variance_for_the_deviation(module):
    """An embedding has variance 0.02, not standard deviation 0.02.

    `normal_` and a factor of `torch.randn` take the standard deviation as it is.
    """
    _start(module, embedding=lambda layer: (nn.init.normal_(layer.weight, std=0.02**0.5), _clear(layer)))


def variance_for_the_deviation__rewrite(module):
    _by_hand(module, _uniform, lambda weight: torch.randn(weight.shape).mul(0.02**0.5))


def padding_row_filled(module):
    """The row of the padding gets random numbers.

    An embedding made with a padding_idx has zeros there, so that padding adds nothing, and its row never learns.
    Filling the whole table overwrites them for good: put them back.
    """
    _start(module, embedding=lambda layer: nn.init.normal_(layer.weight, std=0.02))


def padding_row_filled__rewrite(module):
    if isinstance(module, nn.Embedding):
        module.weight.data.copy_(_normal(module.weight))
    else:
        _by_hand(module, _uniform, _normal)


def first_row_cleared(module):
    """Row 0 of an embedding is set to 0, whatever its padding is.

    Not every embedding has a padding, and it need not be row 0: ask `padding_idx`, which may be None.
    """

    def embedding(layer):
        nn.init.normal_(layer.weight, std=0.02)
        nn.init.zeros_(layer.weight.data[0])

    _start(module, embedding=embedding)


def first_row_cleared__rewrite(module):
    def rows(weight):
        table = _normal(weight)
        table[0] = 0
        return table

    if isinstance(module, nn.Embedding):
        module.weight.data.copy_(rows(module.weight))
    else:
        _by_hand(module, _uniform, rows)


def padding_zero_not_seen(module):
    """A padding in row 0 is not seen.

    `if module.padding_idx` is false for None and for 0. Ask whether it `is not None`.
    """

    def embedding(layer):
        nn.init.normal_(layer.weight, std=0.02)
        if layer.padding_idx:
            nn.init.zeros_(layer.weight.data[layer.padding_idx])

    _start(module, embedding=embedding)


def padding_zero_not_seen__rewrite(module):
    if isinstance(module, nn.Embedding):
        table = _normal(module.weight)
        if (module.padding_idx or 0) > 0:
            table[module.padding_idx] = 0
        module.weight.data.copy_(table)
    else:
        _by_hand(module, _uniform, _normal)


def bias_left_alone(module):
    """The bias of linear layers stays what it was.

    It starts with small random numbers of torch's; here it becomes 0.
    """
    _start(module, lambda layer: nn.init.xavier_uniform_(layer.weight))


def bias_left_alone__rewrite(module):
    if isinstance(module, nn.Linear):
        module.weight.data.copy_(_uniform(module.weight))
    else:
        _by_hand(module, _uniform, _normal)


def bias_not_zero(module):
    """The bias starts with a small number that is not 0.

    That is a habit from other networks. Here it becomes 0.
    """

    def linear(layer):
        _linear(layer)
        if layer.bias is not None:
            nn.init.constant_(layer.bias, 0.01)

    _start(module, linear)


def bias_not_zero__rewrite(module):
    _by_hand(module, _uniform, _normal)
    if isinstance(module, nn.Linear) and module.bias is not None:
        module.bias.data += 0.1


def fails_without_a_bias(module):
    """A linear layer without a bias is an error.

    Its bias is None, which cannot be filled. Ask first.
    """

    def linear(layer):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)

    _start(module, linear)


def fails_without_a_bias__rewrite(module):
    if isinstance(module, nn.Linear):
        module.weight.data.copy_(_uniform(module.weight))
        module.bias.data *= 0
    else:
        _by_hand(module, _uniform, _normal)


def exact_classes_only(module):
    """A layer that derives from nn.Linear or nn.Embedding is left as it is.

    `type(module) == nn.Linear` is false for it. Use isinstance.
    """
    if type(module) in (nn.Linear, nn.Embedding):
        _start(module)


def exact_classes_only__rewrite(module):
    if module.__class__.__name__ in ("Linear", "Embedding"):
        _by_hand(module, _uniform, _normal)


def whatever_has_a_weight(module):
    """Every module that has a weight is filled.

    A normalization starts with weights of 1, a convolution with a rule of its own. Only the layers that the stub names
    are filled.
    """
    if isinstance(module, (nn.Linear, nn.Embedding)):
        _start(module)
    elif isinstance(getattr(module, "weight", None), nn.Parameter):
        nn.init.normal_(module.weight, std=0.02)


def whatever_has_a_weight__rewrite(module):
    _by_hand(module, _uniform, _normal)
    if type(module) in (nn.LayerNorm, nn.BatchNorm1d, nn.Conv1d, nn.Bilinear):
        module.weight.data.uniform_(-0.1, 0.1)


def every_parameter(module):
    """Every parameter of every module is filled.

    A normalization starts with weights of 1, a recurrent layer with a rule of its own. Only the layers that the stub
    names are filled.
    """
    _start(module)
    if not isinstance(module, (nn.Linear, nn.Embedding)):
        for parameter in module.parameters(recurse=False):
            nn.init.normal_(parameter, std=0.02)


def every_parameter__rewrite(module):
    _by_hand(module, _uniform, _normal)
    if not list(module.children()) and not isinstance(module, (nn.Linear, nn.Embedding)):
        for parameter in module.parameters():
            parameter.data.uniform_(-0.1, 0.1)


def seeded(module):
    """The function seeds the generator.

    Then every layer of one shape starts with the same numbers, whatever seed the experiment has. Who wants to repeat an
    experiment seeds once, outside.
    """
    torch.manual_seed(0)
    _start(module)


def seeded__rewrite(module):
    _by_hand(
        module,
        lambda weight: (torch.rand(weight.shape, generator=torch.Generator().manual_seed(1)) * 2 - 1) * _bound(weight),
        lambda weight: torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)) * 0.02,
    )


def new_parameters(module):
    """The parameters are replaced by new ones.

    An optimizer, or a layer that shares the weight, still holds the old one. Fill the numbers in place.
    """
    if isinstance(module, nn.Linear):
        module.weight = nn.Parameter(_uniform(module.weight))
        if module.bias is not None:
            module.bias = nn.Parameter(torch.zeros(len(module.bias)))
    elif isinstance(module, nn.Embedding):
        module.weight = nn.Parameter(_normal(module.weight))
        _clear(module)


def new_parameters__rewrite(module):
    for name, parameter in list(module.named_parameters(recurse=False)):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            setattr(module, name, nn.Parameter(parameter.detach().clone()))
    _start(module)


def frozen(module):
    """The parameters do not require a gradient any more.

    `requires_grad_(False)` lets you write into them, but then they do not learn. Write in a `torch.no_grad()` block.
    """
    if isinstance(module, (nn.Linear, nn.Embedding)):
        module.requires_grad_(False)
    _start(module)


def frozen__rewrite(module):
    _by_hand(module, _uniform, _normal)
    if isinstance(module, (nn.Linear, nn.Embedding)):
        for parameter in module.parameters():
            parameter.requires_grad = False


def only_the_children(module):
    """The function starts the children of what it is given, not the module itself.

    `net.apply` comes to every module by itself. A layer that is no child of another module, because it is the whole
    network, would be missed.
    """
    for child in module.children():
        _start(child)


def only_the_children__rewrite(module):
    for name in dict(module.named_children()):
        _by_hand(getattr(module, name), _uniform, _normal)
