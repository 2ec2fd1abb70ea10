"""Benchmarks: each against its yardstick in the same run, on one core. `make bench`; figures are ratios."""
