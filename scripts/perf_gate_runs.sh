#!/usr/bin/env bash
# Runs the performance gate many times with nothing planted, by turns alone and beside a process that never waits, and prints
# what the runs read of each figure, and how often it was missed or undecided.
#
#   scripts/perf_gate_runs.sh [runs]     of each kind, 10 unless given; one takes about four minutes
#
# Results are kept in target/perf-gate-runs, and a later call makes those that are not there yet. The load is stress-ng of
# Debian, installed where it may be. Ends with 0 if no gated figure was missed, with 1 if one was, with 2 if it could not run.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-10}
kept=target/perf-gate-runs
if ! [[ $runs =~ ^[1-9][0-9]{0,2}$ ]] || (($# > 1)); then
    echo "usage: scripts/perf_gate_runs.sh [runs]; got: $*; allowed are 1 to 999" >&2
    exit 2
fi
scripts/install_packages.sh stress-ng=stress-ng || exit 2

load=
trap '[ -z "$load" ] || kill "$load" 2>/dev/null || true' EXIT
mkdir -p "$kept"
for ((run = 1; run <= runs; run++)); do
    for kind in alone beside; do
        result=$kept/$kind-$run
        [ ! -f "$result.json" ] || continue
        if [ $kind = beside ]; then
            stress-ng --cpu 1 --quiet &
            load=$!
        fi
        code=0
        scripts/perf_gate.sh >"$result.log" 2>&1 || code=$?
        if [ -n "$load" ]; then
            kill "$load"
            wait "$load" || true
            load=
        fi
        if ((code > 1)) || ! [ -f target/perf-gate.json ]; then
            tail -20 "$result.log" >&2
            echo "perf_gate_runs.sh: the gate could not run; its output is in $result.log" >&2
            exit 2
        fi
        mv target/perf-gate.json "$result.json"
        echo "$kind, run $run of $runs: $(tail -1 "$result.log")" >&2
    done
done

# One line for each figure of each run: kind, figure, limit, measured, verdict.
readings() {
    for kind in alone beside; do
        cat "$kept/$kind"-*.json | sed -nE \
            's/.*"what":"([^"]*)".*"limit":"([^"]*)","measured":"([^"]*)".*"verdict":"([^"]*)".*/'$kind'\t\1\t\2\t\3\t\4/p'
    done
}
readings | awk -F '\t' '
    function verdicts(kind, what) {
        return (missed[kind, what] ? missed[kind, what] " missed" : "") \
            (missed[kind, what] && undecided[kind, what] ? ", " : "") \
            (undecided[kind, what] ? undecided[kind, what] " undecided" : "")
    }
    !($2 in limit) { order[++figures] = $2 }
    {
        limit[$2] = $3
        if (!(($1, $2) in low) || $4 + 0 < low[$1, $2] + 0) low[$1, $2] = $4
        if (!(($1, $2) in high) || $4 + 0 > high[$1, $2] + 0) high[$1, $2] = $4
        missed[$1, $2] += $5 ~ /MISSED/
        undecided[$1, $2] += $5 ~ /UNDECIDED/
        reported[$2] = $5 ~ /reported/ ? ", reported" : ""
    }
    END {
        print "| figure | limit | alone | | beside the load | |"
        print "|---|---|---|---|---|---|"
        for (i = 1; i <= figures; i++) {
            what = order[i]
            printf "| %s | %s%s | %s to %s | %s | %s to %s | %s |\n", what, limit[what], reported[what], \
                low["alone", what], high["alone", what], verdicts("alone", what), \
                low["beside", what], high["beside", what], verdicts("beside", what)
        }
    }'
red=$(readings | awk -F '\t' '$5 == "MISSED"' | wc -l)
echo "gated figures missed in all runs: $red" >&2
[ "$red" -eq 0 ]
