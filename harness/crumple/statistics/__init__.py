"""Figures about rates, means and quantiles, and what may be said of them. Pure; every function names its source.

One-shot, for a fixed number of calls: `rates`, `clustered`, `stratified`, `quantiles`, `paired`, `trend`, `multiple`,
`discrete`.
Watched while calls come in, at no cost: `sequential`, `means`. docs/benchmarks.md has how often each is right.
"""
