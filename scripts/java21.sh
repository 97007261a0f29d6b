# Sourced by the scripts beside it: sets JAVA to the java command of a JDK 21 or newer, or ends with a message.
# Looks at JAVA_HOME first, then at the path, then where systems and version managers install JDKs.

java_feature() { # the feature version of the java command $1, or 0
    local line
    line=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || true
    echo "${line:-0}"
}

find_java() {
    local candidate feature best=20
    JAVA=
    for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)"; do
        if [ -x "$candidate" ] && [ "$(java_feature "$candidate")" -ge 21 ]; then
            JAVA=$candidate
            return
        fi
    done
    for candidate in /usr/lib/jvm/*/bin/java /opt/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java \
            "$HOME"/.sdkman/candidates/java/*/bin/java "$HOME"/.jdks/*/bin/java "$HOME"/.m2/jdks/*/bin/java; do
        if [ -x "$candidate" ]; then
            feature=$(java_feature "$candidate")
            if [ "$feature" -gt "$best" ]; then
                best=$feature
                JAVA=$candidate
            fi
        fi
    done
    if [ -z "$JAVA" ]; then
        echo "No JDK 21 or newer found: JAVA_HOME is ${JAVA_HOME:-not set}, and neither the path nor the usual places have one. Install one and point JAVA_HOME at it." >&2
        exit 3
    fi
}

find_java
