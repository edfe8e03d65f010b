"""Greedy decoding, with parts that can be exchanged."""

import torch


def the_split(sentence):
    return sentence.lower().split()


def the_source(ids, num_steps, pad):
    return (ids + [pad] * num_steps)[:num_steps]


def translate(
    net,
    src_sentence,
    src_vocab,
    tgt_vocab,
    num_steps,
    device,
    save_attention_weights=False,
    *,
    split=the_split,
    end=lambda vocab: [vocab["<eos>"]],
    source=the_source,
    length=lambda ids, num_steps: min(len(ids), num_steps),
    first=lambda vocab: vocab["<bos>"],
    pick=lambda scores: scores[0, -1].argmax(),
    rounds=lambda num_steps: num_steps,
    carried=lambda old, new: new,
    read=lambda token, first: token,
    keep_end=False,
    stop=True,
    grad=torch.no_grad,
    before=lambda net: net.eval(),
    after=lambda net, was: net.train(was),
    where=lambda device: device,
    noted=lambda weights, net, ended: weights.append(net.decoder.attention_weights),
    joined=" ".join,
):
    """Right as it stands; a mistake gives another part."""
    was = net.training
    before(net)
    ids = src_vocab[split(src_sentence)] + end(src_vocab)
    place = where(device)
    valid_len = torch.tensor([length(ids, num_steps)], device=place)
    enc_X = torch.tensor([source(ids, num_steps, src_vocab["<pad>"])], device=place)
    predicted, weights = [], []
    with grad():
        state = net.decoder.init_state(net.encoder(enc_X, valid_len), valid_len)
        start = token = first(tgt_vocab)
        for _ in range(rounds(num_steps)):
            scores, new = net.decoder(torch.tensor([[read(token, start)]], device=place), state)
            state = carried(state, new)
            token = int(pick(scores))
            ended = token == tgt_vocab["<eos>"]
            if save_attention_weights:
                noted(weights, net, ended)
            if ended and stop:
                predicted += [token] if keep_end else []
                break
            predicted.append(token)
    after(net, was)
    return joined(tgt_vocab.to_tokens(predicted)), weights


def again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False, wrong=""):
    """The same another way, with one thing wrong."""
    mode = net.training
    if wrong != "mode":
        net.train(False)
    words = str.split(src_sentence.casefold() if wrong != "capitals" else src_sentence)
    words = (src_sentence.lower().split(" ") if wrong == "split" else words) + ["<eos>"] * (wrong != "no eos")
    ids = [src_vocab[word] for word in words]
    kept = ids[:num_steps]
    if wrong == "end kept" and len(ids) > num_steps:
        kept[-1] = src_vocab["<eos>"]
    filler = [0 if wrong == "pad 0" else src_vocab["<pad>"]] * (num_steps - len(kept))
    valid = len(ids) if wrong == "full length" else num_steps if wrong == "all valid" else len(kept)
    if wrong == "without end":
        valid = min(valid, len(ids) - 1)
    enc_X = torch.as_tensor(filler + kept if wrong == "pad first" else kept + filler).reshape(1, -1).to(device)
    valid_len = torch.as_tensor([valid]).to(device)
    text, weights = [], []
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(wrong == "gradients")
    outputs = net.encoder(enc_X, valid_len)
    first = state = net.decoder.init_state(outputs, valid_len)
    bos = {"eos first": "<eos>", "pad first token": "<pad>"}.get(wrong, "<bos>")
    dec_X = torch.full((1, 1), 2 if wrong == "bos 2" else tgt_vocab[bos], device=device)
    start = dec_X
    count = 0
    while count < num_steps + (wrong == "one more") - (wrong == "one less"):
        count += 1
        Y, state = net.decoder(start if wrong == "bos for ever" else dec_X, first if wrong == "first state" else state)
        dec_X = torch.topk(Y, 1, dim=-1).indices[:, :, 0]
        if save_attention_weights or wrong == "always saved":
            weights = [*weights, net.decoder.attention_weights]
        word = tgt_vocab.to_tokens(dec_X.flatten().tolist())[0]
        if word == "<eos>" and wrong != "never stops":
            text += ["<eos>"] * (wrong == "end shown")
            if wrong == "weights of words":
                weights = weights[:-1]
            break
        text.append(word)
    torch.set_grad_enabled(recording)
    if wrong != "left":
        net.train(True if wrong == "training after" else mode)
    return (text if wrong == "list" else " ".join(text)), weights
