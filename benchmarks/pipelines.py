"""Prints the table of BENCHMARKS.md for the tiny models: our job beside the bare pipeline call, on any machine."""

import sys

import torch

from generation.__main__ import main

MODELS = ("wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "ltx-2.3-distilled")

if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main(["bench", *(sys.argv[1:] or MODELS), "--random-weights", "--tiny", "--device", "cpu"]))
