#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PAGE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/simulator/http.h"
#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

std::optional<std::int64_t> ParseInteger(const std::string& text);

// Which page a request asks for.
struct Paging {
  std::size_t page = 0;  // from 0
  std::size_t size = 0;
  std::string wrong;  // not empty: 400
};
Paging ReadPaging(const HttpRequest& request, const PlatformOptions& options,
                  std::int64_t default_size);

// Which records a page holds: [begin, end) of `total`, and then `invented`
// ones that are on no list.
struct PageRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t invented = 0;
};
// `page` counts from 0.
PageRange FindPage(std::size_t total, std::size_t page, std::size_t size,
                   const PlatformOptions& options, const Fault* fault);

// Whether records are to be written by AppendSpoiltLead() and its like.
bool SpoilsRecords(const Fault* fault);

// A copy that a body may keep; null stays null.
std::shared_ptr<const Fault> Share(const Fault* fault);

// Writes the elements of an array to a sink, in pieces of a good size.
class ArrayWriter {
 public:
  // `fault` may put elements that are no records before the first.
  ArrayWriter(const Sink& sink, std::string opening, const Fault* fault);
  // Where the next element is to be appended.
  std::string& Next();
  // False: no more is wanted.
  bool Flush(std::size_t from = std::size_t{32} << 10);
  bool Finish(std::string_view closing);

 private:
  const Sink& sink_;
  std::string out_;
  const bool strangers_;
  bool first_ = true;
};

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PAGE_H_
