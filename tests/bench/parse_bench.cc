// parse_bench FILE ROUNDS: reads a body of numbers ROUNDS times, in pieces like
// those of a connection, and prints the counts. For callgrind: the difference
// between two numbers of rounds is the cost of reading, without that of the
// program's start.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "exporter/live_platform/numbers_reader.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: parse_bench FILE ROUNDS\n", stderr);
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string body{std::istreambuf_iterator<char>(file),
                         std::istreambuf_iterator<char>()};
  constexpr std::size_t kPiece = 16384;
  operator_connect::live_platform::TenantNumbersReader reader;
  // Records of any other tenant would only be counted as mismatched.
  const std::size_t at = body.find("\"tenantId\":\"");
  if (at == std::string::npos) return 2;
  // The date of the bench's generated estates.
  constexpr operator_connect::WallTime kNow{std::chrono::seconds(1767225600)};
  reader.Expect(body.substr(at + 12, 36), kNow);
  for (int round = std::atoi(argv[2]); round > 0; --round) {
    reader.Restart();
    for (std::size_t place = 0; place < body.size(); place += kPiece) {
      reader.Read(std::string_view(body).substr(place, kPiece));
    }
    const auto failure = reader.Finish();
    if (failure || reader.mismatched() != 0) {
      std::fprintf(stderr, "parse_bench: not read: %s\n",
                   failure ? failure->detail.c_str() : "another tenant's");
      return 1;
    }
  }
  std::printf("%zu bytes, %llu numbers\n", body.size(),
              static_cast<unsigned long long>(reader.Total().numbers));
  return 0;
}
