#include <chrono>
#include <utility>

#include "exporter/base/file.h"
#include "tests/integration/fault_matrix.h"

// The rows of the fault matrix.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Action;
using simulator::Framing;
using simulator::Spoil;
using Repeats = Row::Repeats;

namespace {

// A fault of single requests.
struct RequestFault {
  std::string name;
  std::string reason;        // for leads and numbers
  std::string token_reason;  // as code of the request for a token
  Repeats repeats;
  std::function<Fault(Match)> make;
  bool also_tls = false;
};

std::function<Fault(Match)> Do(Action action) {
  return [action](Match match) { return Fault::Do(std::move(match), action); };
}

std::function<Fault(Match)> Drip(Action action) {
  return [action](Match match) {
    Fault fault = Fault::Do(std::move(match), action);
    fault.interval = 50ms * kSlowness;
    return fault;
  };
}

std::function<Fault(Match)> Answer(std::string body, std::string type) {
  return [body, type](Match match) {
    return Fault::Body(std::move(match), body, type);
  };
}

std::function<Fault(Match)> Cut(Framing framing, bool gzip) {
  return [framing, gzip](Match match) {
    return Fault::Cut(std::move(match), framing, gzip);
  };
}

std::function<Fault(Match)> Spoilt(Spoil spoil) {
  return
      [spoil](Match match) { return Fault::Spoilt(std::move(match), spoil); };
}

RequestFault Status(int status, std::string retry_after = "") {
  const std::string text = std::to_string(status);
  const bool again =
      status == 429 || status == 502 || status == 503 || status == 504;
  const Repeats repeats = again           ? Repeats::kYes
                          : status == 401 ? Repeats::kOnce
                                          : Repeats::kNo;
  std::string name = "status " + text;
  if (!retry_after.empty()) name += ", Retry-After " + retry_after;
  // Requests that wait for the pause may time out.
  const bool pauses = (status == 429 || status == 503) && !retry_after.empty();
  return {name, pauses ? text + "|timeout" : text, text, repeats,
          [status, retry_after](Match match) {
            return Fault::Status(std::move(match), status, retry_after);
          }};
}

std::vector<RequestFault> RequestFaults() {
  constexpr const char* kJson = "application/json";
  std::vector<RequestFault> faults = {
      {"never answers", "timeout", "timeout", Repeats::kYes,
       Do(Action::kNeverAnswer), true},
      {"drips headers", "timeout", "timeout", Repeats::kYes,
       Drip(Action::kDripHeaders), true},
      {"drips the body", "timeout", "timeout", Repeats::kYes,
       Drip(Action::kDripBody), true},
      {"closes the connection", "transport", "transport", Repeats::kYes,
       Do(Action::kClose), true},
      {"resets the connection", "transport", "transport", Repeats::kYes,
       Do(Action::kReset), true},
  };
  for (const int status : {400, 401, 403, 404, 429, 500, 502, 503, 504}) {
    faults.push_back(Status(status));
    // Only 429 and 503 count: in other responses it must change nothing.
    faults.push_back(Status(status, "1"));
    faults.push_back(Status(status, "+1"));
  }
  const std::vector<RequestFault> bodies = {
      {"HTML with 200", "malformed", "malformed", Repeats::kNo,
       Answer("<html>Sign in</html>", "text/html")},
      {"null", "malformed", "malformed", Repeats::kNo, Answer("null", kJson)},
      {"{}", "malformed", "malformed", Repeats::kNo, Answer("{}", kJson)},
      {"an empty body", "malformed", "malformed", Repeats::kNo,
       Answer("", kJson)},
      {"cut, Content-Length", "transport", "transport", Repeats::kYes,
       Cut(Framing::kContentLength, false), true},
      {"cut, chunked", "transport", "transport", Repeats::kYes,
       Cut(Framing::kChunked, false), true},
      // Without a length only JSON shows the cut, or TLS's missing end.
      {"cut, to the close", "malformed|transport", "malformed|transport",
       Repeats::kUnknown, Cut(Framing::kClose, false), true},
      {"gzip cut, Content-Length", "malformed|transport", "malformed|transport",
       Repeats::kUnknown, Cut(Framing::kContentLength, true), true},
      {"gzip cut, chunked", "malformed|transport", "malformed|transport",
       Repeats::kUnknown, Cut(Framing::kChunked, true), true},
      {"gzip cut, to the close", "malformed|transport", "malformed|transport",
       Repeats::kUnknown, Cut(Framing::kClose, true), true},
      {"nonsense Content-Length", "malformed", "malformed", Repeats::kNo,
       Do(Action::kNonsenseContentLength)},
      {"103 and nothing more", "malformed|transport|103",
       "malformed|transport|103", Repeats::kUnknown,
       Do(Action::kEarlyHintsOnly)},
      {"100,000 arrays nested", "malformed", "malformed|too_large",
       Repeats::kNo, Do(Action::kDeepDocument)},
      {"gzip bomb", "too_large", "too_large", Repeats::kNo,
       Do(Action::kGzipBomb)},
      {"endless body", "too_large", "too_large", Repeats::kNo,
       Do(Action::kEndlessBody)},
      {"endless record", "too_large", "too_large", Repeats::kNo,
       Do(Action::kEndlessRecord)},
      {"endless headers", "malformed", "malformed", Repeats::kNo,
       Do(Action::kEndlessHeaders), true},
      {"endless status line", "malformed", "malformed", Repeats::kNo,
       Do(Action::kEndlessStatusLine), true},
  };
  faults.insert(faults.end(), bodies.begin(), bodies.end());
  return faults;
}

Match MatchOf(Part part, const Bench& bench) {
  switch (part) {
    case Part::kToken:
      return Match::Token();
    case Part::kTenant:
      return Match::NumbersOf(bench.tenant);
    case Part::kNumbers:
      return Match::Numbers();
    default:
      return Match::Leads();
  }
}

Row RequestRow(const RequestFault& fault, Part part, bool tls) {
  Row row;
  row.fault = fault.name;
  row.part = part;
  row.tls = tls;
  row.reason = part == Part::kToken ? fault.token_reason : fault.reason;
  // A token is requested again only by the next collection.
  row.repeats = part == Part::kToken ? Repeats::kNo : fault.repeats;
  // Some of many requests may never be sent.
  const bool pauses = fault.reason.find("|timeout") != std::string::npos;
  if (pauses && part != Part::kToken) row.repeats = Repeats::kUnknown;
  row.inject = [part, make = fault.make](Bench& bench) {
    bench.stack.simulator.AddFault(make(MatchOf(part, bench)));
  };
  row.heal = [](Bench& bench) { bench.stack.simulator.ClearFaults(); };
  return row;
}

Row PageRow(std::string name, std::string reason, Part part,
            std::function<Fault(Match)> make) {
  const Repeats repeats = Repeats::kUnknown;
  return RequestRow(
      {std::move(name), std::move(reason), "", repeats, std::move(make)}, part,
      false);
}

Row RelayRow(std::string name, std::string reason, Part part, bool tls,
             Relay::Mode mode) {
  Row row;
  row.fault = std::move(name);
  row.part = part;
  row.tls = tls;
  row.reason = std::move(reason);
  row.inject = [mode](Bench& bench) { bench.relay.Set(mode); };
  row.heal = [](Bench& bench) { bench.relay.Set(Relay::Mode::kForward); };
  return row;
}

Row NeverAcceptedRow() {
  Row row;
  row.fault = "connecting hangs";
  row.part = Part::kPlatform;
  row.reason = "timeout";
  const auto accept = [](Bench& bench, bool yes) {
    using Accepting = simulator::Simulator::Accepting;
    simulator::Simulator& simulator = bench.stack.simulator;
    simulator.SetAccepting(yes ? Accepting::kYes : Accepting::kNever);
    simulator.CloseConnections();
    // A forwarding relay would accept connections that the platform does not.
    bench.relay.Set(yes ? Relay::Mode::kForward : Relay::Mode::kQueue);
  };
  row.inject = [accept](Bench& bench) { accept(bench, false); };
  row.heal = [accept](Bench& bench) { accept(bench, true); };
  return row;
}

Row UntrustedRow(Part part) {
  Row row;
  row.fault = "certificate not trusted";
  row.part = part;
  row.tls = true;
  row.reason = "transport";
  row.inject = [](Bench& bench) {
    bench.ca_file.Write(*ReadFile(CertificateFolder("other") + "/ca.pem"));
    bench.relay.Set(Relay::Mode::kForward);  // closes what is open
  };
  row.heal = [](Bench& bench) {
    bench.ca_file.Write(*ReadFile(CertificateFolder() + "/ca.pem"));
  };
  return row;
}

void AddNetworkRows(std::vector<Row>& rows) {
  using Mode = Relay::Mode;
  for (const Part part : {Part::kPlatform, Part::kToken}) {
    for (const bool tls : {false, true}) {
      rows.push_back(RelayRow("connection refused", "transport", part, tls,
                              Mode::kRefuse));
      rows.push_back(RelayRow("connection never accepted", "timeout", part, tls,
                              Mode::kQueue));
    }
    rows.push_back(
        RelayRow("TLS handshake hangs", "timeout", part, true, Mode::kSilent));
    rows.push_back(UntrustedRow(part));
  }
  rows.push_back(NeverAcceptedRow());
}

std::function<Fault(Match)> Cap(int status, std::string body) {
  return [status, body](Match match) {
    Fault fault = Fault::Do(std::move(match), Action::kCapPages);
    fault.status = status;
    fault.body = body;
    return fault;
  };
}

// Lists of leads that are not whole, though every response is valid by itself.
void AddListRows(std::vector<Row>& rows) {
  const auto add = [&](std::string name, std::string reason,
                       std::function<Fault(Match)> make) {
    rows.push_back(PageRow("a page: " + std::move(name), std::move(reason),
                           Part::kLeads, std::move(make)));
  };
  Row from_0;
  from_0.fault = "pages counted from 0";
  from_0.part = Part::kLeads;
  from_0.reason = "malformed";
  from_0.when = Row::When::kAtFirst;
  const auto count_from = [](int first) {
    return [first](Bench& bench) {
      bench.stack.platform().Configure(
          [first](simulator::PlatformOptions& options) {
            options.first_page = first;
          });
    };
  };
  from_0.inject = count_from(0);
  from_0.heal = count_from(1);
  rows.push_back(from_0);
  add("no stable order", "", Do(Action::kShufflePages));
  add("ties at borders", "", Do(Action::kSwapTies));
  add("in a circle of two", "", Do(Action::kCyclePages));
  add("short in the middle", "", Do(Action::kFilterPages));
  add("cut, then 404", "", Cap(404, ""));
  add("cut, then 204", "", Cap(204, ""));
  add("cut, then null", "", Cap(200, "null"));
  add("[] once", "",
      [](Match) { return Fault::Body(Match::LeadsPage(1).Times(1), "[]"); });
  rows.back().when = Row::When::kLater;
}

void AddPageRows(std::vector<Row>& rows) {
  rows.push_back(PageRow("a page repeated", "malformed", Part::kLeads,
                         Do(Action::kRepeatPage)));
  rows.push_back(PageRow("numbers of another tenant", "mismatch", Part::kTenant,
                         Do(Action::kOtherTenant)));
  rows.push_back(PageRow("numbers of another tenant", "mismatch",
                         Part::kNumbers, Do(Action::kOtherTenant)));
  const std::vector<std::pair<std::string, Spoil>> spoils = {
      {"elements that are no objects", Spoil::kNonObjects},
      {"fields of other types", Spoil::kWrongTypes},
      {"a lone surrogate", Spoil::kLoneSurrogate},
      {"bytes that are not UTF-8", Spoil::kInvalidUtf8},
      {"NUL in a text", Spoil::kNul},
      {"a text of a megabyte", Spoil::kMegabyteString},
      {"wanted names in unknown objects", Spoil::kNestedNames}};
  for (const auto& named : spoils) {
    const Spoil spoil = named.second;
    rows.push_back(PageRow(named.first, "", Part::kNumbers, Spoilt(spoil)));
    rows.push_back(PageRow(named.first, "", Part::kLeads, [spoil](Match match) {
      // A page with nothing else would be a failure.
      match.page = 1;
      return Fault::Spoilt(std::move(match), spoil);
    }));
  }
}

}  // namespace

std::vector<Row> FaultRows() {
  std::vector<Row> rows;
  AddNetworkRows(rows);
  for (const RequestFault& fault : RequestFaults()) {
    for (const Part part :
         {Part::kLeads, Part::kTenant, Part::kNumbers, Part::kToken}) {
      rows.push_back(RequestRow(fault, part, false));
      if (fault.also_tls && part != Part::kNumbers) {
        rows.push_back(RequestRow(fault, part, true));
      }
    }
  }
  AddPageRows(rows);
  AddListRows(rows);
  return rows;
}

}  // namespace operator_connect::integration
