"""Ways in which GPTBlock goes wrong around its attention: norms, residuals, the MLP, devices and gradients."""

import torch
import torch.nn.functional as F
from blocks import Again as _Again
from blocks import Right as _Right


class PostNorm(_Right):
    """The layer norms stand behind the sums.

    That is the first Transformer (post-norm). In GPT the norm is inside of the branch: what the attention and the MLP
    read is normalised, what they add to is not.
    """

    def forward(self, X, cache=None):
        answer, cache = self.attention(X, cache)
        H = self.ln_1(X + answer)
        return self.ln_2(H + self.mlp(H)), cache


class PostNorm__rewrite(_Again):
    def forward(self, X, cache=None):
        answer, cache = self.attended(X, cache)
        H = self.ln_1(answer + X)
        return self.ln_2(self.fc_2(self.act(self.fc_1(H))) + H), cache


class NoNorm(_Right):
    """Nothing is normalised before the attention and the MLP.

    Both read through a layer norm of their own, `ln_1` and `ln_2`.
    """

    def forward(self, X, cache=None):
        answer, cache = self.attention(X, cache)
        H = X + answer
        return H + self.mlp(H), cache


class NoNorm__rewrite(_Again):
    def forward(self, X, cache=None):
        answer, cache = self.attended(X, cache)
        H = X + answer
        return H + self.fc_2(self.act(self.fc_1(H))), cache


class OneNorm(_Right):
    """One layer norm is used twice.

    The MLP reads through `ln_2`, which has parameters of its own.
    """

    def forward(self, X, cache=None):
        answer, cache = self.attention(self.ln_1(X), cache)
        H = X + answer
        return H + self.mlp(self.ln_1(H)), cache


class OneNorm__rewrite(_Again):
    def forward(self, X, cache=None):
        norm = self.ln_1
        answer, cache = self.attended(norm(X), cache)
        X = X + answer
        return X + self.fc_2(self.act(self.fc_1(norm(X)))), cache


class NoResidual(_Right):
    """The attention replaces X instead of being added to it.

    H is X plus what the attention says. Without this path deep stacks do not learn.
    """

    def residual(self, X, attended, cache):
        return attended, cache


class NoResidual__rewrite(_Again):
    def forward(self, X, cache=None):
        H, cache = self.attended(self.ln_1(X), cache)
        return self.fc_2(self.act(self.fc_1(self.ln_2(H)))) + H, cache


class ResidualOfTheNormed(_Right):
    """The attention is added to the normalised X.

    The path around the attention is X as it came; only the branch reads `ln_1(X)`.
    """

    def residual(self, X, attended, cache):
        return self.ln_1(X) + attended, cache


class ResidualOfTheNormed__rewrite(_Again):
    def forward(self, X, cache=None):
        X = self.ln_1(X)
        answer, cache = self.attended(X, cache)
        X = X + answer
        return X + self.fc_2(self.act(self.fc_1(self.ln_2(X)))), cache


class NoResidualOfTheMLP(_Right):
    """The MLP replaces H instead of being added to it.

    Y is H plus what the MLP says.
    """

    def forward(self, X, cache=None):
        H, cache = self.residual(X, *self.attention(self.ln_1(X), cache))
        return self.mlp(self.ln_2(H)), cache


class NoResidualOfTheMLP__rewrite(_Again):
    def forward(self, X, cache=None):
        answer, cache = self.attended(self.ln_1(X), cache)
        return self.fc_2(self.act(self.fc_1(self.ln_2(answer + X)))), cache


class Parallel(_Right):
    """The MLP reads X, not H.

    The MLP comes after the attention: it reads the sum of X and the attention's answer. (There are models where both
    run side by side; this one is not of them.)
    """

    def forward(self, X, cache=None):
        answer, cache = self.attention(self.ln_1(X), cache)
        return X + answer + self.mlp(self.ln_2(X)), cache


class Parallel__rewrite(_Again):
    def forward(self, X, cache=None):
        Y = X + self.fc_2(self.act(self.fc_1(self.ln_2(X))))
        answer, cache = self.attended(self.ln_1(X), cache)
        return Y + answer, cache


class Relu(_Right):
    """The MLP has a ReLU.

    GPT's has a GELU, which is smooth and lets a little through below zero.
    """

    def mlp(self, X):
        return self.fc_2(torch.relu(self.fc_1(X)))


class Relu__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads)
        self.act = torch.nn.ReLU()


class ApproximateGelu(_Right):
    """The GELU is the approximation by tanh.

    It differs from the exact one in the fourth digit. Here the exact one is asked for, the default of `nn.GELU`.
    """

    def mlp(self, X):
        return self.fc_2(F.gelu(self.fc_1(X), approximate="tanh"))


class ApproximateGelu__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads)
        self.act = torch.nn.GELU("tanh")


class NoOutputProjection(_Right):
    """The answers of the heads are not projected with W_o.

    `W_o` mixes what the heads found; without it the heads cannot work together.
    """

    def attention(self, X, cache):
        q = self.split(self.W_q(X))
        k, v = self.extended(self.split(self.W_k(X)), self.split(self.W_v(X)), cache)
        return self.merge(self.weights(q @ k.transpose(-1, -2) / self.scale()) @ v), (k, v)


class NoOutputProjection__rewrite(_Again):
    def attended(self, X, cache):
        projection, self.W_o = self.W_o, torch.nn.Identity()
        try:
            return super().attended(X, cache)
        finally:
            self.W_o = projection


class ChangesX(_Right):
    """X is changed.

    `X += …` writes into the caller's tensor. `X = X + …` makes a new one.
    """

    def residual(self, X, attended, cache):
        H = X + attended
        X.data.copy_(H.data)
        return H, cache


class ChangesX__rewrite(_Again):
    def forward(self, X, cache=None):
        before = X.clone()
        answer, cache = self.attended(self.ln_1(before), cache)
        with torch.no_grad():
            X.add_(answer)
        H = before + answer
        return H + self.fc_2(self.act(self.fc_1(self.ln_2(H)))), cache


class MaskOnTheCpu(_Right):
    """The mask is made on the CPU.

    Tensors that meet must be on one device. Give whatever makes the mask the device of X.
    """

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        return ~torch.ones(new, every, dtype=torch.bool).tril(every - new)


class MaskOnTheCpu__rewrite(_Again):
    def seen(self, n, total, device):
        return super().seen(n, total, torch.device("cpu"))


class DetachedAttention(_Right):
    """The attention is cut off from the graph.

    No gradient reaches its projections, which then never learn.
    """

    def residual(self, X, attended, cache):
        return X + attended.detach(), cache


class DetachedAttention__rewrite(_Again):
    def attended(self, X, cache):
        answer, cache = super().attended(X, cache)
        return answer.data, cache


class EmptyBatchRefused(_Right):
    """An empty batch raises an error.

    In `reshape(batch, n, h, -1)` with a batch of 0 the last size could be anything. Name all the sizes: the last one is
    d / h.
    """

    def split(self, X):
        return X.reshape(X.shape[0], X.shape[1], self.num_heads, -1).permute(0, 2, 1, 3)


class EmptyBatchRefused__rewrite(_Again):
    def heads(self, X):
        return X.contiguous().view(len(X), -1, self.h, self.d // self.h).transpose(1, 2)


class FewerBiases(_Right):
    """The projections have no biases.

    All layers have one, as `nn.Linear` makes them.
    """

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads)
        for name in ("W_q", "W_k", "W_v", "W_o"):
            getattr(self, name).bias = None


class FewerBiases__rewrite(_Again):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__(num_hiddens, ffn_num_hiddens, num_heads)
        self.W_q, self.W_k, self.W_v, self.W_o = (
            torch.nn.Linear(num_hiddens, num_hiddens, bias=False) for _ in range(4)
        )
