#include "exporter/web/landing_page.h"

#include <doctest/doctest.h>

#include <chrono>

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

LandingPageData OneAccount() {
  LandingPageData data;
  data.version = "1.2.3";
  data.telemetry_path = "/metrics";
  data.exporter_path = "/metrics/exporter";
  data.accounts.resize(1);
  data.accounts[0].name = "emea";
  data.now = WallTime(1000h);
  return data;
}

bool Has(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST_CASE("the page names the version and links every endpoint") {
  const std::string page = LandingPage(OneAccount());
  CHECK(Has(page, "1.2.3"));
  for (const char* path : {"/metrics", "/metrics/exporter", "/sd", "/config",
                           "/-/healthy", "/-/ready", "/probe?account=emea"}) {
    CAPTURE(path);
    CHECK(Has(page, "href=\"" + std::string(path) + "\""));
  }
}

TEST_CASE("the page shows the age of an account's data") {
  LandingPageData data = OneAccount();
  data.accounts[0].up = true;
  data.accounts[0].leads.success = true;
  data.accounts[0].leads.last_success = data.now - 42s;
  const std::string page = LandingPage(data);
  CHECK(Has(page, "data from 42 s ago"));
  CHECK(Has(page, ">up<"));
}

TEST_CASE("the page shows the fault of an account") {
  LandingPageData data = OneAccount();
  data.accounts[0].up = false;
  data.accounts[0].numbers.success = false;
  data.accounts[0].numbers.problem = "HTTP 503 & more";
  const std::string page = LandingPage(data);
  CHECK(Has(page, ">down<"));
  CHECK(Has(page, "HTTP 503 &amp; more"));
}

TEST_CASE("numbers that are switched off are shown as off") {
  LandingPageData data = OneAccount();
  data.accounts[0].numbers.enabled = false;
  CHECK(Has(LandingPage(data), ">off<"));
}

TEST_CASE("texts in the page are escaped as HTML") {
  LandingPageData data = OneAccount();
  data.telemetry_path = "/\"><script>";
  data.version = "<b>";
  const std::string page = LandingPage(data);
  CHECK_FALSE(Has(page, "<script"));
  CHECK_FALSE(Has(page, "<b>"));
}

TEST_CASE("ages have the unit that people would use") {
  CHECK(Ago(0s) == "0 s ago");
  CHECK(Ago(-5s) == "0 s ago");
  CHECK(Ago(119s) == "119 s ago");
  CHECK(Ago(2min) == "2 min ago");
  CHECK(Ago(3h) == "3 h ago");
  CHECK(Ago(72h) == "3 days ago");
}

}  // namespace
}  // namespace operator_connect::web
