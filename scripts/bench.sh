#!/usr/bin/env bash
# Runs the benchmarks; writes target/bench.md and target/bench.json.
#
#   scripts/bench.sh [quick|full]
#
# RON_BENCH_ONLY names some, separated by commas: PublishFloor PublishIdle PublishStuck PublishMetrics PublishReceive DrainFloor
# Drain DrainDisruptor Submit Contended ContendedDisruptor ColdStart Subscribe Lag PublishOverflowing allocation memory
# first-event parked million streaming sustained starts fairness beside growth bursts knobs latency peers. RON_CAP, RON_BURST,
# RON_FANOUT and RON_BENCH_MILLIS set what these do not sweep; RON_BENCH_PACE=spin|sleep is how a publisher at a fixed rate
# waits. The million is left out where there is less than 14 GiB of memory.
#
# Exit 1: a run failed, or growth found a cost that grows faster than it may, which the last lines name.
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-quick}
case $size in
quick | full) ;;
*)
    echo "usage: scripts/bench.sh [quick|full]; got: $size" >&2
    exit 2
    ;;
esac
source scripts/benchmarks_jar.sh
exec "$java" "${quiet[@]}" -jar "$jar" suite "$size"
