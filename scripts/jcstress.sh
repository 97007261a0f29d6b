#!/usr/bin/env bash
# Runs the memory-model tests in jcstress/.
#   scripts/jcstress.sh quick [test-regex]   every hypothesis in one JVM configuration; under three minutes on two cores
#   scripts/jcstress.sh full  [test-regex]   all JVM and compilation modes; fails also if a race was never seen to take place
# Log and HTML report: jcstress/target/<mode>.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh

mode=${1:-}
tests=${2:-.*}
native=--enable-native-access=ALL-UNNAMED
case $mode in
    quick) options=(-m quick -f 1 -iters 3 -time 300 -sc false -jvmArgs "-Xmx256m $native") ;;
    full) options=(-m default -f 1 -iters 5 -time 500 -jvmArgsPrepend "$native") ;;
    *)
        echo "usage: scripts/jcstress.sh quick|full [test-regex]; got \"$mode\"" >&2
        exit 2
        ;;
esac

report=jcstress/target/$mode
log=$report/jcstress.log
mvn -B -ntp -q -f build -pl ../jcstress -am -DskipTests package
mkdir -p "$report"
# The harness leaves its raw results in the working directory.
(cd "$report" && "$JAVA" "$native" -jar ../jcstress.jar -t "$tests" -r . "${options[@]}") | tee "$log"

# The harness's own verdict is its exit code. That a race took place at all is for us to see.
ran=$(sed -nE 's/^\.+ \[[A-Z]+\] ([A-Za-z.]+)$/\1/p' "$log" | sort -u)
if [ -z "$ran" ]; then
    echo "jcstress.sh: no test matches \"$tests\"" >&2
    exit 1
fi
if [ "$mode" = full ]; then
    raced=$(awk '/^\.+ \[[A-Z]+\] /{test=$NF}
        / [0-9,]+ +<?[0-9.]+% +Interesting /&&!/ 0 +0\.00% +Interesting /{print test}' "$log" | sort -u)
    unseen=$(comm -23 <(echo "$ran") <(echo "$raced"))
    if [ -n "$unseen" ]; then
        printf 'jcstress.sh: the interesting outcome was never seen in\n%s\n' "$unseen" >&2
        exit 1
    fi
fi
echo "jcstress.sh: $(wc -l <<<"$ran") hypotheses hold; report in $report/index.html"
