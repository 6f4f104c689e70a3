#!/usr/bin/env python3
"""torch-loop.py DEVICE SECONDS: images/s of training torchvision's ResNet-50 with PyTorch, to compare with.

Eager mode, bfloat16 autocast, channels last, batches of 128 random images of 224 pixels, SGD. Says so and ends with 0 where PyTorch or
torchvision is absent.
"""
import sys
import time


def main():
    device_name, seconds = sys.argv[1], float(sys.argv[2])
    try:
        import torch
        import torchvision
    except ImportError as error:
        print(f"skipped: {error}")
        return 0
    device = torch.device(device_name)
    if device.type == "cuda" and not torch.cuda.is_available():
        print(f"skipped: PyTorch {torch.__version__} finds no CUDA")
        return 0
    batch = 128 if device.type == "cuda" else 4
    torch.manual_seed(0)
    network = torchvision.models.resnet50(weights=None).to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    images = torch.randn(batch, 3, 224, 224, device=device).to(memory_format=torch.channels_last)
    labels = torch.randint(1000, (batch,), device=device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            loss = torch.nn.functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        return loss

    def wait():
        if device.type == "cuda":
            torch.cuda.synchronize()

    for _ in range(3):
        step()
    wait()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        for _ in range(10 if device.type == "cuda" else 1):
            loss = step()
            steps += 1
        wait()
    taken = time.perf_counter() - start
    print(f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, ResNet-50, bfloat16, channels last, batch {batch}: "
          f"{steps * batch / taken:.0f} images/s over {taken:.1f} s, loss {loss.item():.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
