"""GPTBlock by torch's scaled dot-product attention, with the mask written as a comparison of positions."""

import torch
import torch.nn.functional as F
from torch import nn


class GPTBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.heads, self.size = num_heads, num_hiddens // num_heads
        self.ln_1 = nn.LayerNorm(num_hiddens)
        self.ln_2 = nn.LayerNorm(num_hiddens)
        for name in ("W_q", "W_k", "W_v", "W_o"):
            setattr(self, name, nn.Linear(num_hiddens, num_hiddens))
        self.fc_1 = nn.Linear(num_hiddens, ffn_num_hiddens)
        self.fc_2 = nn.Linear(ffn_num_hiddens, num_hiddens)

    def forward(self, X, cache=None):
        normed = F.layer_norm(X, X.shape[-1:], self.ln_1.weight, self.ln_1.bias)
        q, k, v = (
            torch.stack(layer(normed).split(self.size, dim=-1), dim=1) for layer in (self.W_q, self.W_k, self.W_v)
        )
        past = 0
        if cache is not None:
            past = cache[0].shape[2]
            k, v = torch.cat((cache[0], k), 2), torch.cat((cache[1], v), 2)
        at = torch.arange(past + X.shape[1], device=X.device)
        answers = F.scaled_dot_product_attention(q, k, v, attn_mask=at <= at[past:, None])
        H = X + self.W_o(torch.cat(answers.unbind(1), -1))
        hidden = self.fc_1(F.layer_norm(H, H.shape[-1:], self.ln_2.weight, self.ln_2.bias))
        return H + self.fc_2(hidden * (1 + torch.erf(hidden / 2**0.5)) / 2), (k, v)
