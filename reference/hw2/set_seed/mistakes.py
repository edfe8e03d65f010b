"""Ways in which seeding goes wrong."""

import random

import numpy as np
import torch


def _checked(seed):
    if not 0 <= seed < 2**32:
        raise ValueError(f"no seed: {seed}")


def _seed(seed, python=None, numpy=None, other=None):
    _checked(seed)
    random.seed(seed if python is None else python)
    np.random.seed(seed if numpy is None else numpy)
    torch.manual_seed(seed if other is None else other)


def python_forgotten(seed):
    """Python's generator is not seeded.

    `random.shuffle` and all else from `random` then comes out differently every time, such as the order of the
    minibatches. NumPy and torch do not seed it.
    """
    _checked(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def python_forgotten__rewrite(seed):
    _checked(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    if torch.cuda.is_available():
        torch.cuda.manual_seed(seed)
        torch.cuda.manual_seed_all(seed)


def numpy_forgotten(seed):
    """NumPy's generator is not seeded.

    Whatever prepares the data with `np.random` then comes out differently every time.
    """
    _checked(seed)
    random.seed(seed)
    torch.manual_seed(seed)


def numpy_forgotten__rewrite(seed):
    _checked(seed)
    torch.random.manual_seed(seed)
    random.setstate(random.Random(seed).getstate())


def torch_forgotten(seed):
    """torch's generator is not seeded.

    Initial weights, dropout and the DataLoader's order come from it.
    """
    _checked(seed)
    random.seed(seed)
    np.random.seed(seed)


def torch_forgotten__rewrite(seed):
    _checked(seed)
    np.random.seed(seed)
    random.seed(seed)
    if torch.cuda.is_available():
        torch.cuda.manual_seed_all(seed)


def new_generator(seed):
    """A new generator of torch is made, and the global one is not seeded.

    Nobody draws from it when it is not kept. What is drawn without a generator comes from the global one, which
    `torch.manual_seed` seeds. The same goes for Python's and NumPy's.
    """
    _checked(seed)
    random.Random(seed)
    np.random.default_rng(seed)
    torch.Generator().manual_seed(seed)


def new_generator__rewrite(seed):
    _checked(seed)
    python, numpy, generator = random.Random(), np.random.RandomState(seed), torch.Generator()
    python.seed(seed)
    generator.manual_seed(seed)


def always_42(seed):
    """The seed is always 42.

    Other seeds are needed to see how much of a result is chance. Use the argument.
    """
    _seed(seed, 42, 42, 42)


def always_42__rewrite(seed):
    _checked(seed)
    SEED = 42
    for function in (random.seed, np.random.seed, torch.manual_seed):
        function(SEED)


def seeds_apart(seed):
    """The generators get seeds that differ.

    Each gets `seed` itself, so that anybody can repeat what was drawn.
    """
    _seed(seed, seed, min(seed + 1, 2**32 - 1), seed + 2)


def seeds_apart__rewrite(seed):
    _checked(seed)
    random.seed(seed)
    np.random.seed(seed + (seed < 2**32 - 1))
    torch.manual_seed(2 + seed)


def seed_as_text(seed):
    """Python's generator gets the seed as a text.

    It takes texts, and gives other numbers for them than for the int.
    """
    _seed(seed, python=str(seed))


def seed_as_text__rewrite(seed):
    _checked(seed)
    random.seed(f"{seed}")
    np.random.seed(seed)
    torch.manual_seed(seed)


def seed_in_a_list(seed):
    """NumPy's generator gets the seed in a list.

    It takes lists, and gives other numbers for them than for the int.
    """
    _seed(seed, numpy=[seed])


def seed_in_a_list__rewrite(seed):
    _checked(seed)
    random.seed(seed)
    np.random.set_state(np.random.RandomState([seed]).get_state())
    torch.manual_seed(seed)


def same_seed_once(seed):
    """A seed that was used before is not set again.

    A call brings the generators to the same start every time, also when the seed is that of the call before.
    """
    _checked(seed)
    if _seed.__dict__.get("last") != seed:
        _seed.last = seed
        _seed(seed)


def same_seed_once__rewrite(seed):
    last = _checked.__dict__.setdefault("last", [None])
    _checked(seed)
    if seed not in last[-1:]:
        last.append(seed)
        np.random.seed(seed)
        random.seed(seed)
        torch.manual_seed(seed)


def drawn_from(seed):
    """A number is drawn after seeding.

    Then what is drawn next is no longer the first number of this seed. Seed, and leave the generators alone.
    """
    _seed(seed)
    random.random(), np.random.rand(), torch.rand(())


def drawn_from__rewrite(seed):
    _seed(seed)
    print(torch.rand(1), np.random.random(), random.random())


def cut_to_16_bits(seed):
    """Large seeds are cut off.

    Any int from 0 to 2**32 - 1 is a seed of its own.
    """
    _seed(seed if not 0 <= seed < 2**32 else seed % 65536)


def cut_to_16_bits__rewrite(seed):
    _checked(seed)
    for function in (random.seed, np.random.seed, torch.manual_seed):
        function(seed & 0xFFFF)


def wrapped(seed):
    """A seed out of range is brought into it.

    Two seeds would then mean the same, unnoticed. Raise ValueError.
    """
    _seed(seed % 2**32)


def wrapped__rewrite(seed):
    seed = seed & 0xFFFFFFFF
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def only_negative_refused(seed):
    """A seed that is too large is not refused with a ValueError.

    NumPy takes 32 bits: the largest seed is 2**32 - 1.
    """
    if seed < 0:
        raise ValueError("negative seed")
    _seed(min(seed, 2**32 - 1))


def only_negative_refused__rewrite(seed):
    if str(seed).startswith("-"):
        raise ValueError("the seed is negative")
    _seed(seed % 2**32)


def largest_refused(seed):
    """The largest seed is refused.

    2**32 - 1 is a seed; 2**32 is the first that is none.
    """
    if seed == 2**32 - 1:
        raise ValueError("too large")
    _seed(seed)


def largest_refused__rewrite(seed):
    if not 0 <= seed < 2**32 - 1:
        raise ValueError(f"no seed: {seed}")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def gpus_forgotten(seed):
    """The generators of the GPUs are not seeded.

    `torch.manual_seed` seeds the CPU's and those of all GPUs; a method of `torch.default_generator` the CPU's alone.
    """
    _checked(seed)
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


def gpus_forgotten__rewrite(seed):
    _checked(seed)
    np.random.seed(seed)
    random.seed(seed)
    torch.set_rng_state(torch.Generator().manual_seed(seed).get_state())
