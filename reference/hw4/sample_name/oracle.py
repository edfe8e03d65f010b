"""sample_name by places in the alphabet, one-hot rows from an identity matrix."""

import torch


@torch.no_grad()
def sample_name(net, category, alphabet, start_letter="A", max_length=20):
    places = {character: place for place, character in enumerate(alphabet)}
    if start_letter not in places:
        raise ValueError(f"the alphabet has no {start_letter!r}")
    eye = torch.eye(len(alphabet) + 1).to(category)
    found, hidden = [places[start_letter]], net.init_hidden()
    for _ in range(max_length - 1):
        scores, hidden = net(category, eye[found[-1] : found[-1] + 1], hidden)
        found.append(int(scores.reshape(-1).topk(1).indices))
        if found[-1] == len(alphabet):
            found.pop()
            break
    return "".join(alphabet[place] for place in found)
