#!/usr/bin/env bash
# Measures the bridge beside the bare client, by turns against one server, and prints tables. Takes some minutes; leave the
# machine alone meanwhile.
#   scripts/nats_figures.sh [--rounds=N]
# N rounds for each figure after one for the compilers; 5 unless given.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_test_servers.sh

. scripts/nats_program.sh
exec "${program[@]}" dev.rustyonions.bus.nats.NatsFigures "$@"
