#!/usr/bin/env bash
# Holds the bus to its performance targets: ratios measured in one run, and exact figures.
#
#   [STRICT=0|1] [ROUNDS=n] [MEASTIME=seconds] scripts/perf_gate.sh
#   [ROUNDS=n] [MEASTIME=seconds] scripts/perf_gate.sh --against REF
#
# A figure is met, missed, or undecided when its limit lies within its interval; PERF.md says how. Exit 1: the last line
# names what was missed, or nothing could be measured. An undecided figure is named and fails nothing, except with STRICT=1,
# where it is exit 2 if nothing was missed.
#
# --against compares this tree with the commit REF, operation by operation: built beside the tree, measured in turn with it
# in one JVM. Prints each ratio of this tree to REF with its interval. Exit 1: something is more than a twentieth slower.
# RON_BENCH_ONLY names some of publish, submit, drain, receive, drain-lossless, create and subscribe.
#
# STRICT=1 gates to the targets themselves; without, a noisy machine of two processors is allowed for. ROUNDS (3, against a
# REF 5) is how often each figure is measured; one that is not met is measured up to four times more. MEASTIME (0.4) is how
# long each side of a ratio is measured in a round. RON_BENCH_ONLY names figures, separated by commas, by how they begin.
# RON_BENCH_SEED repeats the orders in which the sides of an earlier run were taken; each run prints its seed.
# Contended publishers and the most parked receivers need a processor for each thread: with fewer than four they are reported,
# not gated, and so are absolute times.
set -euo pipefail
cd "$(dirname "$0")/.."
ref=
case "${1:-}" in
'') ;;
--against)
    ref=${2:-}
    if ! commit=$(git rev-parse --verify --quiet "$ref^{commit}"); then
        echo "--against: \"$ref\" is no commit of this repository" >&2
        exit 2
    fi
    ;;
*)
    echo "usage: scripts/perf_gate.sh [--against REF]; got: $*" >&2
    exit 2
    ;;
esac
source scripts/benchmarks_jar.sh
[ -n "$ref" ] || exec "$java" "${quiet[@]}" -jar "$jar" gate

# The other version's classes are kept: a commit does not change.
classes=target/against/$commit
if [ ! -d "$classes" ]; then
    tree=$(mktemp -d)
    trap 'git worktree remove --force "$tree" >/dev/null 2>&1; rm -rf "$tree"' EXIT
    git worktree add --quiet --detach "$tree" "$commit"
    echo "Building $ref"
    mvn -B -ntp -q -f "$tree/build" -pl .. compile
    mkdir -p target/against
    rm -rf "$classes.part"
    cp -r "$tree/target/classes" "$classes.part"
    mv "$classes.part" "$classes"
fi
echo "this tree against $ref, $commit"
"$java" "${quiet[@]}" -jar "$jar" against "$classes"
