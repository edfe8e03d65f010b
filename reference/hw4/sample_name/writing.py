"""Writing a name in parts that can be exchanged."""

import torch


def checked(start_letter, alphabet):
    if len(start_letter) != 1 or start_letter not in alphabet:
        raise ValueError("not a letter of the alphabet")


def the_row(letter, alphabet, category):
    row = torch.zeros(1, len(alphabet) + 1, dtype=category.dtype, device=category.device)
    row[0, alphabet.find(letter)] = 1
    return row


def write(
    net,
    category,
    alphabet,
    start_letter="A",
    max_length=20,
    *,
    check=checked,
    row=the_row,
    rounds=lambda most: most - 1,
    best=lambda scores: int(scores[0].argmax()),
    carry=lambda old, new: new,
    follow=lambda letter, first: letter,
    kind=lambda category: category,
    end=len,
    at_the_end=lambda name: (name, True),
    answer=lambda name, first: name,
    grad=torch.no_grad,
):
    """Right as it stands; a mistake gives another part."""
    check(start_letter, alphabet)
    with grad():
        hidden, name, letter = net.init_hidden(), start_letter, start_letter
        for _ in range(rounds(max_length)):
            scores, after = net(kind(category), row(letter, alphabet, category), hidden)
            hidden, place = carry(hidden, after), best(scores)
            if place == end(alphabet):
                name, over = at_the_end(name)
                if over:
                    break
                continue
            letter = (alphabet + " ")[place]
            name += letter
            letter = follow(letter, start_letter)
        return answer(name, start_letter)


def again(net, category, alphabet, start_letter="A", max_length=20, wrong=""):
    """The same in one function, with one thing wrong."""
    if wrong != "unchecked":
        checked(start_letter, alphabet)
    letters, hidden = [start_letter], net.init_hidden()
    with torch.set_grad_enabled(wrong == "recorded"):
        while len(letters) < max_length + (wrong == "longer") - (wrong == "shorter"):
            row = category.new_zeros(len(alphabet) + 1)
            row[alphabet.find(letters[0] if wrong == "first again" else letters[-1])] = 1
            scores, new = net(category, row.unsqueeze(0), hidden)
            hidden = hidden if wrong == "forgotten" else new
            if wrong == "worst":
                scores = -scores
            place = scores.topk(1)[1].item()
            if place == len(alphabet) - (wrong == "last letter"):
                if wrong == "marked":
                    letters.append("<EOS>")
                break
            letters.append(alphabet[place] if place < len(alphabet) else " ")
    return "".join(letters)
