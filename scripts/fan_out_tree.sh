#!/usr/bin/env bash
# Runs the simulated tree of a thousand nodes and prints loss and delay by level. Ends with 1 if an account does not balance.
#   scripts/fan_out_tree.sh [--seed=N]
# The same seed gives the same output on every machine; 1 unless given.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/nats_program.sh
exec "${program[@]}" dev.rustyonions.bus.nats.FanOutTree "$@"
