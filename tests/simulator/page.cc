#include "tests/simulator/page.h"

#include <algorithm>
#include <charconv>

namespace operator_connect::simulator {

std::optional<std::int64_t> ParseInteger(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

Paging ReadPaging(const HttpRequest& request, const PlatformOptions& options,
                  std::int64_t default_size) {
  Paging paging;
  const auto number = ParseInteger(
      request.param("PageNumber").value_or(std::to_string(options.first_page)));
  const auto size = ParseInteger(
      request.param("PageSize").value_or(std::to_string(default_size)));
  if (!number || *number < options.first_page) {
    paging.wrong = "PageNumber must be an integer, from " +
                   std::to_string(options.first_page) + ".";
  } else if (!size || *size < 1 || *size > options.max_page_size) {
    paging.wrong = "PageSize must be between 1 and " +
                   std::to_string(options.max_page_size) + ".";
  } else {
    paging.page = static_cast<std::size_t>(*number - options.first_page);
    paging.size = static_cast<std::size_t>(*size);
    if (options.lower_page_size > 0) {
      paging.size = std::min(paging.size,
                             static_cast<std::size_t>(options.lower_page_size));
    }
  }
  return paging;
}

PageRange FindPage(std::size_t total, std::size_t page, std::size_t size,
                   const PlatformOptions& options, const Fault* fault) {
  const Action action = fault == nullptr ? Action::kNone : fault->action;
  if (options.ignore_page_number) page = 0;
  if (action == Action::kRepeatPage && page > 0) --page;
  if (action == Action::kCyclePages) {
    page %= fault->bytes == 0 ? 2 : fault->bytes;
  }
  // Longer than any list, but without an overflow.
  page = std::min(page, std::size_t{1} << 40);
  std::size_t begin = page * size;
  std::size_t end = begin + size;
  if (action == Action::kShiftRecord && page > 0) {
    --begin;
    --end;
  }
  PageRange range{std::min(begin, total), std::min(end, total), 0};
  if (action == Action::kEndlessPages) {
    range.invented = size - (range.end - range.begin);
  }
  return range;
}

bool SpoilsRecords(const Fault* fault) {
  return fault != nullptr && fault->action == Action::kSpoil &&
         fault->spoil != Spoil::kNonObjects;
}

std::shared_ptr<const Fault> Share(const Fault* fault) {
  return fault == nullptr ? nullptr : std::make_shared<const Fault>(*fault);
}

ArrayWriter::ArrayWriter(const Sink& sink, std::string opening,
                         const Fault* fault)
    : sink_(sink),
      out_(std::move(opening)),
      strangers_(fault != nullptr && fault->action == Action::kSpoil &&
                 fault->spoil == Spoil::kNonObjects) {}

std::string& ArrayWriter::Next() {
  // Only before a first record: an array of strangers alone would not have the
  // meaning of an empty one.
  if (first_ && strangers_) out_ += R"(null,17,"text",[],)";
  if (!first_) out_ += ',';
  first_ = false;
  return out_;
}

bool ArrayWriter::Flush(std::size_t from) {
  if (out_.size() < from) return true;
  const bool wanted = sink_(out_);
  out_.clear();
  return wanted;
}

bool ArrayWriter::Finish(std::string_view closing) {
  out_ += closing;
  return Flush(1);
}

}  // namespace operator_connect::simulator
