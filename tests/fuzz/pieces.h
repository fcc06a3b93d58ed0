#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_FUZZ_PIECES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_FUZZ_PIECES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "exporter/live_platform/response_reader.h"

namespace operator_connect {

// A fuzzer's input as a body that arrives in pieces: the first byte determines
// their sizes, the rest is the body.
class Pieces {
 public:
  Pieces(const std::uint8_t* data, std::size_t size)
      : seed_(size > 0 ? data[0] : 0),
        body_(reinterpret_cast<const char*>(data) + (size > 0 ? 1 : 0),
              size > 0 ? size - 1 : 0) {}

  std::string_view body() const { return body_; }

  // Lets `reader` read the body; true: no failure.
  bool ReadWith(live_platform::ResponseReader& reader) const {
    reader.Restart();
    std::string_view rest = body_;
    std::uint32_t state = seed_;
    while (!rest.empty()) {
      state = state * 1664525 + 1013904223;
      const std::size_t size =
          seed_ == 0 ? rest.size()
                     : std::min<std::size_t>(1 + (state >> 24), rest.size());
      if (!reader.Read(rest.substr(0, size))) break;
      rest.remove_prefix(size);
    }
    return !reader.Finish().has_value();
  }

 private:
  const std::uint8_t seed_;
  const std::string_view body_;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_FUZZ_PIECES_H_
