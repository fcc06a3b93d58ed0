#include "exporter/web/negotiation.h"

#include <doctest/doctest.h>

namespace operator_connect::web {
namespace {

using exposition::Format;

TEST_CASE("without an Accept header the text format is chosen") {
  const ChosenFormat chosen = ChooseFormat("");
  CHECK(chosen.format == Format::kText);
  CHECK(chosen.content_type == "text/plain; version=0.0.4; charset=utf-8");
}

TEST_CASE("Prometheus 2.42 gets OpenMetrics 1.0.0") {
  const ChosenFormat chosen = ChooseFormat(
      "application/openmetrics-text;version=1.0.0,application/"
      "openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/"
      "*;q=0.1");
  CHECK(chosen.format == Format::kOpenMetrics);
  CHECK(chosen.content_type ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

TEST_CASE("Prometheus 3 gets OpenMetrics 1.0.0") {
  CHECK(ChooseFormat("application/openmetrics-text;version=1.0.0;escaping="
                     "allow-utf-8;q=0.6,application/openmetrics-text;version="
                     "0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-"
                     "8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
            .content_type ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

TEST_CASE("OpenMetrics 0.0.1 is named as requested") {
  CHECK(ChooseFormat("application/openmetrics-text; version=0.0.1")
            .content_type ==
        "application/openmetrics-text; version=0.0.1; charset=utf-8");
}

TEST_CASE("OpenMetrics with less weight than text is not chosen") {
  CHECK(ChooseFormat("application/openmetrics-text;q=0.3,text/plain;q=0.5")
            .format == Format::kText);
}

TEST_CASE("OpenMetrics with weight 0 is not chosen") {
  CHECK(ChooseFormat("application/openmetrics-text;q=0").format ==
        Format::kText);
}

TEST_CASE("an unknown version of OpenMetrics is not chosen") {
  CHECK(ChooseFormat("application/openmetrics-text;version=2.0.0").format ==
        Format::kText);
}

TEST_CASE("a browser gets the text format") {
  CHECK(ChooseFormat("text/html,application/xhtml+xml,*/*;q=0.8").format ==
        Format::kText);
}

TEST_CASE("a weight that is not a number counts as 0") {
  CHECK(ChooseFormat("application/openmetrics-text;q=high").format ==
        Format::kText);
}

TEST_CASE("gzip is used when it is accepted by name or by star") {
  CHECK(AcceptsGzip("gzip"));
  CHECK(AcceptsGzip("deflate, GZIP;q=0.5"));
  CHECK(AcceptsGzip("*"));
}

TEST_CASE("gzip is not used when it is not accepted") {
  CHECK_FALSE(AcceptsGzip(""));
  CHECK_FALSE(AcceptsGzip("identity"));
  CHECK_FALSE(AcceptsGzip("gzip;q=0"));
  CHECK_FALSE(AcceptsGzip("gzip;q=0.000, *"));
  CHECK_FALSE(AcceptsGzip("gzipped, br"));
}

}  // namespace
}  // namespace operator_connect::web
