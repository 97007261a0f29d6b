#!/usr/bin/env bash
# Runs the memory-model tests with the classes in target/classes before those in the shaded jar: jcstress.sh regex
set -euo pipefail
. scripts/java21.sh
exec "$JAVA" -cp target/classes:jcstress/target/jcstress.jar org.openjdk.jcstress.Main -t "$1" -r target/jcstress \
    -m quick -f 1 -iters 2 -time 300 -sc false -jvmArgs "-Xmx256m --enable-native-access=ALL-UNNAMED"
