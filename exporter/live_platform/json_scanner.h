#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_JSON_SCANNER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_JSON_SCANNER_H_

#include <cstddef>
#include <cstdint>

namespace operator_connect::live_platform {

// Finds the end of one JSON object or array while its bytes arrive, without
// looking at anything but quotes, backslashes and brackets: about one
// instruction a byte. It does not validate; whoever parses the text between
// the ends does. A value: copy it to remember a place.
class JsonContainerScanner {
 public:
  // Scans are made in blocks; all but the last are of this size.
  static constexpr std::size_t kBlock = 64;

  // Starts before the opening bracket.
  void Restart() { *this = JsonContainerScanner(); }

  // Reads on for `size` bytes, a multiple of kBlock. Returns how many belong
  // to the container: less than or equal to `size` with done() when its
  // closing bracket is among them, `size` otherwise.
  std::size_t Scan(const char* data, std::size_t size);

  bool done() const { return done_; }
  // The deepest nesting met, the container itself being 1. Scan() stops
  // counting brackets once it is past `kMaxDepth`: ask after each scan.
  bool too_deep() const { return too_deep_; }
  // A backslash was met.
  bool has_escapes() const { return has_escapes_; }

  // As deep as a record may nest, and far from what a stack can bear.
  static constexpr int kMaxDepth = 100;

 private:
  int depth_ = 0;
  // All ones while inside a string, as a mask to carry into the next block.
  std::uint64_t in_string_ = 0;
  // Set when the last block ended in a backslash that escapes what follows.
  std::uint64_t escaped_ = 0;
  bool done_ = false;
  bool too_deep_ = false;
  bool has_escapes_ = false;
};

// Makes the \u escapes in the JSON text [data, data + size) ones that a strict
// parser takes, in place: half of a surrogate pair becomes \ufffd.
void RepairSurrogates(char* data, std::size_t size);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_JSON_SCANNER_H_
