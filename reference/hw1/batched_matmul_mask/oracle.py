"""batched_matmul_mask by an einsum and a choice between two."""

import torch


def batched_matmul_mask(A, B, mask, value=0.0):
    products = torch.einsum("bnk,bkm->bnm", A, B)
    return torch.where(mask, products, torch.full_like(products, value))
