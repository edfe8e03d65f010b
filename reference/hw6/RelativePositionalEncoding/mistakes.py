"""Ways in which RelativePositionalEncoding goes wrong."""

import torch
from encodings_again import Again as _Again
from encodings_again import Right as _Right
from torch import nn


class AddedToTheQueries(_Right):
    """The table of all pairs is added to the queries.

    A table of shape (steps, steps, features) and queries of shape (batch, steps, features) broadcast, if at all, so
    that the batch is taken for steps. Distances belong to pairs: multiply each query with its row of the table.
    """

    def products(self, queries, R):
        if len(queries) in (1, len(R)):
            return queries + R
        return queries.unsqueeze(1) + R


class AddedToTheQueries__rewrite(_Again):
    def forward(self, queries):
        self.refuse(queries.shape[1])
        i = torch.arange(queries.shape[1], device=queries.device)
        R = self.P[self.middle + i.unsqueeze(1) - i]
        return R + queries if len(queries) == 1 or len(queries) == len(R) else R.unsqueeze(0) + queries[:, None]


class TheTable(_Right):
    """The encodings of all pairs are returned, not their products with the queries.

    The answer has the shape (batch, steps, steps): a number for each pair, to be added to its score.
    """

    def products(self, queries, R):
        return R * 1


class TheTable__rewrite(_Again):
    def forward(self, queries):
        self.refuse(queries.shape[1])
        i = torch.arange(queries.shape[1], device=queries.device)
        return nn.functional.embedding(self.middle + i.unsqueeze(1) - i, self.P)


class Backwards(_Right):
    """The distance has the wrong sign.

    It is i - j for query i and key j: positive where the key stands before the query.
    """

    def distance(self, step):
        return step[None, :] - step[:, None]


class Backwards__rewrite(_Again):
    def far(self, i, j):
        return j - i


class WithoutSign(_Right):
    """The distance has no sign.

    A key two steps before is not a key two steps behind: the sines tell them apart.
    """

    def distance(self, step):
        return super().distance(step).abs()


class WithoutSign__rewrite(_Again):
    def far(self, i, j):
        return torch.maximum(i, j) - torch.minimum(i, j)


class PositionOfTheKey(_Right):
    """The position of the key is encoded, not its distance.

    That is an absolute encoding. What counts is i - j.
    """

    def distance(self, step):
        return step.expand(len(step), -1)


class PositionOfTheKey__rewrite(_Again):
    def far(self, i, j):
        return 0 * i + j


class OneRowOff(_Right):
    """The middle of the table is off by one.

    Its rows belong to the distances from -(max_len - 1) on, so that distance 0 is row max_len - 1.
    """

    def rows(self, step):
        return (super().rows(step) + 1).clamp(max=len(self.P) - 1)


class OneRowOff__rewrite(_Again):
    def far(self, i, j):
        return torch.clamp(i - j + 1, max=self.middle)


class NotMoved(_Right):
    """Distances are used as rows as they are.

    Negative numbers count from the end of the table, which is something else. Distance 0 is row max_len - 1.
    """

    def rows(self, step):
        return self.distance(step)


class NotMoved__rewrite(_Again):
    def far(self, i, j):
        distance = i - j
        return torch.where(distance < 0, distance + len(self.P), distance) - self.middle


class OnlyBefore(_Right):
    """Keys behind the query are left out.

    Whether a query may look there is the mask's business. The encoding has distances of either sign.
    """

    def products(self, queries, R):
        return super().products(queries, R).tril()


class OnlyBefore__rewrite(_Again):
    def forward(self, queries):
        answer = super().forward(queries)
        i = torch.arange(queries.shape[1], device=queries.device)
        return answer.masked_fill(i > i.unsqueeze(1), 0.0)


class ScaledAlready(_Right):
    """The products are divided by the root of num_hiddens.

    That is done once, with the sum of both parts of the score.
    """

    def products(self, queries, R):
        return super().products(queries, R) / R.shape[-1] ** 0.5


class ScaledAlready__rewrite(_Again):
    def ready(self, queries):
        return queries * queries.shape[-1] ** -0.5


class QueryOfTheKey(_Right):
    """It is the query at the place of the key that is multiplied.

    The entry [b, i, j] is the product of queries[b, i], not of queries[b, j], with the encoding of i - j.
    """

    def products(self, queries, R):
        return torch.einsum("bjd,ijd->bij", queries, R)


class QueryOfTheKey__rewrite(_Again):
    def forward(self, queries):
        self.refuse(queries.shape[1])
        i = torch.arange(queries.shape[1], device=queries.device)
        R = self.P[self.middle + i.unsqueeze(1) - i]
        return (queries.unsqueeze(1) * R).sum(-1)


class OverTheBatch(_Right):
    """The sequences of a batch are added up.

    Each is answered by itself. The letter of the batch has to be in the answer of an einsum.
    """

    def products(self, queries, R):
        return torch.einsum("bid,ijd->ij", queries, R).expand(len(queries), -1, -1).clone()


class OverTheBatch__rewrite(_Again):
    def ready(self, queries):
        return queries.sum(0, keepdim=True).expand_as(queries)


class Concatenated(_Right):
    """All sines come first, then all cosines.

    A sine and the cosine of the same angle are neighbours.
    """

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        return torch.cat((angles.sin(), angles.cos()), dim=1)[:, :d]


class Concatenated__rewrite(_Again):
    def waves(self, k, i, d):
        half = (d + 1) // 2
        angles = torch.outer(k, torch.pow(10000.0, -2 * (i % half) / d))
        return torch.where(i < half, torch.sin(angles), torch.cos(angles))


class Swapped(_Right):
    """Sines and cosines have changed places.

    The features 0, 2, 4, … are sines.
    """

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.zeros(len(angles), d)
        P[:, 0::2] = angles.cos()
        P[:, 1::2] = angles.sin()[:, : d // 2]
        return P


class Swapped__rewrite(_Again):
    def waves(self, k, i, d):
        angles = k[:, None] * 10000.0 ** (-(i - i % 2) / d)
        return torch.where(i % 2 == 1, torch.sin(angles), torch.cos(angles))


class CosineOfItsOwn(_Right):
    """The cosines have an exponent of their own.

    A cosine shares the angle of the sine before it, with the exponent 2j / d and not (2j + 1) / d.
    """

    def table(self, max_len, d):
        P = super().table(max_len, d)
        P[:, 1::2] = torch.cos(torch.arange(1 - max_len, max_len)[:, None] / 10000 ** (torch.arange(1, d, 2) / d))
        return P


class CosineOfItsOwn__rewrite(_Again):
    def waves(self, k, i, d):
        angles = torch.outer(k, torch.pow(10000.0, -i / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))


class OnlyEvenSizes(_Right):
    """An odd number of features fails.

    There is then one sine more than there are cosines.
    """

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.zeros(len(angles), d)
        P[:, 0::2] = angles.sin()
        P[:, 1::2] = angles.cos()
        return P


class OnlyEvenSizes__rewrite(_Right):
    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.empty(len(angles), d)
        P[:, range(0, d, 2)] = torch.sin(angles)
        P[:, range(1, d, 2)] = torch.cos(angles)
        return P


class NotABuffer(_Right):
    """The table is a plain tensor, not a buffer.

    As an attribute it is neither saved with the module nor moved by `.to(device)`. Register it with `register_buffer`.
    """

    def keep(self, P):
        self.P = P

    def rows(self, step):
        return super().rows(step).to(self.P.device)

    def products(self, queries, R):
        return super().products(queries, R.to(queries.device))


class NotABuffer__rewrite(_Again):
    def made(self, P):
        self.rows = [P]

    def forward(self, queries):
        self.P = self.rows[0].to(queries.device)
        return super().forward(queries)


class LearnedTable(_Right):
    """The table is a parameter, so that it is learned.

    These encodings are fixed. What belongs to a module and is not learned is a buffer.
    """

    def keep(self, P):
        self.P = nn.Parameter(P)


class LearnedTable__rewrite(_Again):
    def made(self, P):
        self.register_parameter("P", nn.Parameter(P, requires_grad=False))


class HalfATable(_Right):
    """The table has no rows for negative distances, or another shape.

    It has 2 * max_len - 1 rows, from the distance -(max_len - 1) to max_len - 1.
    """

    def keep(self, P):
        self.register_buffer("P", P[self.most - 1 :])

    def forward(self, queries):
        self.check(queries.shape[1])
        step = torch.arange(queries.shape[1], device=queries.device)
        distance = self.distance(step)
        odd = 1 - 2 * (torch.arange(queries.shape[2], device=queries.device) % 2 == 0).float()
        R = self.P[distance.abs()]
        return self.products(queries, torch.where((distance < 0).unsqueeze(-1), R * odd, R))


class HalfATable__rewrite(_Again):
    def made(self, P):
        self.register_buffer("P", P[None])

    def forward(self, queries):
        batch, steps, _ = queries.shape
        self.refuse(steps)
        i = torch.arange(steps, device=queries.device)
        place = self.middle + i.unsqueeze(1) - i
        return (queries @ self.P[0].T).gather(2, place.expand(batch, -1, -1))


class NoCheck(_Right):
    """More steps than max_len are not refused with a ValueError.

    An index outside of the table fails far from the error, or, where it is negative, gives another row.
    """

    def check(self, steps):
        pass


class NoCheck__rewrite(_Again):
    def refuse(self, steps):
        if steps > self.middle + 1:
            raise IndexError(f"there is no row for {steps} steps")


class LastRefused(_Right):
    """As many steps as max_len are refused.

    There are distances up to max_len - 1, enough for max_len steps.
    """

    def check(self, steps):
        super().check(steps + 1)


class LastRefused__rewrite(_Again):
    def refuse(self, steps):
        if not steps <= self.middle:
            raise ValueError(f"{steps} steps, at most {self.middle}")


class LoopOverSteps(_Right):
    """A loop runs over the steps.

    Distances of all pairs come from one subtraction that broadcasts, and one index takes their rows.
    """

    def distance(self, step):
        return torch.stack([i - step for i in step])


class LoopOverSteps__rewrite(_Again):
    def far(self, i, j):
        return torch.cat([row - j for row in i.split(1)])


class Detached(_Right):
    """The queries are detached.

    No gradient reaches them, nor what they were made of. Leave them in the graph.
    """

    def products(self, queries, R):
        return super().products(queries.detach(), R)


class Detached__rewrite(_Again):
    def ready(self, queries):
        return queries.data


class ChangesTheQueries(_Right):
    """The queries themselves are changed.

    The caller's tensor is overwritten. Make new tensors.
    """

    def products(self, queries, R):
        answer = super().products(queries, R)
        with torch.no_grad():
            queries.mul_(2)
        return answer


class ChangesTheQueries__rewrite(_Again):
    def forward(self, queries):
        answer = super().forward(queries)
        with torch.no_grad():
            queries.add_(queries.clone())
        return answer
