"""beam_search with tokens, log-probabilities and states in lists of their own, and a top-k over a matrix."""

import torch


def beam_search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    words = [*src_sentence.lower().split(), "<eos>"][:num_steps]
    row = src_vocab[words] + src_vocab[["<pad>"] * (num_steps - len(words))]
    lengths = torch.tensor([len(words)], device=device)
    mode = net.training
    net.eval()
    answers = []
    with torch.no_grad():
        outputs = net.encoder(torch.tensor([row], device=device), lengths)
        states = [net.decoder.init_state(outputs, lengths)]
        sequences, totals = [[tgt_vocab["<bos>"]]], torch.zeros(1, dtype=torch.float64)
        for step in range(1, num_steps + 1):
            called = [
                net.decoder(torch.tensor([sequence[-1:]], device=device), state)
                for sequence, state in zip(sequences, states, strict=True)
            ]
            rows = torch.cat([scores[0].double().cpu().log_softmax(1) for scores, _ in called]) + totals[:, None]
            best, places = rows.flatten().topk(min(beam_size, rows.numel()))
            old, states_now = sequences, [state for _, state in called]
            sequences, states, kept = [], [], []
            for value, place in zip(best.tolist(), places.tolist(), strict=True):
                parent, token = divmod(place, rows.shape[1])
                if token == tgt_vocab["<eos>"]:
                    answers.append((value / step**alpha, old[parent][1:]))
                    continue
                sequences.append([*old[parent], token])
                states.append(states_now[parent])
                kept.append(value)
            totals = torch.tensor(kept, dtype=torch.float64)
            if not kept:
                break
    net.train(mode)
    answers += [
        (total / num_steps**alpha, sequence[1:]) for total, sequence in zip(totals.tolist(), sequences, strict=True)
    ]
    score, tokens = max(answers)
    return " ".join(tgt_vocab.to_tokens(tokens)), score
