"""Two correct steps that the mistakes change: `right`, whose moves are arguments, and `Again`, whose are methods."""

import torch.nn.functional as F


def bert_loss(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
    losses = F.cross_entropy(mlm_Y_hat.transpose(1, 2), mlm_Y, reduction="none")
    mlm_l = (losses * mlm_weights).sum() / mlm_weights.sum().clamp(min=1e-30)
    nsp_l = F.cross_entropy(nsp_Y_hat, nsp_y)
    return mlm_l, nsp_l, mlm_l + nsp_l


def update(optimizer, losses):
    optimizer.zero_grad()
    losses[2].backward()
    optimizer.step()


def answer(losses):
    return tuple(loss.detach() for loss in losses)


def call(net, batch):
    return net(*batch[:4])


def right(net, optimizer, batch, mode=lambda net: net.train(), call=call, loss=bert_loss, update=update, answer=answer):
    mode(net)
    _, mlm_Y_hat, nsp_Y_hat = call(net, batch)
    losses = loss(mlm_Y_hat, nsp_Y_hat, *batch[4:])
    update(optimizer, losses)
    return answer(losses)


class Again:
    """The same as an object."""

    def __init__(self, net, optimizer, batch):
        self.net, self.optimizer, self.batch = net, optimizer, batch

    def prepare(self):
        self.net.train(True)
        self.clear()

    def clear(self):
        self.optimizer.zero_grad()

    def inputs(self):
        tokens, segments, valid_lens, pred_positions, *_ = self.batch
        return {"tokens": tokens, "segments": segments, "valid_lens": valid_lens, "pred_positions": pred_positions}

    def losses(self):
        answers = self.net(**self.inputs())
        return bert_loss(answers[1], answers[2], *self.batch[-3:])

    def total(self, losses):
        return losses[0] + losses[1]

    def learn(self, losses):
        self.total(losses).backward()
        self.optimizer.step()

    def told(self, losses):
        return losses[0].detach(), losses[1].detach(), losses[2].detach()

    def run(self):
        self.prepare()
        losses = self.losses()
        self.learn(losses)
        return self.told(losses)
