# %% [markdown]
# # Pre-training BERT
#
# Two tasks, one loss, and the step that a training loop repeats.

# %%
import torch.nn.functional as F

# %% [markdown]
# ## bert_loss
#
# Every example of a batch has room for M predictions, and few examples fill it: the rest is padding, with weight 0. The
# loss of the masked words is the mean over the predictions that are there. Who takes the mean over all of them first,
# and multiplies by the weights afterwards, trains on the padding as well.
#
# $$\ell_{\mathrm{mlm}} = \frac{\sum_{b,m} w_{b,m}\, \mathrm{CE}(\hat Y_{b,m}, Y_{b,m})}{\sum_{b,m} w_{b,m}}, \qquad
#   \ell = \ell_{\mathrm{mlm}} + \ell_{\mathrm{nsp}}$$


# %%
def bert_loss(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
    """The losses of both pre-training tasks, and their sum.

    The loss of the masked words is the weighted mean of the cross entropies of the predictions, over the whole
    batch: the sum of weight times cross entropy, divided by the sum of the weights. A prediction of weight 0 is
    padding: it counts neither above nor below the line, and its gradient is 0. Label 0 is a token like any other: the
    weights alone say what is padding. The loss of the next sentences is the mean of the cross entropies over the
    batch.

    Args:
        mlm_Y_hat: scores of the masked words, shape (batch, M, vocab_size), floating-point.
        nsp_Y_hat: scores of the pairs, shape (batch, 2), floating-point.
        mlm_weights: shape (batch, M), floating-point, 1 for a prediction and 0 for padding; a prediction that
            matters more or less than another may have any other positive weight.
        mlm_Y: ids of the masked words, shape (batch, M), int64.
        nsp_y: 1 where the second sentence is the next one, else 0, shape (batch,), int64.

    Returns:
        `(mlm_l, nsp_l, l)`: the loss of the masked words, the loss of the next sentences, and their sum. Each is a
        tensor of shape () with the dtype of the scores. Where all weights are 0, `mlm_l` is 0 and has gradient 0, not
        NaN.

    Gradients flow to both scores. No argument is changed. The arguments may have any memory layout. Works on whatever
    device the arguments are on; nothing is copied to the host. The number of torch operations grows neither with the
    batch nor with M.

    Example:
        >>> import torch
        >>> mlm_Y_hat, nsp_Y_hat = torch.zeros(1, 2, 4), torch.zeros(1, 2)
        >>> weights, labels, is_next = torch.tensor([[1.0, 0.0]]), torch.tensor([[3, 0]]), torch.tensor([1])
        >>> [round(float(loss), 3) for loss in bert_loss(mlm_Y_hat, nsp_Y_hat, weights, labels, is_next)]
        [1.386, 0.693, 2.079]

    Source: Devlin et al. (2019), appendix A.2; Zhang et al., "Dive into Deep Learning" (2023), section 15.10.1.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## pretrain_step
#
# What is handed back is only looked at, so it carries no graph: a list of losses that keep theirs would keep every
# activation of every step.


# %%
def pretrain_step(net, optimizer, batch):
    """One step of pre-training: forward, loss, backward, optimizer.

    Puts the net into training mode, calls it once with the four inputs of the batch, takes your `bert_loss` of its
    scores, and makes one step of the optimizer along the gradient of the sum of both losses. Gradients from before do
    not count. The batch is not moved: it is where the net is.

    Args:
        net: an `nn.Module` that is called as `net(tokens, segments, valid_lens, pred_positions)` and gives a tuple
            (encoded_X, mlm_Y_hat, nsp_Y_hat), such as `BERTModel`.
        optimizer: a `torch.optim` optimizer of the net's parameters.
        batch: seven tensors in the order of `pad_bert_inputs`, each with the batch as its first axis: tokens,
            segments, valid_lens, pred_positions, mlm_weights, mlm_Y, nsp_y.

    Returns:
        `(mlm_l, nsp_l, l)`, the three losses of this batch as `bert_loss` gives them, before the step: tensors of
        shape () that are detached from the graph, where the net is. Nothing is copied to the host.

    The tensors of the batch are not changed, and nothing is done to the net but the step and its mode: what is frozen
    stays frozen.

    Example:
        >>> import torch
        >>> class Even(torch.nn.Module):  # finds every word and both answers equally likely
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.scores = torch.nn.Parameter(torch.zeros(3))
        ...
        ...     def forward(self, tokens, segments, valid_lens, pred_positions):
        ...         mlm_Y_hat = self.scores.expand(*pred_positions.shape, 3)
        ...         return None, mlm_Y_hat, self.scores[:2].expand(len(tokens), 2)
        >>> net = Even()
        >>> ids = torch.zeros(1, 2, dtype=torch.int64)
        >>> batch = [ids, ids, torch.tensor([2]), ids, torch.ones(1, 2), ids, torch.tensor([1])]
        >>> mlm_l, nsp_l, l = pretrain_step(net, torch.optim.SGD(net.parameters(), lr=0.1), batch)
        >>> round(mlm_l.item(), 4), round(nsp_l.item(), 4)
        (1.0986, 0.6931)
        >>> bool(net.scores[0] > 0)
        True

    Source: Devlin et al. (2019), appendix A.2; "Dive into Deep Learning", section 15.10.1.
    """
    raise NotImplementedError("your code here")
