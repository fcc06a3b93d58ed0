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

// The page of a request.
struct Paging {
  std::size_t page = 0;  // from 0
  std::size_t size = 0;
  std::string wrong;  // not empty: 400
};
Paging ReadPaging(const HttpRequest& request, const PlatformOptions& options,
                  std::int64_t default_size);

// The records of a page: [begin, end) of `total`, and then `invented` ones that
// are in no list.
struct PageRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t invented = 0;
};
// `page` counts from 0.
PageRange FindPage(std::size_t total, std::size_t page, std::size_t size,
                   const PlatformOptions& options, const Fault* fault);

// Whether to write records with AppendSpoiltLead() and AppendSpoiltNumber().
bool SpoilsRecords(const Fault* fault);

// A copy that a body can keep; null stays null.
std::shared_ptr<const Fault> Share(const Fault* fault);

// Writes the elements of an array to a sink, in pieces of a good size.
class ArrayWriter {
 public:
  // `fault` can add elements that are no records before the first.
  ArrayWriter(const Sink& sink, std::string opening, const Fault* fault);
  // The text to append the next element to.
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
