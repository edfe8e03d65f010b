"""predict_seq2seq with a generator of tokens."""

import torch


def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    words = [*src_sentence.lower().split(), "<eos>"][:num_steps]
    row = src_vocab[words] + src_vocab[["<pad>"] * (num_steps - len(words))]
    lengths = torch.full((1,), len(words), dtype=torch.int64, device=device)
    weights = []

    def tokens():
        state = net.decoder.init_state(net.encoder(torch.tensor(row, device=device)[None], lengths), lengths)
        token = tgt_vocab["<bos>"]
        for _ in range(num_steps):
            scores, state = net.decoder(torch.tensor([[token]], device=device), state)
            if save_attention_weights:
                weights.append(net.decoder.attention_weights)
            values = scores.flatten().tolist()
            token = values.index(max(values))
            if token == tgt_vocab["<eos>"]:
                return
            yield token

    mode = net.training
    net.eval()
    with torch.no_grad():
        found = list(tokens())
    net.train(mode)
    return " ".join(tgt_vocab.to_tokens(found)), weights
