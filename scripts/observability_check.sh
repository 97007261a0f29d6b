#!/usr/bin/env bash
# Checks alert rules, scrape and dashboard with a real Prometheus server and promtool; installs them where it may.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "prometheus and promtool are not on the PATH; install Debian's package prometheus" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus >/dev/null
fi

promtool check rules ops/alerts.yml ops/nats_alerts.yml
promtool test rules ops/alerts_test.yml ops/nats_alerts_test.yml
exec mvn -B -ntp -q test -Dron.prometheus=required -Dtest='PrometheusServerTest,OpsFilesTest,ScrapeTest'
