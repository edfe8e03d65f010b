"""MultiModalNet with the last layer of the fusion cut into the branches' thirds, of which absent ones are left out."""

import torch
from torch import nn
from torch.nn import functional as F


class MultiModalNet(nn.Module):
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
        branches = (
            (genomics, self.genomics_fc1, self.genomics_fc2),
            (transcriptomics, self.transcript_fc1, self.transcript_fc2),
            (metabolomics, self.metabol_fc1, self.metabol_fc2),
        )
        thirds = self.fc1.weight.chunk(3, dim=1)
        parts = [
            F.linear(F.relu(second(F.relu(first(X)))), third)
            for (X, first, second), third in zip(branches, thirds, strict=True)
            if X is not None
        ]
        if not parts:
            raise ValueError("there is no input")
        hidden = torch.stack(parts).sum(0) + self.fc1.bias
        return self.fc3(F.relu(self.fc2(F.relu(hidden))))
