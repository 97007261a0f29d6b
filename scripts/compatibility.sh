#!/usr/bin/env bash
# Runs the library's own suite on several JDKs, and prints a table of what passed:
#
#   scripts/compatibility.sh [JAVA_HOME...]     the JDK of the build where none is given
#
# On each JDK: on the module path, as the build does, and on the class path. On the first one also with each collector,
# layout and compiler of the JVM. The classes are those of the build; the quick run of each test. An option that a JDK does
# not know is left out, and the table says so. On the class path without the tests of the package gate, which read the code
# of the module.
# Ends with 1 if a test failed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh
homes=("$@")
((${#homes[@]})) || homes=("$(dirname "$(dirname "$JAVA")")")
for home in "${homes[@]}"; do
    [ -x "$home/bin/java" ] || { echo "compatibility.sh: no bin/java in \"$home\"" >&2; exit 2; }
done

# name # options of the JVM # options of Maven
everywhere=(
    "module path # #"
    "class path # # -Dsurefire.useModulePath=false -Dtest.options= -Dtest=!SelectedJdkTest,!dev/rustyonions/bus/gate/*Test"
)
first=(
    "Serial # -XX:+UseSerialGC #"
    "Parallel # -XX:+UseParallelGC #"
    "G1 # -XX:+UseG1GC #"
    "ZGC # -XX:+UseZGC #"
    "Shenandoah # -XX:+UseShenandoahGC #"
    "compact headers # -XX:+UnlockExperimentalVMOptions -XX:+UseCompactObjectHeaders #"
    "C2 alone # -XX:-TieredCompilation #"
    "JVMCI compiler # -XX:+UnlockExperimentalVMOptions -XX:+EnableJVMCI -XX:+UseJVMCICompiler #"
    "checked JNI # -Xcheck:jni #"
)

mvn -B -ntp -q test-compile -Dapidocs.skip=true
logs=target/compatibility
rm -rf "$logs"
mkdir -p "$logs"
failed=0

# One row: the suite on the JDK $1 so as $2 says.
row() {
    local home=$1 name options maven log version tests
    IFS='#' read -r name options maven <<<"$2"
    name=$(xargs <<<"$name") options=$(xargs <<<"$options")
    version=$("$home/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.vm.version = //p')
    log=$logs/$version-${name// /-}.log
    # Compiled at once: a JVM that lacks a compiler ends when it first needs it, which may be after the version.
    # shellcheck disable=SC2086
    if ! "$home/bin/java" $options -Xcomp -version >"$log" 2>&1; then
        echo "| $version | $name | not in this JDK |"
        return
    fi
    # Which JDK the build selects is no question here.
    # shellcheck disable=SC2086
    if mvn -B -ntp surefire:test -Dtest='!SelectedJdkTest' -Djvm="$home/bin/java" -Dtest.jvm="$options" \
        $maven >"$log" 2>&1; then
        tests=$(sed -n 's/^.*Tests run: \([0-9]*\), Failures: 0, Errors: 0, Skipped: \([0-9]*\)$/\1 \2/p' "$log" | tail -n 1 \
            | awk '{ print $1 - $2 " passed" ($2 > 0 ? ", " $2 " left out" : "") }')
        echo "| $version | $name | $tests |"
    else
        failed=1
        echo "| $version | $name | failed: $(grep -oE '<<< (FAILURE|ERROR)! -- in [A-Za-z0-9_.]+' "$log" | sed 's/.*\.//' | sort -u | xargs) ($log) |"
    fi
}

echo "| JVM | so | tests |"
echo "|---|---|---|"
for home in "${homes[@]}"; do
    variants=("${everywhere[@]}")
    [ "$home" != "${homes[0]}" ] || variants+=("${first[@]}")
    for variant in "${variants[@]}"; do
        row "$home" "$variant"
    done
done
exit "$failed"
