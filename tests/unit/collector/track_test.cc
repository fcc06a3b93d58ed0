#include "exporter/collector/track.h"

#include <doctest/doctest.h>

#include "tests/support/fakes.h"
#include "tests/support/samples.h"

namespace operator_connect::collector {
namespace {

using exposition::Family;
using exposition::Has;
using exposition::kNow;
using exposition::Lines;

Track After(const Outcome& outcome) {
  Track track;
  track.Take(outcome, std::chrono::seconds(2), kNow);
  return track;
}

const Outcome kGood = {true, true, 7, "", ""};
const Outcome kBad = {false, true, 0, "503", "it is down"};

TEST_CASE("before the first collection there are no samples") {
  CHECK_FALSE(Up({}, {}).has_value());
  const exposition::Samples samples = WriteTracks("emea", {}, {});
  for (const Family family :
       {Family::kUp, Family::kCollectorSuccess, Family::kCollectorDuration,
        Family::kCollectorRecords, Family::kCollectorLastSuccess}) {
    CHECK(samples[family] == nullptr);
  }
}

TEST_CASE("an account is up if its leads and requested numbers were read") {
  CHECK(Up(After(kGood), {}) == true);
  CHECK(Up(After(kGood), After(kGood)) == true);
  CHECK(Up(After(kBad), After(kGood)) == false);
  CHECK(Up(After(kGood), After(kBad)) == false);
  Outcome nobody_asked = kBad;
  nobody_asked.asked = false;
  CHECK(Up(After(kGood), After(nobody_asked)) == true);
}

TEST_CASE("a failure keeps the time of the last success") {
  Track track = After(kGood);
  track.Take(kBad, std::chrono::seconds(3), kNow + std::chrono::hours(1));
  CHECK(track.last_success == kNow);
  const exposition::Samples samples = WriteTracks("emea", track, {});
  CHECK(Of(samples, Family::kUp) == Lines{"} 0"});
  CHECK(Of(samples, Family::kCollectorSuccess) ==
        Lines{R"(collector="leads"} 0)"});
  CHECK(Of(samples, Family::kCollectorDuration) ==
        Lines{R"(collector="leads"} 3)"});
  CHECK(Of(samples, Family::kCollectorRecords) ==
        Lines{R"(collector="leads"} 0)"});
  CHECK(Of(samples, Family::kCollectorLastSuccess) ==
        Lines{R"(collector="leads"} 1.7e+09)"});
  CHECK(track.State().problem == "it is down");
}

TEST_CASE("changes are logged, and nothing else") {
  FakeLog log;
  LogChange(log, "emea", "leads", {}, kBad);
  CHECK(log.text().find("reason=503") != std::string::npos);
  const std::string once = log.text();
  LogChange(log, "emea", "leads", After(kBad), kBad);
  CHECK(log.text() == once);
  LogChange(log, "emea", "leads", After(kBad), kGood);
  CHECK(log.text().find("records=7") != std::string::npos);
  const std::string twice = log.text();
  LogChange(log, "emea", "leads", After(kGood), kGood);
  CHECK(log.text() == twice);
}

TEST_CASE("an unset time has no sample") {
  exposition::Samples samples;
  WriteTime(Family::kTokenExpiry, "emea", std::nullopt, samples);
  CHECK(samples[Family::kTokenExpiry] == nullptr);
  WriteTime(Family::kTokenExpiry, "emea", kNow, samples);
  CHECK(Of(samples, Family::kTokenExpiry) == Lines{"} 1.7e+09"});
}

}  // namespace
}  // namespace operator_connect::collector
