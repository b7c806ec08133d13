"""What the system itself calls: faults of it as plain descriptions, and the proxy that carries them out.

- `faults`: what can go wrong, and which calls it hits. Pure.
- `shapes`: JSON that is valid and not what was agreed. Pure.
- `front`: the `[dependency]` section, checked: where the dependency is, and how the system is told of the proxy. Pure.
- `proxy`: the proxy in a thread of its own; `forwarding`: one request on its way through; `sending`: its answer on the
  way back. I/O, with aiohttp.
"""
