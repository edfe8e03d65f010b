"""TiedMLP with the shared weight handed to torch's linear function twice."""

from torch import nn
from torch.nn import functional as F


class TiedMLP(nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.input = nn.Linear(num_inputs, num_hiddens)
        self.hidden1 = nn.Linear(num_hiddens, num_hiddens)
        self.hidden2 = nn.Linear(num_hiddens, num_hiddens)
        self.output = nn.Linear(num_hiddens, num_outputs)
        self.hidden2.register_parameter("weight", self.hidden1.weight)

    def forward(self, x):
        shared = self.hidden1.weight
        hidden = F.relu(F.linear(F.relu(self.input(x)), shared, self.hidden1.bias))
        return self.output(F.relu(F.linear(hidden, shared, self.hidden2.bias)))
