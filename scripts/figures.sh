#!/usr/bin/env bash
# Keeps the figures of benchmarks, and makes of them the tables and pictures that documents show.
#
#   scripts/figures.sh                         all tables and pictures anew
#   [RUNS=n] [SIZE=quick] scripts/figures.sh NAME [KEPT]
#                                              measures NAME, what RON_BENCH_ONLY of scripts/bench.sh takes, n times,
#                                              keeps the figures as KEPT, which is NAME if there is none, and makes all anew
#
# Writes docs/figures/KEPT.json: the figure of each run, with processor, JDK, date, commit and command. Figures of another
# processor, JDK or collector stay beside the new ones; those of the same are replaced. RUNS is 5, the fewest that have
# quartiles. What RON_... and JDK_JAVA_OPTIONS set is a part of the command; KEPT keeps apart what was measured under other
# settings. BENCH_JAVA_HOME is another JDK to measure on, of which the figures tell. In PERF.md a comment says which figures
# a table has, and what its rows and columns are. Exit 1: a run failed, or a cost grows faster than it may.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 2 ] || [[ ${1:-} == -* ]]; then
    echo "usage: scripts/figures.sh [NAME [KEPT]]; got: $*" >&2
    exit 2
fi
source scripts/benchmarks_jar.sh
if [ $# = 0 ]; then
    exec "$java" "${quiet[@]}" -jar "$jar" figures update
fi
name=$1 kept=${2:-$1} runs=${RUNS:-5} size=${SIZE:-full}
if ! [[ $runs =~ ^[0-9]+$ ]] || [ "$runs" -lt 5 ]; then
    echo "RUNS: \"$runs\" is not a whole number from 5 up" >&2
    exit 2
fi
commit=$(git rev-parse --short=10 HEAD)
git diff --quiet HEAD -- pom.xml build src/main jmh || commit+=" with changes"
command="scripts/figures.sh $*"
[ "$runs" = 5 ] || command="RUNS=$runs $command"
[ "$size" = full ] || command="SIZE=$size $command"
for setting in JDK_JAVA_OPTIONS "${!RON_@}"; do
    [ -z "${!setting:-}" ] || command="$setting=${!setting} $command"
done

# A run that ends with 1 because of a growth has its figures all the same.
files=() status=0
mkdir -p target/figures
for ((run = 1; run <= runs; run++)); do
    echo "run $run of $runs"
    rm -f target/bench.json
    RON_BENCH_ONLY=$name scripts/bench.sh "$size" || status=$?
    if [ ! -f target/bench.json ] || ! grep -q '{' target/bench.json; then
        echo "run $run has no figures: is \"$name\" one of those that scripts/bench.sh names?" >&2
        exit 1
    fi
    mv target/bench.json "target/figures/$kept-$run.json"
    files+=("target/figures/$kept-$run.json")
done
"$java" "${quiet[@]}" -jar "$jar" figures collect "$kept" "$commit" "$command" "${files[@]}"
exit "$status"
