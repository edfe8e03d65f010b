# %% [markdown]
# # Data
#
# A training loop asks for minibatches: some samples and their labels, in an order that is another one in every epoch,
# until all have been seen. Three parts provide them. A *data set* knows how many samples there are and gives the one
# with a number. An *iterator* chooses which numbers come together. A *collate function* makes one tensor of the samples
# that were chosen.

# %%
import torch
from torch.utils.data import Dataset

# %% [markdown]
# ## PairDataset
#
# Whatever has `__len__` and `__getitem__` is a data set of PyTorch's kind, and a `DataLoader` does the rest. Two habits
# belong to Python's sequences: negative numbers count from the end, and a number beyond the end raises `IndexError`.
# The second one is how a `for` loop knows that it is done.


# %%
class PairDataset(Dataset):
    """Samples and their labels, one pair for each index.

    Args:
        features: the samples, a tensor whose first axis counts them, or a list.
        labels: their labels, as many, a tensor or a list too.
        transform: a function that is applied to a sample whenever it is asked for, and never to a label. None leaves
            samples as they are.

    `len(dataset)` is the number of pairs. `dataset[i]` is a tuple of the sample with number i and its label. A negative
    index counts from the end, and one that no pair has raises IndexError, below as well as above. So a `for` loop over
    the data set ends after the last pair, and a DataLoader can make batches of it.

    The data are neither changed nor copied when the data set is made, and no sample is transformed before it is asked
    for.

    Raises:
        ValueError: there are not as many labels as samples. The message says how many labels there are.

    Example:
        >>> dataset = PairDataset(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([7, 8]), lambda x: x / 2)
        >>> len(dataset), dataset[-1]
        (2, (tensor([1.5000, 2.0000]), tensor(8)))
        >>> [label.item() for _, label in dataset]
        [7, 8]

    Source: PyTorch documentation, torch.utils.data, section "Map-style datasets".
    """

    def __init__(self, features, labels, transform=None):
        raise NotImplementedError("your code here")

    def __len__(self):
        """The number of pairs."""
        raise NotImplementedError("your code here")

    def __getitem__(self, index):
        """The pair with this number, as a tuple (sample, label)."""
        raise NotImplementedError("your code here")


# %% [markdown]
# ## data_iter
#
# A minibatch gradient is an estimate of the gradient of the whole data, and a good one only if the batch is a random
# sample. Data often come sorted, by class or by date. So the *samples* are shuffled, every epoch anew: cutting the data
# into batches first and shuffling those leaves sorted neighbours together for ever.
#
# What is random must be repeatable. The order comes from a generator that the caller can seed and hand over.


# %%
def data_iter(batch_size, features, labels, generator=None):
    """Goes through the data once, in shuffled minibatches.

    Args:
        batch_size: the number of samples in a batch, 1 or more. The last batch has those that are left over, and none
            is dropped.
        features: the samples, a tensor of shape (N, ...), of any dtype.
        labels: their labels, a tensor of shape (N, ...).
        generator: a torch.Generator on the CPU, from which the order is drawn. None stands for torch's global
            generator. Nothing else that is random is used: neither Python's generator nor NumPy's.

    Returns:
        An iterator over tuples (X, y): the samples of a batch, shape (batch, ...), and their labels in the same order,
        new tensors on the device and with the dtype of the data. Every sample comes exactly once, together with its own
        label. No samples give no batches.

    Every order of the samples is equally likely, and every call draws a new one: two epochs with one generator have
    different orders. The same state of the generator gives the same order. The data are not changed.

    Raises:
        ValueError: `batch_size` is less than 1, or there are not as many labels as samples. Whether it is raised by the
            call or with the first batch is left to you.

    Example:
        >>> features, labels = torch.arange(10).reshape(5, 2), torch.arange(5)
        >>> batches = list(data_iter(2, features, labels, torch.Generator().manual_seed(0)))
        >>> [X.shape for X, y in batches]
        [torch.Size([2, 2]), torch.Size([2, 2]), torch.Size([1, 2])]
        >>> all(torch.equal(X[:, 0], 2 * y) for X, y in batches)
        True
        >>> sorted(torch.cat([y for X, y in batches]).tolist())
        [0, 1, 2, 3, 4]

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 3.3, Synthetic Regression Data.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## pad_collate
#
# Sentences, songs and proteins have different lengths, and a tensor has none. So the samples of a batch are filled up
# to the longest of them. A number that fills is no data, and only the lengths tell the two apart later: a mean over the
# batch, a mask, the last step of a recurrent network all need them.


# %%
def pad_collate(batch, value=0):
    """Makes one padded batch of sequences of different lengths: a `collate_fn` for a DataLoader.

    Args:
        batch: a list of pairs (sequence, label), at least one. A sequence is a tensor of shape (length, ...): the first
            axis counts its steps, and any further axes are the same for all. A length may be 0. All sequences have one
            dtype, of any kind, and lie on one device. The labels are Python numbers, or tensors of one shape.
        value: what stands behind the end of a sequence, any number that its dtype holds.

    Returns:
        A tuple (X, lengths, y). X has the shape (batch, longest length, ...), and the dtype and the device of the
        sequences: row i holds sequence i from its first step on, then `value`. It is as long as the longest sequence of
        this batch, and no longer. `lengths` has the shape (batch,) and the dtype int64, on the device of the sequences.
        y holds the labels along a new first axis: tensors keep their dtype and device, ints become int64 and floats float32
        on the device of the sequences.
        The samples keep their order.

    The tensors are new, also when the batch is a single sequence: what is written into them reaches no sample. No
    argument is changed.

    Raises:
        ValueError: the batch is empty.

    Example:
        >>> X, lengths, y = pad_collate([(torch.tensor([1, 2, 3]), 0), (torch.tensor([4]), 1)], value=-1)
        >>> X
        tensor([[ 1,  2,  3],
                [ 4, -1, -1]])
        >>> lengths, y
        (tensor([3, 1]), tensor([0, 1]))

    Source: PyTorch documentation, torch.utils.data, section "Working with collate_fn".
    """
    raise NotImplementedError("your code here")
