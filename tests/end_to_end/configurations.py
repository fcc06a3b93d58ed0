"""Configurations of the exporter and of Prometheus, for tests and the demo."""

# All collections of the exporter, with short intervals.
COLLECTION = """\
collection:
  leads: {{min_interval: 1s, max_age: 5m, timeout: 1m}}
  numbers: {{min_interval: 1s, max_age: 5m, timeout: 1m}}
accounts:
"""
# A template for an account in Simulator.accounts(). More keys can follow.
ACCOUNT = """\
  - name: {name}
    base_url: {base_url}
    oauth2:
      client_id: {client_id}
      client_secret: {client_secret}
      token_url: {token_url}
      scopes: ["{scope}"]
    requests_per_second: 0
"""
PROMETHEUS = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: operator_connect
    honor_labels: false
    static_configs: [{{targets: [{targets}]}}]
"""


def exporter_config(simulator):
    """All accounts of a simulator."""
    return COLLECTION.format() + "".join(ACCOUNT.format(**account)
                                         for account in simulator.accounts())


def prometheus_config(*exporters):
    """One job with these exporters."""
    return PROMETHEUS.format(targets=", ".join(
        f'"{exporter.address}"' for exporter in exporters))
