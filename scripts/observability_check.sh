#!/usr/bin/env bash
# Checks alert rules, scrape and dashboard with a real Prometheus server and promtool; installs them where it may.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh prometheus=prometheus promtool=prometheus

promtool check rules ops/alerts.yml ops/nats_alerts.yml
promtool test rules ops/alerts_test.yml ops/nats_alerts_test.yml
exec mvn -B -ntp -q test -Dron.prometheus=required -Dtest='PrometheusServerTest,OpsFilesTest,ScrapeTest'
