"""Other correct MultiModalNet."""

import torch
import torch.nn.functional as F
from pieces import NAMES, Again
from torch import nn


class WrittenOut(nn.Module):
    """A learner's style: every layer by its name, an if for every branch."""

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__()
        self.genomics_fc1 = nn.Linear(genomics_dim, hidden_dim)
        self.genomics_fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.transcript_fc1 = nn.Linear(transcript_dim, hidden_dim)
        self.transcript_fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.metabol_fc1 = nn.Linear(metabol_dim, hidden_dim)
        self.metabol_fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.fc1 = nn.Linear(3 * hidden_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.fc3 = nn.Linear(hidden_dim, num_classes)

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        if genomics is None and transcriptomics is None and metabolomics is None:
            raise ValueError("give me at least one modality")
        x1 = x2 = x3 = None
        if genomics is not None:
            x1 = F.relu(self.genomics_fc1(genomics))
            x1 = F.relu(self.genomics_fc2(x1))
        if transcriptomics is not None:
            x2 = F.relu(self.transcript_fc1(transcriptomics))
            x2 = F.relu(self.transcript_fc2(x2))
        if metabolomics is not None:
            x3 = F.relu(self.metabol_fc1(metabolomics))
            x3 = F.relu(self.metabol_fc2(x3))
        there = x1 if x1 is not None else x2 if x2 is not None else x3
        x1, x2, x3 = (torch.zeros_like(there) if x is None else x for x in (x1, x2, x3))
        x = torch.cat((x1, x2, x3), dim=-1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


class FilledIn(Again):
    """A tensor of zeros into which the branches that are there are written."""

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        given = {
            k: self.through(name, X)
            for k, (name, X) in enumerate(zip(NAMES, (genomics, transcriptomics, metabolomics), strict=True))
            if X is not None
        }
        if not given:
            raise ValueError("nothing to classify")
        size = self.fc1.out_features
        first = next(iter(given.values()))
        joined = F.pad(torch.zeros_like(first), (0, 2 * size))
        for k, features in given.items():
            joined = joined + F.pad(features, (k * size, (2 - k) * size))
        return self.last(joined)
