#include <set>
#include <utility>

#include "tests/integration/fault_matrix.h"

namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::EstateData;
using simulator::EstateSnapshot;

namespace {

// If a fault ends with a time-out, that is short.
constexpr Duration kShortRequest = 800ms * kSlowness;
constexpr Duration kShort = 2400ms * kSlowness;
// Other faults end by themselves, the slowest after some pauses of a second.
constexpr Duration kLongRequest = 30s * kSlowness;
constexpr Duration kLonger = 40s * kSlowness;

bool EndsByTimeout(const Row& row) { return row.reason == "timeout"; }

// One run of a row: the expected and the actual exposition.
class Run {
 public:
  explicit Run(const Row& row)
      : row_(row),
        bench_(row.part, row.tls,
               EndsByTimeout(row) ? kShortRequest : kLongRequest) {}

  std::string Do();

 private:
  Stack& stack() { return bench_.stack; }
  bool harmless() const { return row_.reason.empty(); }
  bool LeadsFail() const {
    return !harmless() && row_.part != Part::kTenant &&
           row_.part != Part::kNumbers;
  }
  bool AllNumbersFail() const {
    return !harmless() && row_.part != Part::kTenant &&
           row_.part != Part::kLeads;
  }

  void AndLater();
  void BeforeAnySuccess();
  void AfterASuccess();
  void PastMaxAge();
  void Healed(const std::string& when);

  void ChangeEstate();
  Samples ReadLeads(const EstateData& estate);
  // The tenants of `asked` that fail.
  std::set<std::string> Failing(const std::set<std::string>& asked) const;
  // One of the acceptable reasons, as it is shown.
  std::string ShownReason(const std::string& text,
                          const std::string& tenant) const;
  bool IsRight(const std::string& reason) const;
  Samples Numbers(const EstateData& estate, const std::string& text,
                  const std::set<std::string>& known);
  void CheckCode(const std::string& text, const std::string& when);
  void CheckRepeats();
  void Expect(const std::string& when, const Samples& truth,
              const std::string& text);
  void ExpectValue(const std::string& when, const std::string& text,
                   const std::string& name, const std::string& collector,
                   double value);
  void Wrong(const std::string& when, const std::string& what) {
    wrong_ += "  " + when + ": " + what + "\n";
  }

  const Row& row_;
  Bench bench_;
  std::string wrong_;
  // Of the last whole collections.
  EstateSnapshot before_;
  Samples leads_before_;
  double leads_read_at_ = 0;
};

std::string Run::Do() {
  stack().Start();
  stack().SetTimeouts(EndsByTimeout(row_) ? kShort : kLonger);
  if (row_.when != Row::When::kLater) {
    row_.inject(bench_);
    BeforeAnySuccess();
    row_.heal(bench_);
  }
  Healed("healed");
  if (row_.when != Row::When::kAtFirst) AndLater();
  const std::string leaks = stack().Leaks();
  if (!leaks.empty()) Wrong("log and expositions", "leaked: " + leaks);
  return wrong_;
}

void Run::AndLater() {
  before_ = stack().estate().Snapshot();
  leads_before_ = ReadLeads(*before_);
  ChangeEstate();
  stack().SetTimeouts(EndsByTimeout(row_) ? kShort : kLonger);
  row_.inject(bench_);
  AfterASuccess();
  PastMaxAge();
  row_.heal(bench_);
  Healed("healed again");
}

// Makes a change that must be visible where nothing fails, and must not be
// where something does.
void Run::ChangeEstate() {
  stack().estate().Change([&](EstateData& data) {
    simulator::Lead lead = data.leads.front();
    lead.id = "aaaaaaaa-0000-4000-8000-000000000000";
    // Of a known tenant: which tenants a collection of numbers asks depends on
    // whether the concurrent leads arrive first.
    lead.tenant_id = bench_.tenant;
    lead.status = "Active";
    lead.raw_record.clear();
    data.leads.push_back(lead);
    for (auto& [tenant, numbers] : data.numbers) {
      numbers =
          simulator::TenantNumbers::Generated(8, tenant, numbers.size() + 2);
    }
  });
}

std::set<std::string> Run::Failing(const std::set<std::string>& asked) const {
  if (AllNumbersFail()) return asked;
  if (row_.part == Part::kTenant && !harmless()) return {bench_.tenant};
  return {};
}

bool Run::IsRight(const std::string& reason) const {
  return ("|" + row_.reason + "|").find("|" + reason + "|") !=
         std::string::npos;
}

std::string Run::ShownReason(const std::string& text,
                             const std::string& tenant) const {
  // Without a token the reason is always the credentials.
  if (row_.part == Part::kToken) return "credentials";
  std::string one_right;
  std::string rest = row_.reason + "|";
  for (; !rest.empty(); rest.erase(0, rest.find('|') + 1)) {
    one_right = rest.substr(0, rest.find('|'));
    if (Value(text, "operator_connect_tenant_failed",
              {{"tenant_id", tenant}, {"reason", one_right}}) == 1) {
      break;
    }
  }
  return one_right;
}

// The expected samples of numbers for this estate, with the earlier counts of
// `known` tenants.
Samples Run::Numbers(const EstateData& estate, const std::string& text,
                     const std::set<std::string>& known) {
  simulator::TruthSettings settings = stack().Settings();
  EstateData seen = estate;
  for (const std::string& tenant :
       Failing(simulator::AskedTenants(estate, settings))) {
    const std::string reason = ShownReason(text, tenant);
    if (known.count(tenant) > 0) {
      settings.stale[tenant] = reason;
      seen.numbers[tenant] = before_->numbers.at(tenant);
    } else {
      settings.failed[tenant] = reason;
    }
  }
  return ShownNumbers(seen, settings);
}

void Run::Expect(const std::string& when, const Samples& truth,
                 const std::string& text) {
  const std::string difference =
      simulator::Difference(truth, EstateOf(text), 4);
  if (!difference.empty()) Wrong(when, difference);
}

void Run::ExpectValue(const std::string& when, const std::string& text,
                      const std::string& name, const std::string& collector,
                      double value) {
  std::vector<std::pair<std::string, std::string>> labels;
  if (!collector.empty()) labels.emplace_back("collector", collector);
  const double shown = Value(text, "operator_connect_" + name, labels);
  if (shown == value) return;
  Wrong(when, name + " " + collector + " is " + std::to_string(shown) +
                  ", not " + std::to_string(value));
}

void Run::CheckCode(const std::string& text, const std::string& when) {
  // Paging and mismatches are found in responses that are valid by themselves.
  if (harmless() || row_.reason == "mismatch" ||
      row_.fault.find("page") != std::string::npos) {
    return;
  }
  const std::string endpoint = row_.part == Part::kToken ? "token"
                               : LeadsFail()             ? "leads"
                                                         : "numbers";
  const Samples requests = simulator::ParseExposition(
      text, {"operator_connect_exporter_upstream_requests_total"});
  std::string others;
  for (const auto& [sample, value] : requests) {
    if (value == 0 ||
        sample.find("endpoint=\"" + endpoint + "\"") == std::string::npos) {
      continue;
    }
    const std::size_t at = sample.find("code=\"") + 6;
    const std::string code = sample.substr(at, sample.find('"', at) - at);
    if (IsRight(code)) return;
    others += " " + code;
  }
  Wrong(when, "no request has the code " + row_.reason + ", but" + others);
}

void Run::CheckRepeats() {
  using Repeats = Row::Repeats;
  if (row_.repeats == Repeats::kUnknown) return;
  const std::size_t made =
      row_.part == Part::kToken ? stack().Requests(Match::Token())
      : row_.part == Part::kLeads
          ? stack().Requests(Match::Leads())
          : stack().Requests(Match::NumbersOf(bench_.tenant));
  std::size_t least = 1;
  std::size_t most = 1;
  if (row_.repeats == Repeats::kYes) most = 4;
  if (row_.repeats == Repeats::kOnce) most = 2;
  if (row_.repeats == Repeats::kOnce) least = 2;
  // Some of many may not be reached, or get another request's fresh token.
  if (row_.part == Part::kNumbers) least = 0;
  if (made >= least && made <= most) return;
  Wrong("repeats", std::to_string(made) + " requests were made");
}

void Run::BeforeAnySuccess() {
  const std::string when = "before any success";
  const std::string text = stack().Scrape();
  const EstateSnapshot data = stack().estate().Snapshot();
  if (LeadsFail()) {
    Expect(when, {}, text);
  } else {
    Expect(when,
           simulator::LeadsTruth(*data, stack().Settings()) +
               Numbers(*data, text, {}),
           text);
  }
  const bool up = !LeadsFail() && !AllNumbersFail();
  ExpectValue(when, text, "up", "", up ? 1 : 0);
  ExpectValue(when, text, "collector_success", "leads", LeadsFail() ? 0 : 1);
  ExpectValue(when, text, "collector_success", "numbers", up ? 1 : 0);
  CheckCode(text, when);
  CheckRepeats();
}

// The leads as they are now.
Samples Run::ReadLeads(const EstateData& estate) {
  leads_read_at_ = ToUnixSeconds(stack().clock.Wall());
  return simulator::LeadsTruth(estate, stack().Settings());
}

void Run::AfterASuccess() {
  const std::string when = "after a success";
  // The present token must expire for its endpoint to matter.
  if (row_.part == Part::kToken) stack().clock.Pass(1h);
  stack().PassInterval();
  const std::string text = stack().Scrape();
  EstateData now = *stack().estate().Snapshot();
  const Samples leads = LeadsFail() ? leads_before_ : ReadLeads(now);
  const std::set<std::string> known =
      simulator::AskedTenants(*before_, stack().Settings());
  Expect(when, leads + Numbers(now, text, known), text);
  ExpectValue(when, text, "up", "", !LeadsFail() && !AllNumbersFail() ? 1 : 0);
  ExpectValue(when, text, "collector_success", "leads", LeadsFail() ? 0 : 1);
  ExpectValue(when, text, "collector_success", "numbers",
              AllNumbersFail() ? 0 : 1);
  ExpectValue(when, text, "collector_last_success_timestamp_seconds", "leads",
              leads_read_at_);
}

void Run::PastMaxAge() {
  const std::string when = "past max_age";
  stack().PassMaxAge();
  const std::string text = stack().Scrape();
  EstateData now = *stack().estate().Snapshot();
  Samples leads;
  if (LeadsFail()) {
    now.leads = before_->leads;
  } else {
    leads = ReadLeads(now);
  }
  Expect(when, leads + Numbers(now, text, {}), text);
  ExpectValue(when, text, "up", "", !LeadsFail() && !AllNumbersFail() ? 1 : 0);
  ExpectValue(when, text, "collector_last_success_timestamp_seconds", "leads",
              leads_read_at_);
}

// The first collection after the fault must succeed. Only if requests have
// little time, so that the fault ends soon, a busy machine may delay a healthy
// one, and a later collection may be the first success.
void Run::Healed(const std::string& when) {
  stack().SetTimeouts(kLonger);
  const std::string before = wrong_;
  for (int tries = EndsByTimeout(row_) ? 5 : 1; tries > 0; --tries) {
    wrong_ = before;
    stack().PassInterval();
    const std::string text = stack().Scrape();
    Expect(when, stack().Truth(), text);
    ExpectValue(when, text, "up", "", 1);
    if (wrong_ == before) return;
  }
}

}  // namespace

std::string RunRow(const Row& row) { return Run(row).Do(); }

}  // namespace operator_connect::integration
