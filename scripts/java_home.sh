#!/usr/bin/env bash
# Prints the home of the JDK that the build compiles and tests with, which need not be the one that runs Maven.
# Arguments go to Maven: scripts/java_home.sh -Djdk='[21,22)'
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mvn -B -ntp -N "$@" toolchains:select-jdk-toolchain@install-a-jdk-of-this-version exec:exec \
    -Dexec.executable=java -Dexec.args='-XshowSettings:properties -version' 2>&1 |
    sed -n 's/^\(\[[A-Z]*\] \)\{0,1\} *java\.home = //p' | tail -1)
[[ -x $home/bin/java ]] || {
    echo "java_home.sh: Maven found no JDK; run mvn validate to see why" >&2
    exit 2
}
echo "$home"
