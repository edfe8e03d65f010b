"""chunked_attention that is right, written in other ways."""

import math

import torch


def merged_softmaxes(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """A softmax for each chunk; two answers are merged by the logarithms of their denominators."""
    low = torch.finfo(query.dtype).min
    outputs, at = [], 0
    for q in torch.split(query, chunk_size, dim=-2):
        rows = torch.arange(at, at + q.shape[-2], device=q.device).unsqueeze(-1)
        answer = logs = None
        place = 0
        for k, v in zip(torch.split(key, chunk_size, -2), torch.split(value, chunk_size, -2), strict=True):
            columns = torch.arange(place, place + k.shape[-2], device=q.device)
            keep = torch.ones(len(rows), len(columns), dtype=torch.bool, device=q.device)
            if causal:
                keep = keep & (columns <= rows)
            if valid_lens is not None:
                keep = keep & (columns < valid_lens.unsqueeze(-1).unsqueeze(-1))
            scores = torch.where(keep, q @ k.mT / math.sqrt(q.shape[-1]), low)
            here = torch.softmax(scores, -1).masked_fill(~keep, 0.0) @ v
            log = torch.logsumexp(scores, -1, keepdim=True)
            if answer is None:
                answer, logs = here, log
            else:
                share = torch.sigmoid(log - logs)
                answer, logs = answer + share * (here - answer), torch.logaddexp(logs, log)
            place += k.shape[-2]
        outputs.append(answer)
        at += q.shape[-2]
    return torch.cat(outputs, dim=-2)


def plain_learner(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """Written from the stub alone: minus infinity for what is masked, and where for what that breaks."""
    d = query.shape[-1]
    L_q = query.shape[-2]
    L_k = key.shape[-2]
    device = query.device
    out = []
    for q_start in range(0, L_q, chunk_size):
        q_end = min(q_start + chunk_size, L_q)
        q_chunk = query[..., q_start:q_end, :]
        m = torch.full(q_chunk.shape[:-1], float("-inf"), dtype=query.dtype, device=device)
        z = torch.zeros(q_chunk.shape[:-1], dtype=query.dtype, device=device)
        o = torch.zeros((*q_chunk.shape[:-1], value.shape[-1]), dtype=query.dtype, device=device)
        for k_start in range(0, L_k, chunk_size):
            if causal and k_start >= q_end:
                break
            k_end = min(k_start + chunk_size, L_k)
            k_chunk = key[..., k_start:k_end, :]
            v_chunk = value[..., k_start:k_end, :]
            scores = torch.matmul(q_chunk, k_chunk.transpose(-2, -1)) / math.sqrt(d)
            if causal:
                q_pos = torch.arange(q_start, q_end, device=device)
                k_pos = torch.arange(k_start, k_end, device=device)
                scores = scores.masked_fill(k_pos[None, :] > q_pos[:, None], float("-inf"))
            if valid_lens is not None:
                k_pos = torch.arange(k_start, k_end, device=device)
                scores = scores.masked_fill(k_pos >= valid_lens[..., None, None], float("-inf"))
            new_m = torch.maximum(m, scores.max(dim=-1).values).detach()
            safe_m = torch.where(torch.isinf(new_m), torch.zeros_like(new_m), new_m)
            p = torch.exp(scores - safe_m[..., None])
            alpha = torch.exp(m - safe_m)
            z = z * alpha + p.sum(-1)
            o = o * alpha[..., None] + torch.matmul(p, v_chunk)
            m = new_m
        z = torch.where(z == 0, torch.ones_like(z), z)
        out.append(o / z[..., None])
    return torch.cat(out, dim=-2)


class _Attention(torch.autograd.Function):
    """Keeps one number a query, and computes the weights of each chunk again on the way back."""

    @staticmethod
    def weights(q, k, logs, scale, limit, first, start):
        j = torch.arange(start, start + k.shape[-2], device=k.device)
        last = limit - 1
        if first is not None:
            i = torch.arange(first, first + q.shape[-2], device=k.device)[:, None]
            last = torch.minimum(i, last)
        scores = q @ k.mT * scale
        keep = (j <= last).expand(scores.shape)
        if logs is None:
            return scores, keep
        return torch.exp(scores - logs).where(keep, scores.new_zeros(()))

    @staticmethod
    def forward(ctx, query, key, value, limit, chunk, causal):
        scale = query.shape[-1] ** -0.5
        answer = query.new_empty(*query.shape[:-1], value.shape[-1])
        logs = query.new_empty(*query.shape[:-1], 1)
        for first in range(0, query.shape[-2], chunk):
            rows = slice(first, first + chunk)
            q = query[..., rows, :]
            top = torch.full_like(q[..., :1], -torch.inf)
            state = torch.zeros_like(torch.cat([q[..., :1], answer[..., rows, :]], -1))
            for start in range(0, key.shape[-2], chunk):
                k, v = key[..., start : start + chunk, :], value[..., start : start + chunk, :]
                scores, keep = _Attention.weights(q, k, None, scale, limit, first if causal else None, start)
                scores = scores.masked_fill(~keep, -torch.inf)
                old, top = top, torch.maximum(top, scores.amax(-1, True))
                shift = top.nan_to_num(neginf=0.0)
                weights = torch.exp(scores - shift)
                ones = torch.ones_like(v[..., :1])
                state = state * torch.exp(old - shift) + weights @ torch.cat([ones, v], -1)
            total = state[..., :1]
            answer[..., rows, :] = state[..., 1:] / total.where(total > 0, 1.0)
            logs[..., rows, :] = (top.nan_to_num(neginf=0.0) + total.log()).nan_to_num(neginf=0.0)
        ctx.save_for_backward(query, key, value, limit, answer, logs)
        ctx.chunk, ctx.causal, ctx.scale = chunk, causal, scale
        return answer

    @staticmethod
    def backward(ctx, slope):
        query, key, value, limit, answer, logs = ctx.saved_tensors
        of_query, of_key, of_value = (torch.zeros_like(part) for part in (query, key, value))
        row_sums = (slope * answer).sum(-1, keepdim=True)
        for first in range(0, query.shape[-2], ctx.chunk):
            i = slice(first, first + ctx.chunk)
            for start in range(0, key.shape[-2], ctx.chunk):
                j = slice(start, start + ctx.chunk)
                q, k, v, g = query[..., i, :], key[..., j, :], value[..., j, :], slope[..., i, :]
                weights = _Attention.weights(
                    q, k, logs[..., i, :], ctx.scale, limit, first if ctx.causal else None, start
                )
                of_value[..., j, :] += weights.mT @ g
                of_scores = weights * (g @ v.mT - row_sums[..., i, :]) * ctx.scale
                of_query[..., i, :] += of_scores @ k
                of_key[..., j, :] += of_scores.mT @ q
        return of_query, of_key, of_value, None, None, None


def backward_by_hand(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """A function of its own, whose backward pass goes through the chunks again."""
    limit = torch.tensor(key.shape[-2], device=query.device) if valid_lens is None else valid_lens
    return _Attention.apply(query, key, value, limit[..., None, None], chunk_size, causal)


def keys_outside(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """The outer loop goes over chunks of keys; each chunk of queries keeps its three sums in lists."""
    queries = list(enumerate(torch.split(query * query.shape[-1] ** -0.5, chunk_size, -2)))
    tops, totals, sums = ([None] * len(queries) for _ in range(3))
    lowest = torch.finfo(query.dtype).min
    for start in range(0, key.shape[-2], chunk_size):
        k = key[..., start : start + chunk_size, :]
        v = value[..., start : start + chunk_size, :]
        at = torch.arange(k.shape[-2], device=query.device) + start
        for index, q in queries:
            weighable = torch.ones((), dtype=torch.bool, device=query.device)
            if causal:
                own = torch.arange(q.shape[-2], device=query.device) + index * chunk_size
                weighable = at[None, :].le(own[:, None])
            if valid_lens is not None:
                weighable = weighable & at.lt(valid_lens.reshape(*valid_lens.shape, 1, 1))
            scores = torch.einsum("...qd,...kd->...qk", q, k)
            scores = torch.where(weighable, scores, torch.full_like(scores, lowest))
            top = scores.max(-1, keepdim=True)[0]
            if tops[index] is not None:
                top = torch.max(top, tops[index])
            weights = torch.exp(scores - top) * weighable
            total, summed = weights.sum(-1, keepdim=True), torch.einsum("...qk,...kv->...qv", weights, v)
            if tops[index] is not None:
                shrink = (tops[index] - top).exp()
                total, summed = total + shrink * totals[index], summed + shrink * sums[index]
            tops[index], totals[index], sums[index] = top, total, summed
    tiny = torch.finfo(query.dtype).tiny
    return torch.cat([s / t.clamp(min=tiny) for s, t in zip(sums, totals, strict=True)], dim=-2)
