"""Checks on real GPUs, beside the points: which GPUs there are, who uses which, and what is found there.

Points come from the CPU and the simulated cuda. What is here was written after CUDA's documentation and tried with the
simulated device in a GPU's place; it is not verified on a GPU.
"""
