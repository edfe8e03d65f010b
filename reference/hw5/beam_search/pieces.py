"""Beam search, with parts that can be exchanged."""

import math

import torch


def the_choice(groups, size):
    return sorted((one for group in groups for one in group), key=lambda one: -one[0])[:size]


def search(
    net,
    src_sentence,
    src_vocab,
    tgt_vocab,
    num_steps,
    device,
    beam_size=2,
    alpha=0.75,
    *,
    logs=lambda scores: scores.log_softmax(0),
    score=lambda log_prob, length, alpha: log_prob / length**alpha,
    count=lambda tokens, eos: len(tokens),
    width=lambda size: size,
    choose=the_choice,
    steps=lambda number: number,
    length=lambda ids, num_steps: min(len(ids), num_steps),
    by=None,
    refill=False,
    extend_finished=False,
    forget=False,
    drop_unfinished=False,
    stop_early=False,
    shared=False,
    show_end=False,
    returned=float,
    before=lambda net: net.eval(),
    after=lambda net, was: net.train(was),
    grad=torch.no_grad,
    where=lambda device: device,
):
    """Right as it stands; a mistake gives another part."""
    eos, place = tgt_vocab["<eos>"], where(device)
    was = net.training
    before(net)
    ids = src_vocab[src_sentence.lower().split()] + [src_vocab["<eos>"]]
    lengths = torch.tensor([length(ids, num_steps)], device=place)
    row = (ids + [src_vocab["<pad>"]] * num_steps)[:num_steps]
    done = []
    with grad():
        state = net.decoder.init_state(net.encoder(torch.tensor([row], device=place), lengths), lengths)
        beam = [(0.0, [], state)]
        for _ in range(steps(num_steps)):
            groups = []
            for log_prob, tokens, state in beam:
                last = tokens[-1] if tokens else tgt_vocab["<bos>"]
                scores, new = net.decoder(torch.tensor([[last]], device=place), state)
                more = logs(scores[0, 0]).tolist()
                groups.append([(log_prob + one, [*tokens, token], new) for token, one in enumerate(more)])
            if not groups:
                break
            found = choose(groups, 10**6 if refill else width(beam_size))
            if refill:
                ended = [one for one in found[: width(beam_size)] if one[1][-1] == eos]
                found = ended + [one for one in found if one[1][-1] != eos][: width(beam_size)]
            ended = [one for one in found if one[1][-1] == eos]
            done = ended if forget else done + ended
            beam = found if extend_finished else [one for one in found if one[1][-1] != eos]
            if shared and beam:
                beam = [(log_prob, tokens, beam[0][2]) for log_prob, tokens, _ in beam]
            if stop_early and ended:
                beam = []
    after(net, was)
    candidates = done + (beam if not drop_unfinished or not done else [])
    scored = [(score(one[0], count(one[1], eos), alpha), one) for one in candidates]
    best = max(scored, key=(lambda pair: pair[0]) if by is None else (lambda pair: by(pair[1])))
    words = [token for token in best[1][1] if show_end or token != eos]
    return " ".join(tgt_vocab.to_tokens(words)), returned(best[0])


class _Hypothesis:
    def __init__(self, tokens, log_prob, state):
        self.tokens, self.log_prob, self.state = tokens, log_prob, state


def again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75, wrong=""):
    """The same with objects and tensors, with one thing wrong."""
    mode = net.training
    if wrong != "mode":
        net.eval()
    words = [*src_sentence.lower().split(), "<eos>"]
    length = len(words) if wrong == "full length" else min(num_steps, len(words))
    words = (words + ["<pad>"] * num_steps)[:num_steps]
    enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(wrong == "gradients")
    valid = torch.tensor([length]).to(device)
    outputs = net.encoder(torch.tensor([src_vocab[words]]).to(device), valid)
    end = tgt_vocab["<eos>"]
    size = 1 if wrong == "greedy" else beam_size + (wrong == "wider")
    live = [_Hypothesis((), 0.0, net.decoder.init_state(outputs, valid))]
    over = []
    for _ in range(max(1, num_steps - (wrong == "one less"))):
        if not live:
            break
        grown = []
        for one in live:
            last = (tgt_vocab["<bos>"], *one.tokens)[-1]
            Y, state = net.decoder(torch.full((1, 1), last).to(device), one.state)
            row = Y.reshape(-1)
            probs = row.softmax(0)
            new = []
            for token in range(len(row)):
                part = {"raw": row[token], "added": probs[token]}.get(wrong, probs[token].log())
                part = float(part) / (math.log(2) if wrong == "base 2" else 1)
                new.append(_Hypothesis((*one.tokens, token), one.log_prob + part, state))
            if wrong == "each its own":
                new = sorted(new, key=lambda h: h.log_prob, reverse=True)[:size]
            grown += new
        grown.sort(key=lambda h: h.log_prob, reverse=wrong != "worst")
        if wrong == "refilled":
            ended = [h for h in grown[:size] if h.tokens[-1] == end]
            kept = [h for h in grown if h.tokens[-1] != end][:size] + ended
        else:
            kept = grown if wrong == "each its own" else grown[:size]
        if wrong == "lost":
            over.clear()
        over += [h for h in kept if h.tokens[-1] == end]
        live = [h for h in kept if wrong == "extended" or h.tokens[-1] != end]
        if wrong == "shared":
            for one in live:
                one.state = live[0].state
        if wrong == "first" and over:
            live = []
    torch.set_grad_enabled(enabled)
    if wrong != "left":
        net.train(mode)

    def score(h):
        number = len(h.tokens) + (wrong == "bos counted")
        if wrong == "end not counted":
            number = max(1, number - h.tokens.count(end))
        if wrong == "no penalty":
            return h.log_prob
        if wrong == "plain length":
            return h.log_prob / number
        if wrong == "times alpha":
            return h.log_prob / (number * alpha) if alpha else h.log_prob
        if wrong == "multiplied":
            return h.log_prob * number**alpha
        return h.log_prob * number**-alpha

    last = live if wrong != "unfinished lost" or not over else []
    best = sorted(over + last, key=(lambda h: h.log_prob) if wrong == "by probability" else score)[-1]
    text = [tgt_vocab.to_tokens([t])[0] for t in best.tokens if wrong == "shown" or t != end]
    return " ".join(text), torch.tensor(score(best)) if wrong == "tensor" else score(best)
