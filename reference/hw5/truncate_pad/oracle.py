"""truncate_pad as the beginning of an endless line."""

from itertools import chain, islice, repeat


def truncate_pad(line, num_steps, padding_token):
    return list(islice(chain(line, repeat(padding_token)), num_steps))
