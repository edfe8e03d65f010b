"""Two ways to write chunked_attention: `Running` in parts that a mistake replaces, `flat` with mistakes by name."""

import math

import torch


def spans(length, size):
    return [(first, min(first + size, length)) for first in range(0, length, size)]


class Running:
    """Queries outside, keys inside, three running tensors. A call gives the answer."""

    def __new__(cls, query, key, value, chunk_size, *, causal=False, valid_lens=None):
        self = super().__new__(cls)
        self.query, self.key, self.value, self.size = query, key, value, chunk_size
        self.causal, self.valid_lens, self.device = causal, valid_lens, query.device
        self.low = torch.finfo(query.dtype).min
        return self.attend()

    def scaled(self):
        return self.query / math.sqrt(self.query.shape[-1])

    def rows(self):
        return spans(self.query.shape[-2], self.size)

    def columns(self, rows):
        return spans(self.key.shape[-2], self.size)

    def places(self, rows, columns):
        return torch.arange(*rows, device=self.device)[:, None], torch.arange(*columns, device=self.device)

    def past(self, i, j):
        return j <= i

    def within(self, j):
        return j < self.valid_lens[..., None, None]

    def keep(self, rows, columns):
        i, j = self.places(rows, columns)
        keep = torch.ones(len(i), len(j), dtype=torch.bool, device=self.device)
        if self.causal:
            keep = keep & self.past(i, j)
        if self.valid_lens is not None:
            keep = keep & self.within(j)
        return keep

    def scores(self, q, k, keep):
        return (q @ k.mT).masked_fill(~keep, self.low)

    def first_top(self, q):
        return torch.full_like(q[..., :1], self.low)

    def top(self, top, scores):
        return torch.maximum(top, scores.amax(-1, keepdim=True))

    def weights(self, scores, top, keep):
        return torch.exp(scores - top).masked_fill(~keep, 0.0)

    def shrink(self, old, new):
        """The factors of the running total and of the running sum of values."""
        return (torch.exp(old - new),) * 2

    def answer(self, total, summed):
        return summed / total.masked_fill(total == 0, 1.0)

    def attend(self):
        query = self.scaled()
        return torch.cat([self.chunk(query[..., slice(*rows), :], rows) for rows in self.rows()], dim=-2)

    def chunk(self, q, rows):
        top = self.first_top(q)
        total, summed = torch.zeros_like(top), q.new_zeros(*q.shape[:-1], self.value.shape[-1])
        for columns in self.columns(rows):
            keep = self.keep(rows, columns)
            scores = self.scores(q, self.key[..., slice(*columns), :], keep)
            old, top = top, self.top(top, scores)
            weights = self.weights(scores, top, keep)
            of_total, of_sum = self.shrink(old, top)
            total = of_total * total + weights.sum(-1, keepdim=True)
            summed = of_sum * summed + weights @ self.value[..., slice(*columns), :]
        return self.answer(total, summed)


def flat(mistake, query, key, value, chunk_size, causal=False, valid_lens=None):
    """Keys outside, queries inside, einsum and where; right for no mistake."""
    size = min(chunk_size, 16) if mistake == "own_chunk_size" else chunk_size
    d, (queries, keys) = query.shape[-1], (query.shape[-2], key.shape[-2])
    divisor = {"unscaled": 1.0, "scaled_by_d": float(d), "scaled_by_value_size": value.shape[-1] ** 0.5}
    queried = torch.mul(query, 1 / divisor.get(mistake, d**0.5))
    where = "cpu" if mistake == "places_on_the_cpu" else query.device
    kind = torch.float32 if mistake == "single_precision" else query.dtype
    lowest = -1e9 if mistake == "filled_with_a_number" else torch.finfo(kind).min
    states = {}
    for start in range(0, keys, size):
        stop = min(start + size, keys)
        if mistake == "keys_left_over" and stop - start < size and start:
            break
        j = torch.arange(start, stop, device=where)
        for first in range(0, queries, size):
            last = min(first + size, queries)
            if (mistake in ("own_chunk", "own_chunk_dropping") and first != start) or last <= first:
                continue
            i = torch.arange(first, last, device=where).unsqueeze(-1)
            keep = torch.ones(1, 1, dtype=torch.bool, device=where)
            if causal and mistake != "not_causal":
                ahead = {"without_itself": i - 1, "from_the_end": i + keys - queries, "whole_chunks": i * 0 + last - 1}
                keep = (j - start <= i - first) if mistake == "causal_in_chunk" else (j <= ahead.get(mistake, i))
            if valid_lens is not None and mistake != "no_lengths" and not (causal and mistake == "one_mask_only"):
                length = valid_lens.unsqueeze(-1).unsqueeze(-1)
                length = length + 1 if mistake == "one_key_too_many" else length
                keep = keep & ((j - start if mistake == "lengths_in_chunk" else j) < length)
            q, k, v = (part[..., a:b, :].to(kind) for part, a, b in
                       ((queried, first, last), (key, start, stop), (value, start, stop)))  # fmt: skip
            low = torch.full((), lowest, dtype=kind, device=query.device)
            scores = torch.where(keep, torch.einsum("...id,...jd->...ij", q, k), low)
            top, total, summed = None, 0.0, 0.0
            if mistake != "mean_of_chunks":
                top, total, summed = states.get(first, (top, total, summed))
            here = scores.max(-1, keepdim=True).values
            if mistake in ("no_top", "starts_at_zero"):
                here = torch.zeros_like(here) if mistake == "no_top" else here.clamp(min=0.0)
            new = here if top is None or mistake == "own_tops" else torch.maximum(top, here)
            if mistake == "first_top" and top is not None:
                new = top
            weights = torch.exp(scores - new)
            if mistake != "filled_with_a_number":
                weights = torch.where(keep, weights, torch.zeros_like(weights))
            factor = 1.0 if top is None else torch.exp(top - new)
            factor = 1.0 if mistake in ("not_rescaled", "own_tops") else factor
            if mistake == "inverted":
                factor = torch.exp(new - (torch.full_like(new, lowest) if top is None else top))
            if mistake == "last_chunk":
                factor = 0.0
            total = (1.0 if mistake == "sum_rescaled" else factor) * total + weights.sum(-1, keepdim=True)
            summed = (1.0 if mistake == "total_rescaled" else factor) * summed + weights @ v
            if mistake == "mean_of_chunks":
                states.setdefault(first, []).append(summed / total.masked_fill(total == 0, 1.0))
            else:
                states[first] = new, total, summed
    answers = []
    for first in range(0, queries, size):
        if mistake == "own_chunk_dropping" and first + size > queries:
            continue
        if mistake == "queries_left_over" and first + size > queries:
            continue
        if mistake == "mean_of_chunks":
            answers.append(torch.stack(states[first]).mean(0))
            continue
        if first not in states:
            answers.append(query.new_zeros(*query.shape[:-2], min(size, queries - first), value.shape[-1]))
            continue
        _, total, summed = states[first]
        if mistake == "rows_without_keys":
            answers.append(summed / total)
        elif mistake == "nan_on_the_way":
            answers.append((summed / total).masked_fill(total == 0, 0.0))
        else:
            answers.append(summed / torch.where(total == 0, torch.ones_like(total), total))
    answer = torch.cat(answers, -2).to(query.dtype)
    return answer.detach() if mistake == "detached" else answer
