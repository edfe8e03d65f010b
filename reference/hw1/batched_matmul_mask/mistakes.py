"""Ways in which batched_matmul_mask goes wrong."""

import torch


def inverted_mask(A, B, mask, value=0.0):
    """The mask is the wrong way round.

    True keeps the product. `masked_fill` fills where its mask is True: it wants the opposite one.
    """
    return torch.bmm(A, B).masked_fill(mask, value)


def inverted_mask__rewrite(A, B, mask, value=0.0):
    products = A @ B
    return torch.where(mask, torch.full_like(products, value), products)


def multiplied_by_the_mask(A, B, mask, value=0.0):
    """The products are multiplied by the mask.

    What is masked then becomes 0 whatever `value` is, and an infinite product becomes NaN, for 0 times infinity is no
    number. Choose, do not multiply.
    """
    return torch.bmm(A, B) * mask


def multiplied_by_the_mask__rewrite(A, B, mask, value=0.0):
    return torch.einsum("bnk,bkm->bnm", A, B) * mask.to(A.dtype)


def mixed_by_arithmetic(A, B, mask, value=0.0):
    """Product and value are mixed by multiplying with the mask and its opposite.

    0 times infinity is NaN, so an infinite product or value spoils what it should not touch. Choose with `masked_fill`
    or `torch.where`.
    """
    kept = mask.to(A.dtype)
    return torch.bmm(A, B) * kept + value * (1 - kept)


def mixed_by_arithmetic__rewrite(A, B, mask, value=0.0):
    return (A @ B) * mask + ~mask * torch.full((), value, dtype=A.dtype, device=A.device)


def value_ignored(A, B, mask, value=0.0):
    """Masked entries are always 0.

    The caller may ask for another number: use the argument `value`.
    """
    return torch.bmm(A, B).masked_fill(~mask, 0.0)


def value_ignored__rewrite(A, B, mask, value=0.0):
    products = A @ B
    return torch.where(mask, products, torch.zeros_like(products))


def always_minus_infinity(A, B, mask, value=0.0):
    """Masked entries are always minus infinity.

    That is what one wants before a softmax. Here the caller says what is to stand there: `value`.
    """
    return torch.bmm(A, B).masked_fill(~mask, float("-inf"))


def always_minus_infinity__rewrite(A, B, mask, value=0.0):
    products = A @ B
    return torch.where(mask, products, torch.full_like(products, -torch.inf))


def mask_added(A, B, mask, value=0.0):
    """The value is added to the masked products, instead of replacing them.

    Only with minus infinity that would be the same.
    """
    return torch.bmm(A, B) + ~mask * value


def mask_added__rewrite(A, B, mask, value=0.0):
    return torch.add(A @ B, torch.logical_not(mask).to(A.dtype) * value)


def mask_not_used(A, B, mask, value=0.0):
    """The mask has no effect.

    `masked_fill` gives a new tensor and leaves the old one as it is: use what it returns.
    """
    products = torch.bmm(A, B)
    products.masked_fill(~mask, value)
    return products


def mask_not_used__rewrite(A, B, mask, value=0.0):
    return A @ B


def only_what_is_kept(A, B, mask, value=0.0):
    """Only the kept products are returned, in a row.

    Indexing with a mask forgets where the numbers stood. The answer has the shape of the products.
    """
    products = torch.bmm(A, B)
    return products[mask.expand(products.shape)]


def only_what_is_kept__rewrite(A, B, mask, value=0.0):
    return torch.masked_select(A @ B, mask)


def masks_the_first_factor(A, B, mask, value=0.0):
    """A is masked before the product, not the products.

    The mask has the shape of the products. Masked entries of A would change whole rows of them.
    """
    return torch.bmm(A.masked_fill(~mask, value), B)


def masks_the_first_factor__rewrite(A, B, mask, value=0.0):
    return torch.where(mask, A, torch.full_like(A, value)) @ B


def multiplied_elementwise(A, B, mask, value=0.0):
    """A and B are multiplied entry by entry.

    `*` is no matrix product: that one sums over the columns of A and the rows of B. Use `@` or `torch.bmm`.
    """
    return (A * B).masked_fill(~mask, value)


def multiplied_elementwise__rewrite(A, B, mask, value=0.0):
    products = torch.mul(A, B)
    return torch.where(mask, products, torch.full_like(products, value))


def second_factor_transposed(A, B, mask, value=0.0):
    """B is transposed first.

    For scores of queries and keys that would be right. Here B already has the shape (batch, k, m).
    """
    return torch.bmm(A, B.transpose(1, 2)).masked_fill(~mask, value)


def second_factor_transposed__rewrite(A, B, mask, value=0.0):
    products = torch.matmul(A, B.mT)
    return torch.where(mask, products, torch.full_like(products, value))


def samples_added_up(A, B, mask, value=0.0):
    """The products of all samples are added up.

    Each sample has a product of its own: the batch axis is in the answer.
    """
    return torch.einsum("bnk,bkm->nm", A, B).masked_fill(~mask, value)


def samples_added_up__rewrite(A, B, mask, value=0.0):
    total = torch.bmm(A, B).sum(0)
    return torch.where(mask, total, torch.full_like(total, value))


def first_sample_of_b(A, B, mask, value=0.0):
    """Every sample of A is multiplied by the first sample of B.

    Sample b belongs to sample b: `torch.bmm` and `@` pair them.
    """
    return torch.matmul(A, B[:1].sum(0)).masked_fill(~mask, value)


def first_sample_of_b__rewrite(A, B, mask, value=0.0):
    products = torch.einsum("bnk,xkm->bnm", A, B[:1])
    return torch.where(mask, products, torch.full_like(products, value))


def first_mask_for_all(A, B, mask, value=0.0):
    """The mask of the first sample is used for all.

    A mask with a batch axis has an opinion of its own for every sample; one without it broadcasts by itself.
    """
    if mask.dim() == 3 and mask.shape[0]:
        mask = mask[0]
    return torch.bmm(A, B).masked_fill(~mask, value)


def first_mask_for_all__rewrite(A, B, mask, value=0.0):
    products = A @ B
    first = mask[:1] if mask.dim() == 3 and mask.size(0) > 1 else mask
    return torch.where(first, products, torch.full_like(products, value))


def axis_added_to_flat_masks(A, B, mask, value=0.0):
    """A mask with two axes is taken for one row for each sample.

    Shapes are aligned at the right: (n, m) is one mask for all samples, and broadcasts without any help.
    """
    if mask.dim() == 2:
        mask = mask[:, None, :]
    return torch.bmm(A, B).masked_fill(~mask, value)


def axis_added_to_flat_masks__rewrite(A, B, mask, value=0.0):
    products = A @ B
    rows = mask.unsqueeze(1) if mask.ndim == 2 else mask
    return torch.where(rows, products, torch.full_like(products, value))


def full_masks_only(A, B, mask, value=0.0):
    """Only a mask of the full shape works.

    Indexing with a mask does not broadcast. `masked_fill` and `torch.where` do.
    """
    products = torch.bmm(A, B).clone()
    products[~mask] = value
    return products


def full_masks_only__rewrite(A, B, mask, value=0.0):
    products = A @ B
    return products.index_put((torch.logical_not(mask),), products.new_tensor(value))


def a_loop_over_samples(A, B, mask, value=0.0):
    """A Python loop goes over the samples.

    Each costs a call of its own. `torch.bmm` and `@` multiply the whole batch at once.
    """
    products = A.new_zeros(A.shape[0], A.shape[1], B.shape[2])
    for b in range(len(A)):
        products[b] = A[b] @ B[b]
    return products.masked_fill(~mask, value)


def a_loop_over_samples__rewrite(A, B, mask, value=0.0):
    products = [torch.mm(a, b) for a, b in zip(A, B, strict=True)]
    whole = torch.stack(products) if products else A.new_zeros(0, A.shape[1], B.shape[2])
    return torch.where(mask, whole, torch.full_like(whole, value))


def mask_changed(A, B, mask, value=0.0):
    """The mask is turned round in place.

    The caller's mask is the opposite afterwards, and the next call gives another answer. Names that end in an
    underscore change their tensor: use `~mask`.
    """
    return torch.bmm(A, B).masked_fill(mask.logical_not_(), value)


def mask_changed__rewrite(A, B, mask, value=0.0):
    mask ^= True
    products = A @ B
    return torch.where(mask, torch.full_like(products, value), products)


def gradient_lost(A, B, mask, value=0.0):
    """The answer has no gradient.

    `.detach()`, `.data`, `.numpy()` and `torch.tensor(...)` leave the graph behind. Compute with A and B themselves.
    """
    return torch.bmm(A.detach(), B.detach()).masked_fill(~mask, value)


def gradient_lost__rewrite(A, B, mask, value=0.0):
    with torch.no_grad():
        products = A @ B
        return torch.where(mask, products, torch.full_like(products, value))


def single_precision(A, B, mask, value=0.0):
    """The answer is in single precision whatever A and B are.

    Half of the digits of float64 factors are lost. Keep their dtype.
    """
    return torch.bmm(A.float(), B.float()).masked_fill(~mask, value)


def single_precision__rewrite(A, B, mask, value=0.0):
    products = A.to(torch.float32) @ B.to(torch.float32)
    return torch.where(mask, products, torch.full_like(products, value))
