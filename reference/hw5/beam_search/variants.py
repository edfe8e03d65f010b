"""Other correct beam_search."""

import heapq
import math

import torch


def with_a_heap(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Hypotheses are dictionaries; the largest extensions come from a heap; probabilities are multiplied."""
    ids = (src_vocab[src_sentence.lower().split()] + [src_vocab["<eos>"]])[:num_steps]
    valid_len = torch.tensor([len(ids)], device=device)
    ids += [src_vocab["<pad>"]] * (num_steps - len(ids))
    was = net.training
    net.eval()
    with torch.no_grad():
        enc_outputs = net.encoder(torch.tensor(ids, device=device).unsqueeze(0), valid_len)
        going = [{"tokens": [], "p": 1.0, "state": net.decoder.init_state(enc_outputs, valid_len)}]
        finished = []
        for _ in range(num_steps):
            longer = []
            for one in going:
                last = one["tokens"][-1] if one["tokens"] else tgt_vocab["<bos>"]
                scores, state = net.decoder(torch.tensor([[last]], device=device), one["state"])
                for token, p in enumerate(torch.softmax(scores.flatten().double(), 0).tolist()):
                    longer.append({"tokens": [*one["tokens"], token], "p": one["p"] * p, "state": state})
            going = []
            for one in heapq.nlargest(beam_size, longer, key=lambda h: h["p"]):
                (finished if one["tokens"][-1] == tgt_vocab["<eos>"] else going).append(one)
            if len(going) == 0:
                break
    net.train(was)
    best = max(finished + going, key=lambda h: math.log(h["p"]) / len(h["tokens"]) ** alpha)
    said = [t for t in tgt_vocab.to_tokens(best["tokens"]) if t != "<eos>"]
    return " ".join(said), math.log(best["p"]) / len(best["tokens"]) ** alpha


def recursively(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The next step is a call of a function."""
    eos = tgt_vocab["<eos>"]

    def extensions(tokens, total, state):
        last = torch.tensor([[tokens[-1] if tokens else tgt_vocab["<bos>"]]], device=device)
        scores, state = net.decoder(last, state)
        logs = scores.squeeze() - scores.logsumexp(dim=2).squeeze()
        return [((*tokens, token), total + logs[token].item(), state) for token in range(scores.shape[2])]

    def ends(beam, steps):
        if steps == 0 or not beam:
            return beam
        found = [longer for one in beam for longer in extensions(*one)]
        found.sort(key=lambda one: one[1], reverse=True)
        found = found[:beam_size]
        over = [one for one in found if one[0][-1] == eos]
        return over + ends([one for one in found if one not in over], steps - 1)

    mode = net.training
    net.train(False)
    with torch.inference_mode():
        words = [*src_sentence.lower().split(), "<eos>"][:num_steps]
        length = torch.tensor([len(words)], device=device)
        X = torch.tensor([src_vocab[words + ["<pad>"] * (num_steps - len(words))]], device=device)
        start = net.decoder.init_state(net.encoder(X, length), length)
        candidates = [
            (total / len(tokens) ** alpha, tokens) for tokens, total, _ in ends([((), 0.0, start)], num_steps)
        ]
    net.train(mode)
    score, tokens = max(candidates)
    if tokens[-1] == eos:
        tokens = tokens[:-1]
    return " ".join(tgt_vocab.to_tokens(list(tokens))), score
