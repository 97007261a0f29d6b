#!/usr/bin/env bash
# Starts a NATS server and three JVMs that publish what happens in them to each other, kills the server and starts it
# again in between, and prints the account of all pairs. Ends with 1 if one does not balance.
#   scripts/cluster_demo.sh [--jetstream] [--phase-millis=N]
# With --jetstream the events go through a stream. N milliseconds before, during and after the outage; 2000 unless given.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_test_servers.sh

. scripts/nats_program.sh
exec "${program[@]}" dev.rustyonions.bus.nats.ClusterDemo "$@"
