"""Recall from a table of labels and predictions in plain numbers."""

from counting import Table


class Recall(Table):
    pass
