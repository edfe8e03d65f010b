"""Other right ways to write pad_bert_inputs."""

import torch
import torch.nn.functional as F


def with_pad(examples, max_len, vocab):
    """Padding by torch.nn.functional.pad, the weights from a comparison."""
    most = round(0.15 * max_len)

    def padded(values, length, fill=0):
        if len(values) > length:
            raise ValueError(f"{len(values)} values do not fit into {length}")
        return F.pad(torch.tensor(values, dtype=torch.long), (0, length - len(values)), value=fill)

    columns = [[] for _ in range(7)]
    for ids, positions, labels, segments, is_next in examples:
        columns[0].append(padded(ids, max_len, vocab["<pad>"]))
        columns[1].append(padded(segments, max_len))
        columns[2].append(torch.tensor(float(len(ids))))
        columns[3].append(padded(positions, most))
        columns[4].append((torch.arange(most) < len(positions)).float())
        columns[5].append(padded(labels, most))
        columns[6].append(torch.tensor(1 if is_next else 0))
    return tuple(columns)


def plain_lists(examples, max_len, vocab):
    """Plain lists filled up with while loops, in the order of the stub."""
    max_num_mlm_preds = round(max_len * 0.15)
    all_token_ids, all_segments, valid_lens = [], [], []
    all_pred_positions, all_mlm_weights, all_mlm_labels = [], [], []
    nsp_labels = []
    pad = vocab["<pad>"]
    for token_ids, pred_positions, mlm_pred_label_ids, segments, is_next in examples:
        if len(token_ids) > max_len:
            raise ValueError("too many tokens")
        if len(pred_positions) > max_num_mlm_preds:
            raise ValueError("too many predictions")
        ids = list(token_ids)
        segs = list(segments)
        while len(ids) < max_len:
            ids.append(pad)
            segs.append(0)
        positions = list(pred_positions)
        labels = list(mlm_pred_label_ids)
        weights = [1.0] * len(positions)
        while len(positions) < max_num_mlm_preds:
            positions.append(0)
            labels.append(0)
            weights.append(0.0)
        all_token_ids.append(torch.tensor(ids, dtype=torch.long))
        all_segments.append(torch.tensor(segs, dtype=torch.long))
        valid_lens.append(torch.tensor(len(token_ids), dtype=torch.float32))
        all_pred_positions.append(torch.tensor(positions, dtype=torch.long))
        all_mlm_weights.append(torch.tensor(weights, dtype=torch.float32))
        all_mlm_labels.append(torch.tensor(labels, dtype=torch.long))
        nsp_labels.append(torch.tensor(is_next, dtype=torch.long))
    return (all_token_ids, all_segments, valid_lens, all_pred_positions, all_mlm_weights, all_mlm_labels, nsp_labels)


def a_tensor_each(examples, max_len, vocab):
    """One pass a column, after all examples are checked."""
    most = round(max_len * 0.15)
    for ids, positions, *_ in examples:
        if max_len < len(ids) or most < len(positions):
            raise ValueError("an example does not fit")
    fill = lambda values, length, value: torch.tensor([*values, *(length - len(values)) * (value,)]).long()
    return (
        [fill(e[0], max_len, vocab["<pad>"]) for e in examples],
        [fill(e[3], max_len, 0) for e in examples],
        [torch.tensor(len(e[0])).float() for e in examples],
        [fill(e[1], most, 0) for e in examples],
        [torch.cat([torch.ones(len(e[1])), torch.zeros(most - len(e[1]))]) for e in examples],
        [fill(e[2], most, 0) for e in examples],
        [torch.tensor(e[4]).long() for e in examples],
    )
