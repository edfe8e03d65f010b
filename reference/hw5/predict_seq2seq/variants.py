"""Other correct predict_seq2seq."""

import torch


def as_in_the_book(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The notes' way, mended."""
    modes = net.training
    net.eval()
    with torch.no_grad():
        src_tokens = src_vocab[src_sentence.lower().split()] + [src_vocab["<eos>"]]
        enc_valid_len = torch.tensor([len(src_tokens)], device=device).clamp(max=num_steps)
        src_tokens = src_tokens[:num_steps] + [src_vocab["<pad>"]] * (num_steps - len(src_tokens))
        enc_X = torch.unsqueeze(torch.tensor(src_tokens, dtype=torch.long, device=device), dim=0)
        enc_outputs = net.encoder(enc_X, enc_valid_len)
        dec_state = net.decoder.init_state(enc_outputs, enc_valid_len)
        dec_X = torch.unsqueeze(torch.tensor([tgt_vocab["<bos>"]], dtype=torch.long, device=device), dim=0)
        attention_weight_seq = []
        output_seq = []
        for _ in range(num_steps):
            Y, dec_state = net.decoder(dec_X, dec_state)
            dec_X = Y.argmax(dim=2)
            pred = dec_X.squeeze(dim=0).type(torch.int32).item()
            if save_attention_weights:
                attention_weight_seq.append(net.decoder.attention_weights)
            if pred == tgt_vocab["<eos>"]:
                break
            output_seq.append(pred)
    net.train(modes)
    return " ".join(tgt_vocab.to_tokens(output_seq)), attention_weight_seq


@torch.inference_mode()
def by_words(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """Words instead of ids, in inference mode."""
    words = [*src_sentence.lower().split(), "<eos>"]
    words = words[:num_steps]
    length = torch.tensor([len(words)], device=device)
    while len(words) < num_steps:
        words.append("<pad>")
    was = net.training
    try:
        net.train(False)
        X = torch.tensor([[src_vocab[word] for word in words]]).to(device)
        state = net.decoder.init_state(net.encoder(X, length), length)
        said, seen, word = [], [], "<bos>"
        while len(said) < num_steps:
            ids = torch.tensor([[tgt_vocab[word]]]).to(device)
            scores, state = net.decoder(ids, state)
            word = tgt_vocab.to_tokens([int(scores.softmax(-1).max(-1)[1])])[0]
            seen.append(net.decoder.attention_weights if save_attention_weights else None)
            if word == "<eos>":
                break
            said.append(word)
    finally:
        net.train(was)
    return " ".join(said), seen if save_attention_weights else []
