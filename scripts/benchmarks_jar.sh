# Sourced: builds the benchmarks unless they are newer than their sources; sets java, of the JDK the build selected or of
# BENCH_JAVA_HOME, jar, and quiet, the options that keep the JDK from warning of what JMH does inside.
jar=jmh/target/benchmarks.jar
if [ ! -f "$jar" ] || [ -n "$(find pom.xml build src/main jmh/pom.xml jmh/src -newer "$jar" -type f -print -quit)" ]; then
    echo "Building $jar"
    mvn -B -ntp -q -f build -pl ../jmh -am package -DskipTests
fi
java=${BENCH_JAVA_HOME:-$(cat jmh/target/java-home)}/bin/java

quiet=()
if "$java" --sun-misc-unsafe-memory-access=allow -version >/dev/null 2>&1; then
    quiet=(--sun-misc-unsafe-memory-access=allow)
fi
