"""name_to_tensor by comparing code points."""

import torch


def name_to_tensor(name, alphabet):
    letters = torch.tensor([ord(character) for character in name], dtype=torch.int64)
    places = torch.tensor([ord(character) for character in alphabet], dtype=torch.int64)
    return (letters[:, None, None] == places).float()
