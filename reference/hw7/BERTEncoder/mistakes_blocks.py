"""Ways in which BERTEncoder goes wrong with its blocks and their mask."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Block as _Block
from pieces import Right as _Right
from torch import nn


def _layer(sizes, dropout, **changes):
    settings = {"dropout": dropout, "activation": "gelu", "batch_first": True, **changes}
    return nn.TransformerEncoderLayer(*sizes, **settings)


class LengthsIgnored(_Right):
    """The valid lengths have no effect.

    Padding is seen as if it were text. Hand every block a mask of what is padding.
    """

    def mask(self, tokens, valid_lens):
        return None


class LengthsIgnored__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None):
        return super().forward(tokens, segments)


class MaskInverted(_Right):
    """The mask is the wrong way round: tokens are hidden and padding is seen.

    In torch's `src_key_padding_mask` True means "leave this key out". It is True at and beyond the valid length.
    """

    def mask(self, tokens, valid_lens):
        mask = super().mask(tokens, valid_lens)
        return mask if mask is None else ~mask


class MaskInverted__rewrite(_Right):
    def mask(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        return torch.ones_like(tokens).cumsum(1) <= valid_lens.view(-1, 1)


class OneKeyTooMany(_Right):
    """The first token of the padding is seen.

    Steps are counted from 0: with length n the steps 0 to n - 1 are valid, and step n is padding already.
    """

    def mask(self, tokens, valid_lens):
        return super().mask(tokens, valid_lens if valid_lens is None else valid_lens + 1)


class OneKeyTooMany__rewrite(_Again):
    def valid(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        return torch.arange(tokens.shape[1], device=tokens.device) <= valid_lens.unsqueeze(1)


class MaskInTheFirstBlockOnly(_Right):
    """Only the first block is given the mask.

    Padding has an answer after the first block too, and the next one would read it. Every block needs the mask.
    """

    def forward(self, tokens, segments, valid_lens=None):
        X, mask = self.embed(tokens, segments), self.mask(tokens, valid_lens)
        for block in self.blks:
            X = self.through(block, X, mask)
            mask = None
        return X


class MaskInTheFirstBlockOnly__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None):
        X = self.embed(tokens, segments)
        for index, block in enumerate(self.blks):
            X = block(X, self.valid(tokens, valid_lens) if index == 0 else None)
        return X


class PaddingZeroedBefore(_Right):
    """The embeddings of padding are set to zero instead of being masked.

    A key of zeros still has a score, and takes its share of the weights. Only a mask in the attention keeps it out.
    """

    def forward(self, tokens, segments, valid_lens=None):
        X, mask = self.embed(tokens, segments), self.mask(tokens, valid_lens)
        if mask is not None:
            X = X.masked_fill(mask[..., None], 0.0)
        for block in self.blks:
            X = self.through(block, X, None)
        return X


class PaddingZeroedBefore__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None):
        X, valid = self.embed(tokens, segments), self.valid(tokens, valid_lens)
        if valid is not None:
            X = X * valid.unsqueeze(-1).to(X.dtype)
        for block in self.blks:
            X = block(X, None)
        return X


class Causal(_Right):
    """A token does not see those behind it.

    That is a decoder's mask. BERT reads in both directions: only padding is hidden.
    """

    def through(self, block, X, mask):
        future = torch.ones(X.shape[1], X.shape[1], dtype=torch.bool, device=X.device).triu(1)
        return block(X, src_mask=future, src_key_padding_mask=mask)


class Causal__rewrite(_Again):
    class block(_Block):
        def attend(self, X, valid):
            answers = []
            for step in range(X.shape[1]):
                seen = None if valid is None else valid[:, : step + 1]
                answers.append(super().attend(X[:, : step + 1], seen)[:, -1:])
            return torch.cat(answers, 1)


class AcrossTheBatch(_Right):
    """The attention runs over the batch instead of the steps.

    torch's layers expect the steps on the first axis unless they are told `batch_first=True`: so tokens of different
    sequences see each other.
    """

    def block(self, sizes, dropout):
        return _layer(sizes, dropout, batch_first=False)


class AcrossTheBatch__rewrite(_Right):
    def through(self, block, X, mask):
        return block(X.permute(1, 0, 2), src_key_padding_mask=mask).permute(1, 0, 2)


class ReluInTheBlocks(_Right):
    """The blocks have ReLU where GELU is asked for.

    ReLU is what torch takes when nothing is said. BERT's activation function is GELU.
    """

    def block(self, sizes, dropout):
        return _layer(sizes, dropout, activation="relu")


class ReluInTheBlocks__rewrite(_Again):
    class block(_Block):
        def forward(self, X, valid):
            X = self.norm1(X + self.drop(self.attend(X, valid)))
            return self.norm2(X + self.drop(self.linear2(self.drop(self.linear1(X).clamp(min=0)))))


class NormFirst(_Right):
    """The layer norms come before attention and feed-forward layer.

    Later models do that. In BERT a layer norm comes after each residual sum: leave `norm_first` as it is.
    """

    def block(self, sizes, dropout):
        return _layer(sizes, dropout, norm_first=True)


class NormFirst__rewrite(_Again):
    class block(_Block):
        def forward(self, X, valid):
            X = X + self.drop(self.attend(self.norm1(X), valid))
            return X + self.drop(self.linear2(self.drop(F.gelu(self.linear1(self.norm2(X))))))


class DropoutOfTheLayer(_Right):
    """The blocks have torch's own dropout of 0.1.

    That is what a layer has when nothing is said. Hand `dropout` on to every block.
    """

    def block(self, sizes, dropout):
        return nn.TransformerEncoderLayer(*sizes, activation="gelu", batch_first=True)


class DropoutOfTheLayer__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for block in self.blks:
            block.p = 0.1


class NoDropout(_Right):
    """Nothing is dropped in training.

    Hand `dropout` on to every block, and let torch's modules know the mode.
    """

    def block(self, sizes, dropout):
        return _layer(sizes, 0.0)


class NoDropout__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, 0, max_len)


class DropoutInEvaluation(_Right):
    """Something is dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise; give it `self.training`. And no `train()` belongs
    into `forward`.
    """

    def forward(self, tokens, segments, valid_lens=None):
        mode = self.training
        self.train()
        try:
            return super().forward(tokens, segments, valid_lens)
        finally:
            self.train(mode)


class DropoutInEvaluation__rewrite(_Again):
    class block(_Block):
        def drop(self, X):
            return F.dropout(X, self.p)


class OneBlockOnly(_Right):
    """There is one block, run several times.

    `[layer] * n` is n times the same object: the blocks share their parameters. Make a new one in every round.
    """

    def blocks(self, number, sizes, dropout):
        return nn.Sequential(*[self.block(sizes, dropout)] * number)


class OneBlockOnly__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, min(num_layers, 1), dropout, max_len)
        for _ in range(1, num_layers):
            self.blks.append(self.blks[0])


class BlocksInAList(_Right):
    """The blocks are kept in a Python list.

    A module sees layers in an `nn.ModuleList` or `nn.Sequential`, and none in a list: no optimizer and no state dict
    knows them.
    """

    def blocks(self, number, sizes, dropout):
        return [self.block(sizes, dropout) for _ in range(number)]


class BlocksInAList__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.layers = tuple(self._modules.pop("blks"))

    @property
    def blks(self):
        return self.layers


class BlocksUnderAnotherName(_Right):
    """The blocks are registered under another name.

    The weights of a trained model are found by their names. The stub calls the blocks `blks`, numbered from 0.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.layers = self._modules.pop("blks")

    @property
    def blks(self):
        return self.layers


class BlocksUnderAnotherName__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        layers = list(self._modules.pop("blks"))
        for number, layer in enumerate(layers):
            self.add_module(f"block{number}", layer)
        object.__setattr__(self, "layers", layers)

    @property
    def blks(self):
        return self.layers


class LastBlockOnly(_Right):
    """Every block is given the embeddings, and the last one's answer is returned.

    A block works on what the block before it gave: the loop has to hand its result on.
    """

    def forward(self, tokens, segments, valid_lens=None):
        X, mask = self.embed(tokens, segments), self.mask(tokens, valid_lens)
        answer = X
        for block in self.blks:
            answer = self.through(block, X, mask)
        return answer


class LastBlockOnly__rewrite(_Again):
    def forward(self, tokens, segments, valid_lens=None):
        X = self.embed(tokens, segments)
        return self.blks[-1](X, self.valid(tokens, valid_lens)) if len(self.blks) else X


class MaskOnTheCpu(_Right):
    """The mask is made on the CPU.

    `torch.arange` makes a CPU tensor unless it is told the device: that of the tokens.
    """

    def mask(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        return torch.arange(tokens.shape[1])[None] >= valid_lens[:, None]


class MaskOnTheCpu__rewrite(_Again):
    def valid(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        return torch.ones(tuple(tokens.shape), dtype=torch.int64).cumsum(1) <= valid_lens.unsqueeze(-1)


class LengthsAsNumbers(_Right):
    """The mask is filled sequence by sequence with lengths read out of their tensor.

    Every number that leaves a tensor makes the program wait for the GPU. One comparison of steps and lengths makes the
    whole mask there.
    """

    def mask(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        mask = torch.ones_like(tokens, dtype=torch.bool)
        for row, length in enumerate(valid_lens):
            mask[row, : int(length)] = False
        return mask


class LengthsAsNumbers__rewrite(_Again):
    def valid(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        rows = [torch.arange(tokens.shape[1], device=tokens.device) < length.item() for length in valid_lens]
        return torch.stack(rows)
