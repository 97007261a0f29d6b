#!/usr/bin/env bash
# Searches every state of the protocols in models/ with spin, as they are and with each planted fault.
#   scripts/models.sh quick   small bounds, and all planted faults; two minutes of processor time
#   scripts/models.sh full    larger bounds besides; many minutes, up to 16 GB
# Prints a line for each scenario. Ends with 1 at the first that is not as expected, with 77 where spin cannot be had.
# What spin leaves, counterexamples included: target/models.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-}
case $mode in
    quick) memory=4096 ;;
    full) memory=16384 ;;
    *)
        echo "usage: scripts/models.sh quick|full; got \"$mode\"" >&2
        exit 2
        ;;
esac

if ! scripts/install_packages.sh spin=spin gcc=gcc,libc6-dev; then
    echo "models.sh: skipped: spin and gcc are not on the PATH" >&2
    exit 77
fi

# expected # model # what the scenario is about # its bounds, and the fault if one is planted
quick() {
    cat <<'END'
holds  # wait_stack # three receivers, one publisher: the tree of shares # -DRECEIVERS=3 -DPUBLISHERS=1
holds  # wait_stack # two receivers, two publishers                      # -DRECEIVERS=2 -DPUBLISHERS=2
holds  # wait_stack # waits that time out; the push in two steps         # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DSPLIT_PUSH
breaks # wait_stack # no fence between arming and the look               # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DNO_FENCE
breaks # wait_stack # no look after arming                               # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DNO_SECOND_LOOK
breaks # wait_stack # the publisher reads top in acquire mode            # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DACQUIRE_TOP
breaks # wait_stack # the publisher reads top before its claim           # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DLOOK_BEFORE_CLAIM
breaks # wait_stack # a node is armed again by a check and a store       # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DPLAIN_REARM
breaks # wait_stack # a node is pushed again                             # -DRECEIVERS=2 -DPUBLISHERS=2 -DEACH=4 -DSPLIT_PUSH -DPUSHED_TWICE
breaks # wait_stack # a share is ignored                                 # -DRECEIVERS=2 -DPUBLISHERS=1 -DSHARE_DROPPED
breaks # wait_stack # a share is ignored when the time is up             # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DSHARE_DROPPED_ON_TIMEOUT
breaks # wait_stack # an idle node is popped without a claim             # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=1 -DPOPPED_UNCLAIMED
holds  # room # two receivers, which may stop taking                     # -DEARLY=2 -DBEFORE=2 -DMAY_STALL
holds  # room # two receivers, one of which may end                      # -DEARLY=2 -DBEFORE=2 -DMAY_END
holds  # room # a late receiver with the oldest of a full window         # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DMAY_STALL
holds  # room # the same beside another, one publisher                   # -DEARLY=1 -DLATE=1 -DBEFORE=2 -DSUBMITTERS=1 -DEACH=2
holds  # room # two late receivers, one publisher                        # -DEARLY=0 -DLATE=2 -DBEFORE=2 -DSUBMITTERS=1
holds  # room # a late receiver that starts at the tail                  # -DEARLY=0 -DLATE=1 -DBEFORE=1 -DEACH=2 -DSTART=NEWEST -DMAY_STALL
holds  # room # a close                                                  # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DCLOSES
holds  # room # publishers that give up                                  # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DMAY_GIVE_UP
holds  # room # two queues of publishers                                 # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DCLOSES -DKINDS=2
holds  # room # beside a publisher that does not wait                    # -DEARLY=2 -DBEFORE=1 -DPUBLISHERS=1
holds  # room # a stride of two in a capacity of four                    # -DCAPACITY=4 -DSTRIDE=2 -DEARLY=2 -DBEFORE=4 -DSUBMITTERS=1 -DEACH=2
breaks # room # no fence between a step and the look at the queue        # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DNO_FENCE_AT_STEP
breaks # room # no fence between joining the queue and the look          # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DNO_FENCE_AT_JOIN
breaks # room # no look after joining the queue                          # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DNO_SECOND_LOOK
breaks # room # leaving the queue wakes nobody                           # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DLEAVES_IN_SILENCE
breaks # room # giving up wakes nobody                                   # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DMAY_GIVE_UP -DLEAVES_IN_SILENCE
breaks # room # the end of a receiver wakes nobody                       # -DEARLY=2 -DBEFORE=2 -DMAY_END -DENDS_IN_SILENCE
breaks # room # the close wakes nobody                                   # -DEARLY=1 -DBEFORE=2 -DMAY_STALL -DCLOSES -DCLOSES_IN_SILENCE
breaks # room # a subscriber wakes nobody                                # -DEARLY=0 -DLATE=1 -DBEFORE=1 -DEACH=2 -DSTART=NEWEST -DMAY_STALL -DSUBSCRIBES_IN_SILENCE
breaks # room # a subscriber leaves the limit in force                   # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DOLD_LIMIT_KEPT
breaks # room # a subscriber sets the limit to nothing where it stands   # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DLIMIT_IN_PLACE
breaks # room # a subscriber replaces the limit before it is listed      # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DLIMIT_BEFORE_LISTING
breaks # room # no copy of the cell for a start with the oldest          # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DNO_COPY
breaks # room # no fence between the new limit and the tail              # -DEARLY=0 -DLATE=1 -DBEFORE=1 -DEACH=2 -DSTART=NEWEST -DNO_FENCE_AT_SUBSCRIBE
breaks # room # a publisher raises a limit that it read after its walk   # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DLIMIT_AFTER_WALK
END
}

full() {
    cat <<'END'
holds  # wait_stack # three receivers, two publishers, one wait each     # -DRECEIVERS=3 -DPUBLISHERS=2 -DWANTS=1
holds  # wait_stack # two waits that time out                            # -DRECEIVERS=2 -DPUBLISHERS=1 -DTIMED=2 -DEACH=4 -DSPLIT_PUSH
holds  # wait_stack # two publishers, the push in two steps              # -DRECEIVERS=2 -DPUBLISHERS=2 -DSPLIT_PUSH
holds  # room # two receivers, two messages of each publisher            # -DEARLY=2 -DBEFORE=2 -DEACH=2
holds  # room # three publishers                                         # -DEARLY=1 -DBEFORE=2 -DSUBMITTERS=3
holds  # room # a late receiver beside another                           # -DEARLY=1 -DLATE=1 -DBEFORE=2
holds  # room # a late receiver, two messages of each publisher          # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DEACH=2
holds  # room # a late receiver and a close                              # -DEARLY=0 -DLATE=1 -DBEFORE=2 -DCLOSES
holds  # room # two late receivers, two messages                         # -DEARLY=0 -DLATE=2 -DBEFORE=2 -DSUBMITTERS=1 -DEACH=2
holds  # room # a stride of two, two publishers                          # -DCAPACITY=4 -DSTRIDE=2 -DEARLY=2 -DBEFORE=4
END
}

work=$PWD/target/models
rm -rf "$work"
mkdir -p "$work"

# One scenario, in a directory of its own; prints its line.
scenario() {
    local number=$1 expected model about flags dir optimise verdict began line
    IFS='#' read -r expected model about flags <<<"$2"
    expected=${expected// /} model=${model// /}
    about=$(sed -E 's/^ +| +$//g' <<<"$about")
    read -ra flags <<<"$flags"
    dir=$work/$number
    mkdir "$dir"
    cd "$dir"
    began=$(date +%s%N)
    spin -a "${flags[@]}" "$models/$model.pml" >spin.log 2>&1 || { cat spin.log >&2; return 255; }
    # Most of the time of a fault goes into the compiler.
    if [ "$expected" = breaks ]; then optimise=-O0; else optimise=-O1; fi
    gcc $optimise -w -DSAFETY -DCOLLAPSE -DNOFAIR "-DMEMLIM=$memory" -o pan pan.c || return 255
    ./pan -m1000000 -w22 >pan.log 2>&1 || true

    # A search that was cut short says nothing, and a bound of the model that is too small is no fault of the code.
    if grep -qE 'max search depth too small|reached -DMEMLIM|out of memory' pan.log || ! grep -q 'errors: ' pan.log; then
        verdict=cut-short
    elif grep -q 'errors: 0$' pan.log; then
        verdict=holds
    elif grep -qE 'pan:1: (invalid end state|assertion violated)' pan.log && ! grep -q '(made<' pan.log; then
        verdict=breaks
    else
        verdict=unknown
    fi
    line=$(printf '%-9s %-10s %-54s %9s states %5.1f s' "$verdict" "$model" "$about" \
        "$(sed -nE 's/^ *([0-9.e+]+) states, stored.*/\1/p' pan.log | head -n 1)" \
        "$((($(date +%s%N) - began) / 100000000))e-1")
    if [ "$verdict" != "$expected" ]; then
        echo "$line  EXPECTED: $expected"
        {
            grep 'pan:1: ' pan.log || true
            echo "bounds: ${flags[*]}"
            if [ -f "$model.pml.trail" ]; then
                echo "each step that leads there: cd $dir && spin -t -p -g -k $model.pml.trail ${flags[*]} $models/$model.pml"
            fi
        } >&2
        return 255 # ends the others too
    fi
    echo "$line"
    rm -f pan pan.*
}
export -f scenario
export work memory models=$PWD/models

{
    quick
    if [ "$mode" = full ]; then
        full
    fi
} | awk '{print NR; print}' | xargs -d '\n' -n 2 -P "$(nproc)" bash -c 'set -euo pipefail; scenario "$1" "$2"' models.sh || exit 1
echo "models.sh: $(ls "$work" | wc -l) scenarios as expected"
