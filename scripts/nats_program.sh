# Sourced: builds the bridge with its tests; sets program, the command that runs a program among them by its class.
. scripts/java21.sh
mvn -B -ntp -q -f build -pl ../nats -am test-compile dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/classpath
program=("$JAVA" -Djava.util.logging.config.file=soak/logging.properties
    -cp "nats/target/test-classes:nats/target/classes:target/classes:$(cat nats/target/classpath)")
