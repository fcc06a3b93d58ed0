#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_FAULT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_FAULT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"

namespace operator_connect::simulator {

enum class Endpoint { kToken, kLeads, kNumbers, kOther };
std::string_view ToString(Endpoint endpoint);  // "token", "leads", …

// The ways to mark the end of a body.
enum class Framing { kChunked, kContentLength, kClose };

// Selects requests. All conditions that are set must hold.
struct Match {
  std::optional<Endpoint> endpoint;
  std::string account;      // name; empty: any
  std::optional<int> page;  // PageNumber
  std::string tenant_id;    // msTenantId, case aside; empty: any
  int skip = 0;             // the first matching requests are spared
  int count = -1;           // then this many are hit; -1: all
  double probability = 1;   // of hitting each of them (by the seed)

  static Match Token() { return Match{Endpoint::kToken, {}, {}, {}}; }
  static Match Leads() { return Match{Endpoint::kLeads, {}, {}, {}}; }
  static Match LeadsPage(int n) { return Match{Endpoint::kLeads, {}, n, {}}; }
  static Match Numbers() { return Match{Endpoint::kNumbers, {}, {}, {}}; }
  static Match NumbersOf(std::string tenant) {
    return Match{Endpoint::kNumbers, {}, {}, std::move(tenant)};
  }
  // Copies with one more condition, for chaining.
  Match Times(int n) const {
    Match match = *this;
    match.count = n;
    return match;
  }
  Match After(int n) const {
    Match match = *this;
    match.skip = n;
    return match;
  }
  Match Of(std::string account_name) const {
    Match match = *this;
    match.account = std::move(account_name);
    return match;
  }
  Match Chance(double p) const {
    Match match = *this;
    match.probability = p;
    return match;
  }
};

// The kinds of faults. Each comment begins with the name in the JSON of POST
// /_simulator/faults, followed by the parameters.
enum class Action {
  kNone,                   // none: only the delay
  kStatus,                 // status: status, retry_after, body, content_type
  kBody,                   // body: body, content_type; with status 200
  kNeverAnswer,            // never_answer: until the client leaves
  kClose,                  // close: the connection, without a response
  kReset,                  // reset: the same with a RST
  kDripHeaders,            // drip_headers: interval_ms, a byte at a time
  kDripBody,               // drip_body: interval_ms
  kEndlessHeaders,         // endless_headers: as fast as they are read
  kEndlessStatusLine,      // endless_status_line
  kLongStatusLine,         // long_status_line: bytes (30 KB)
  kEndlessBody,            // endless_body: endless records
  kEndlessRecord,          // endless_record: an endless string
  kCutBody,                // cut_body: bytes (half), framing, gzip
  kNonsenseContentLength,  // nonsense_content_length
  kEarlyHintsOnly,         // early_hints_only: 103 and the body, no more
  kDeepDocument,           // deep_document: bytes (100,000) arrays nested
  kGzipBomb,               // gzip_bomb: bytes (1 GiB) of an array of blanks
  kOtherTenant,            // other_tenant: ignores the filter
  kRepeatPage,             // repeat_page: repeats the page before
  kCyclePages,             // cycle_pages: `bytes` (2) pages, then the first
  kEndlessPages,           // endless_pages: new records after the end
  kShiftRecord,            // shift_record: the last of the page before, first;
                           // match all pages, or a record is lost
  kShufflePages,           // shuffle_pages: leads in a new order each time
  kSwapTies,               // swap_ties: leads next to a page's borders change
                           // places on every second page
  kFilterPages,            // filter_pages: every fourth lead of a page is
                           // hidden, so that pages are short
  kCapPages,               // cap_pages: at most bytes (2) leads a page; after
                           // the last one status, or 200 with body
  kSpoil,                  // spoil: spoil
};

// Ways to write records without changing their meaning.
enum class Spoil {
  kNonObjects,      // non_objects: null, 17, "text", [] before the records
  kWrongTypes,      // wrong_types: "true" for true, an array for an object…
  kLoneSurrogate,   // lone_surrogate: "\ud800" in an unknown field
  kInvalidUtf8,     // invalid_utf8: invalid UTF-8 there
  kNul,             // nul: "\u0000" there
  kMegabyteString,  // megabyte_string: there, in the first record
  kNestedNames,     // nested_names: wanted names in unknown objects
};

struct Fault {
  Match match;
  Action action = Action::kNone;
  std::chrono::milliseconds delay{0};  // before anything else
  int status = 500;
  std::string retry_after;  // a header; empty: none. "+5" means the HTTP date
                            // five seconds after the response
  std::string body;         // kStatus: empty means the platform's own error
  std::string content_type = "application/json; charset=utf-8";
  std::chrono::milliseconds interval{1000};
  std::uint64_t bytes = 0;  // 0: the default of the action
  Framing framing = Framing::kContentLength;
  bool gzip = false;  // kCutBody: cut in the middle of a gzip stream
  Spoil spoil = Spoil::kNonObjects;

  static Fault Do(Match match, Action action) {
    Fault fault;
    fault.match = std::move(match);
    fault.action = action;
    return fault;
  }
  static Fault Status(Match match, int status, std::string retry_after = "") {
    Fault fault = Do(std::move(match), Action::kStatus);
    fault.status = status;
    fault.retry_after = std::move(retry_after);
    return fault;
  }
  static Fault Body(Match match, std::string body,
                    std::string content_type = "application/json") {
    Fault fault = Do(std::move(match), Action::kBody);
    fault.body = std::move(body);
    fault.content_type = std::move(content_type);
    return fault;
  }
  static Fault Html(Match match) {
    return Body(std::move(match), "<html><body>Sign in</body></html>",
                "text/html; charset=utf-8");
  }
  static Fault Delay(Match match, std::chrono::milliseconds delay) {
    Fault fault = Do(std::move(match), Action::kNone);
    fault.delay = delay;
    return fault;
  }
  static Fault Cut(Match match, Framing framing, bool gzip = false) {
    Fault fault = Do(std::move(match), Action::kCutBody);
    fault.framing = framing;
    fault.gzip = gzip;
    return fault;
  }
  static Fault Spoilt(Match match, Spoil spoil) {
    Fault fault = Do(std::move(match), Action::kSpoil);
    fault.spoil = spoil;
    return fault;
  }
};

// Parses a fault in the control endpoint's JSON, such as
// {"endpoint":"leads","page":2,"count":1,"action":"status","status":503}.
// Unknown members are errors.
Result<Fault, std::string> ParseFault(std::string_view json);
// Parses a match in the same form.
Result<Match, std::string> ParseMatch(std::string_view json);
std::string_view ToString(Action action);  // "status", "never_answer", …

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_FAULT_H_
