#!/usr/bin/env bash
# Plants each fault of mutants/ in a copy of the tree, runs every harness of mutants/harnesses.conf against it, and prints a
# table of who caught what. The tree as it is, the control, must be green in the same run.
#
#     scripts/mutants.sh [--harness name]... [--enough N] [mutant]...      all of them without arguments
#
# A cell names the first test that failed, or has a dash if none did. With --enough a mutant's other harnesses are left out
# once N have caught it, and the table says so with a dot. Those that have a test in the table of INVARIANTS.md come first.
#
# MUTANTS_RUN_UNDER is put before each harness, a lock or a nice for instance.
# Ends with 0 if the control is green, each mutant was caught by two harnesses at least, or by each that was asked for, and
# none ended late or in an error. Ends with 1 at once if the control is not green.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
. scripts/java21.sh
work=$root/target/mutants

die() {
    echo "mutants.sh: $*" >&2
    exit 2
}

wanted=()
mutants=()
enough=1000
while (($#)); do
    case $1 in
        --harness) wanted+=("${2:?--harness needs a name}"); shift 2 ;;
        --enough) enough=${2:?--enough needs a number}; shift 2 ;;
        -*) die "unknown option $1; allowed are --harness name, --enough N and names of mutants" ;;
        *) [[ -f mutants/$1.mutant ]] || die "no mutants/$1.mutant"; mutants+=("$1"); shift ;;
    esac
done
if ((${#mutants[@]} == 0)); then
    for file in mutants/*.mutant; do
        mutants+=("$(basename "$file" .mutant)")
    done
fi

names=() seconds=() signs=() commands=()
while IFS='#' read -r name limit sign command; do
    name=${name// /}
    [[ -n $name ]] || continue
    if ((${#wanted[@]})) && [[ " ${wanted[*]} " != *" $name "* ]]; then
        continue
    fi
    names+=("$name") seconds+=("${limit// /}")
    signs+=("$(sed 's/^ *//; s/ *$//' <<<"$sign")")
    commands+=("$(sed 's/^ *//' <<<"$command")")
done <mutants/harnesses.conf
((${#names[@]})) || die "no harness of mutants/harnesses.conf is called ${wanted[*]}"
needed=$((${#names[@]} < 2 ? ${#names[@]} : 2))

# The library of a tree, with what the build asks of the compiler that a test could see.
compile() {
    (cd "$1" && find src/main/java -name '*.java' -print0 \
        | xargs -0 "$(dirname "$JAVA")/javac" -g -nowarn -proc:none --release 21 -p "$(cat "$work/classpath")" -d target/classes)
}

# The control: a compiled copy. Its jars are found through Maven, its JDK is the newest of the build's range. Its library is
# compiled anew in the end, as that of each mutant is: a test that fails for how this is done would seem to catch them all.
rm -rf "$work"
mkdir -p "$work/control"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/control"
cd "$work/control"
mvn -B -ntp -q test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" >"$work/prepare.log" 2>&1 \
    || { cat "$work/prepare.log" >&2; die "the tree does not compile"; }
if [[ -x mutants/prepare.sh ]]; then
    mutants/prepare.sh >>"$work/prepare.log" 2>&1 || { tail -50 "$work/prepare.log" >&2; die "mutants/prepare.sh failed"; }
fi
compile . >>"$work/prepare.log" 2>&1 || { tail -50 "$work/prepare.log" >&2; die "the library does not compile by itself"; }
cd "$root"

# try <tree> <harness index>: green, caught, late or error in $outcome, the first test that failed in $catcher. A harness is
# ended as soon as it has printed its sign of a catch: what hangs in one test mostly hangs in many.
outcome= catcher=
# A harness has a session of its own, which an interrupt of this script does not reach.
pid=
trap '[ -z "$pid" ] || kill -- -"$pid" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
try() {
    local tree=$1 i=$2 log code=0
    log=$work/$(basename "$tree").${names[i]}.log
    : >"$log" # read below before the harness has written
    (cd "$tree" && exec setsid ${MUTANTS_RUN_UNDER:-} timeout -k 10 "${seconds[i]}" bash -c "${commands[i]}") >"$log" 2>&1 &
    pid=$!
    while kill -0 $pid 2>/dev/null && ! grep -qE -- "${signs[i]}" "$log"; do
        sleep 0.5
    done
    if kill -- -$pid 2>/dev/null; then
        sleep 2
        kill -9 -- -$pid 2>/dev/null || true
    fi
    wait $pid 2>/dev/null || code=$?
    pid=
    catcher=
    if grep -qE -- "${signs[i]}" "$log"; then
        outcome=caught
        catcher=$(grep -oE -- '<<< (FAILURE|ERROR)! -- in [A-Za-z0-9_.]+|\[FAILED\] [A-Za-z0-9_.]+' "$log" | sed -n '1s/.*[. ]//p')
    elif ((code == 0)); then
        outcome=green
    elif ((code == 124 || code == 137)); then
        outcome=late
    else
        outcome=error
    fi
}

# The indices of the harnesses in $order: for mutant $1 first those that caught it when the table was made.
order=()
sort_harnesses() {
    local i cells caught=() others=() header
    header=$(grep '^| mutant | breaks |' INVARIANTS.md)
    cells=$(grep "^| $1 |" INVARIANTS.md || true)
    for i in "${!names[@]}"; do
        if awk -v name="${names[i]}" -v header="$header" -v row="$cells" 'BEGIN {
                n = split(header, columns, / *\| */); split(row, cells, / *\| */)
                for (k = 1; k <= n; k++) if (columns[k] == name && cells[k] ~ /`/) exit 0
                exit 1 }'; then
            caught+=("$i")
        else
            others+=("$i")
        fi
    done
    order=("${caught[@]}" "${others[@]}")
}

failed=()
row() {
    local name=$1 tree=$2 cells=() caught=0 breaks=nothing
    if [[ -f mutants/$name.mutant ]]; then
        breaks=$(sed -n '1s/^# \(I-[^:]*\):.*/\1/p' "mutants/$name.mutant")
    fi
    sort_harnesses "$name"
    for i in "${order[@]}"; do
        if [[ $name != control ]] && ((caught >= enough)); then
            cells[i]=.
            continue
        fi
        try "$tree" "$i"
        case $outcome in
            caught) caught=$((caught + 1)); cells[i]="\`${catcher:-caught}\`" ;;
            green) cells[i]=- ;;
            *) cells[i]=$outcome; failed+=("$name: ${names[i]} ended in $outcome, see $work/$name.${names[i]}.log") ;;
        esac
    done
    printf '| %s | %s |' "$name" "$breaks"; printf ' %s |' "${cells[@]}"; echo
    if [[ $name == control ]]; then
        if ((caught)); then failed+=("control: not green"); fi
    elif ((caught < needed)); then
        failed+=("$name: caught by $caught, $needed needed")
    fi
}

printf '| mutant | breaks |'; printf ' %s |' "${names[@]}"; echo
printf '|---|---|'; printf '%.0s---|' "${names[@]}"; echo
row control "$work/control"
# What fails without a fault would pass for the catch of one.
if ((${#failed[@]})); then
    printf '\n'
    printf '%s\n' "${failed[@]}"
    exit 1
fi
for mutant in "${mutants[@]}"; do
    tree=$work/$mutant
    cp -a "$work/control" "$tree"
    if ! "$JAVA" mutants/Mutate.java "mutants/$mutant.mutant" "$tree" 2>"$work/$mutant.log" \
        || ! compile "$tree" 2>>"$work/$mutant.log"; then
        cat "$work/$mutant.log" >&2
        failed+=("$mutant: does not apply or does not compile")
        echo "| $mutant | not planted |"
        continue
    fi
    row "$mutant" "$tree"
    rm -rf "$tree"
done

if ((${#failed[@]})); then
    printf '\n'
    printf '%s\n' "${failed[@]}"
    exit 1
fi
