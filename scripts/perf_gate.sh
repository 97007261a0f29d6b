#!/usr/bin/env bash
# Holds the bus to its performance targets: ratios measured in one run, and exact figures. Exit 1 names what failed.
#
#   [STRICT=0|1] [ROUNDS=n] [MEASTIME=seconds] scripts/perf_gate.sh
#
# STRICT=1 gates to the targets themselves; without, a noisy machine of two processors is allowed for. ROUNDS (3) is how
# often each figure is measured, of which the median counts; MEASTIME (0.4) how long each time. RON_BENCH_ONLY names
# figures, separated by commas, by how they begin. Contended publishers and the most parked receivers need a processor for each
# thread: with fewer than four they are reported, not gated, and so are absolute times.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/benchmarks_jar.sh
exec "$java" "${quiet[@]}" -jar "$jar" gate
