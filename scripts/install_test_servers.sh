#!/usr/bin/env bash
# Installs the servers that tests of the satellites run against, where they are missing and it may: Debian's nats-server.
# Ends with 1 and says what to install where it may not.
set -euo pipefail
exec "$(dirname "$0")/install_packages.sh" nats-server=nats-server
