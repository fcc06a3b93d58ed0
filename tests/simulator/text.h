#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TEXT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace operator_connect::simulator {

// A JSON string with quotes.
std::string JsonString(std::string_view text);

inline constexpr std::int64_t kDay = 86400;  // seconds

// A date in the platform's form: 2021-12-21T13:50:02.7271943Z, with the first
// `digits` of the seven digits of `ticks`.
std::string FormatDate(std::int64_t seconds, int digits, unsigned ticks,
                       bool zulu);
// A date in HTTP's form: Sun, 06 Nov 1994 08:49:37 GMT.
std::string FormatHttpDate(std::int64_t seconds);

// Random numbers that are the same on every machine (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  // Below `limit`, which is above 0.
  std::uint64_t Below(std::uint64_t limit) { return Next() % limit; }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool Chance(double p) { return Unit() < p; }
  std::string Guid();
  std::string_view Pick(std::initializer_list<std::string_view> choices) {
    return *(choices.begin() + Below(choices.size()));
  }

 private:
  std::uint64_t state_;
};

// A date with random digits of its ticks, in a random form of UTC.
std::string RandomDate(Random& random, std::int64_t seconds);

// Combines two seeds.
std::uint64_t Mix(std::uint64_t a, std::uint64_t b);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TEXT_H_
