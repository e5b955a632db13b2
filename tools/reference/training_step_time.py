"""The step of src/learn/bench/learn_bench.cpp in PyTorch, whichever version is installed:
    python3 tools/reference/training_step_time.py [THREADS] [STEPS]
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH, LENGTH, ITEMS, COLUMNS, WIDTH, HEADS, LAYERS, INNER, DROP = 128, 50, 3500, 200, 64, 2, 2, 256, 0.2


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.output = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.first, self.second = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, x):
        drop = lambda y: functional.dropout(y, DROP)
        parts = self.qkv(x).view(BATCH, LENGTH, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = parts[0] @ parts[1].transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        mixed = (drop(scores.softmax(-1)) @ parts[2]).transpose(1, 2).reshape(BATCH, LENGTH, WIDTH)
        x = self.first(x + drop(self.output(mixed)))
        return self.second(x + drop(self.outer(functional.gelu(self.inner(x)))))


class Bert4rec(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Linear(COLUMNS, WIDTH)
        self.positions = nn.Parameter(torch.randn(LENGTH, WIDTH) * 0.1)
        self.mask = nn.Parameter(torch.randn(WIDTH) * 0.1)
        self.norm, self.output_norm = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.Sequential(*(Layer() for _ in range(LAYERS)))
        self.output = nn.Linear(WIDTH, WIDTH)

    def forward(self, content, items, masked):
        table = self.items(content)
        x = torch.where(masked[..., None], self.mask, functional.embedding(items, table)) + self.positions
        x = self.layers(functional.dropout(self.norm(x), DROP))
        asked = self.output_norm(functional.gelu(self.output(x[masked])))
        return functional.cross_entropy(asked @ table.T, items[masked])


def main():
    threads, steps = (int(value) for value in (sys.argv[1:] + ["1", "30"][len(sys.argv) - 1:]))
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model, content = Bert4rec(), torch.randn(ITEMS, COLUMNS)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    wall, cpu = [], []
    for _ in range(steps):
        begin, busy = time.perf_counter(), time.process_time()
        items, masked = torch.randint(ITEMS, (BATCH, LENGTH)), torch.rand(BATCH, LENGTH) < 0.2
        adam.zero_grad()
        model(content, items, masked).backward()
        adam.step()
        wall.append(1e3 * (time.perf_counter() - begin))
        cpu.append(1e3 * (time.process_time() - busy))
    middle = lambda values: sorted(values[2:])[(len(values) - 2) // 2]
    print(f"bert4rec step, {threads} threads: {middle(wall):.1f} ms, {middle(cpu):.1f} ms of processor time"
          f" (PyTorch {torch.__version__})")


main()
