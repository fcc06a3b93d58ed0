#include "tests/simulator/live.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/simulator/text.h"
#include "tests/simulator/truth.h"

namespace operator_connect::simulator {

namespace {

std::string Now(std::int64_t ago = 0) {
  return FormatDate(std::time(nullptr) - ago, 7, 1234567, true);
}

bool IsUnlicensed(const Lead& lead) { return !lead.ump_customer_guid; }

// The special fault of an account, besides those of all accounts: each account
// of a demonstration shows something else.
enum class Fate {
  kBrokenTenant,  // one tenant at a time cannot be read
  kPortOut,       // many numbers leave at once
  kRough,         // the platform throttles, denies tokens, loses its leads
};

// The events of one account.
class Life {
 public:
  Life(Simulator& simulator, Platform& platform, std::uint64_t seed, Fate fate)
      : simulator_(simulator),
        platform_(platform),
        estate_(platform.estate()),
        random_(seed),
        fate_(fate) {
    // At the start there are waiting leads and failed syncs.
    Consent(2 * kDay, false);
    Consent(9 * kDay, false);
    Consent(40 * kDay, true);
    Licence();
  }

  void Step() {
    ++step_;
    MoveNumbers();
    if (Every(5, 1)) AcquireNumbers();
    if (Every(9, 4)) Consent(0, random_.Chance(0.3));
    if (Every(11, 6)) Licence();
    if (Every(15, 10)) Remove();
    if (Every(30, 20)) ConsentAgain();
    if (Every(40, 5)) ToggleAddressSync();
    if (Every(20, 8)) FailChecks();
    if (Every(20, 18)) HealChecks();
    switch (fate_) {
      case Fate::kBrokenTenant:
        if (Every(60, 15)) BreakTenant();
        if (Every(60, 45)) Heal(broken_tenant_);
        break;
      case Fate::kPortOut:
        if (Every(1800, 30)) PortOut();
        break;
      case Fate::kRough:
        StepRough();
        break;
    }
  }

 private:
  // Leads fail long enough to become stale by the demo's settings.
  void StepRough() {
    if (Every(150, 5)) Throttle();
    if (Every(150, 20)) Heal(throttled_);
    if (Every(150, 25)) LockOut();
    if (Every(150, 45)) Heal(locked_out_);
    if (Every(150, 45)) BreakLeads();
    if (Every(150, 125)) Heal(broken_leads_);
  }

  bool Every(int steps, int offset) const { return step_ % steps == offset; }

  // The id of a random lead for which `fits` is true.
  template <typename Fits>
  std::optional<std::string> PickLead(Fits fits) {
    std::vector<std::string> ids;
    const EstateSnapshot data = estate_.Snapshot();
    for (const Lead& lead : data->leads) {
      if (lead.id && lead.tenant_id && fits(lead)) ids.push_back(*lead.id);
    }
    if (ids.empty()) return std::nullopt;
    return ids[random_.Below(ids.size())];
  }

  std::optional<std::string> PickTenant(std::size_t at_least) {
    const EstateSnapshot data = estate_.Snapshot();
    std::vector<std::string> tenants;
    for (const std::string& tenant : AskedTenants(*data, {})) {
      const auto numbers = data->numbers.find(tenant);
      const std::size_t size =
          numbers == data->numbers.end() ? 0 : numbers->second.size();
      if (size >= at_least && size <= 20000) tenants.push_back(tenant);
    }
    if (tenants.empty()) return std::nullopt;
    return tenants[random_.Below(tenants.size())];
  }

  void Edit(const std::string& tenant,
            const std::function<void(std::vector<Number>&)>& edit) {
    std::vector<Number> list;
    const EstateSnapshot data = estate_.Snapshot();
    const auto numbers = data->numbers.find(tenant);
    if (numbers != data->numbers.end()) list = numbers->second.List();
    edit(list);
    estate_.SetNumbers(tenant, TenantNumbers::Listed(std::move(list)));
  }

  void Consent(std::int64_t ago, bool direct) {
    Lead lead;
    lead.id = random_.Guid();
    lead.tenant_id = random_.Guid();
    lead.company = std::string(random_.Pick(
                       {"Aurora", "Borealis", "Cascade", "Delta", "Everest",
                        "Fjord", "Granite", "Harbour", "Island", "Juniper"})) +
                   " " +
                   std::string(random_.Pick({"Foods", "Hotels", "Optics",
                                             "Rail", "Studios", "Systems"})) +
                   " " + std::to_string(random_.Below(1000));
    lead.consented_on = Now(ago);
    lead.last_modified_on = Now(ago);
    lead.is_direct = direct;
    estate_.AddLead(lead);
  }

  void Licence() {
    // The oldest leads stay unlicensed, so that alerts fire.
    const auto id = PickLead([](const Lead& lead) {
      const auto since = ParseDate(lead.consented_on.value_or(""));
      return lead.status == "Active" && IsUnlicensed(lead) && since &&
             static_cast<double>(std::time(nullptr)) - *since <
                 static_cast<double>(kDay);
    });
    if (!id) return;
    std::string tenant;
    estate_.EditLead(*id, [&](Lead& lead) {
      lead.ump_customer_guid = random_.Guid();
      lead.ovoc_channel_id = 17;
      lead.last_modified_on = Now();
      tenant = ToLower(*lead.tenant_id);
    });
    Acquire(tenant, 20 + random_.Below(40));
  }

  void Remove() {
    const auto id =
        PickLead([](const Lead& lead) { return lead.status == "Active"; });
    if (!id) return;
    estate_.EditLead(*id, [](Lead& lead) {
      lead.status = "Removed";
      lead.civic_addresses = std::max(lead.civic_addresses, 1);
      lead.last_modified_on = Now();
    });
  }

  void ConsentAgain() {
    const auto id =
        PickLead([](const Lead& lead) { return lead.status == "Removed"; });
    if (!id) return;
    Lead again;
    const EstateSnapshot data = estate_.Snapshot();
    for (const Lead& lead : data->leads) {
      if (lead.id == id) again = lead;
    }
    again.raw_record.clear();
    again.id = random_.Guid();
    again.status = "Active";
    again.consented_on = Now();
    again.last_modified_on = Now();
    estate_.AddLead(again);
  }

  void ToggleAddressSync() {
    const auto id = PickLead([](const Lead& lead) {
      return lead.is_direct && lead.status != "Removed";
    });
    if (!id) return;
    estate_.EditLead(*id, [](Lead& lead) {
      lead.civic_addresses = lead.civic_addresses > 0 ? Lead::kNull : 1;
      lead.last_modified_on = Now();
    });
  }

  void Acquire(const std::string& tenant, std::size_t count) {
    const TenantNumbers made = TenantNumbers::Generated(
        random_.Next(), tenant, count, std::time(nullptr));
    Edit(tenant, [&](std::vector<Number>& list) {
      for (std::size_t i = 0; i < count; ++i) list.push_back(made.at(i));
    });
  }

  void AcquireNumbers() {
    if (const auto tenant = PickTenant(0)) {
      Acquire(*tenant, 1 + random_.Below(12));
    }
  }

  // Assigns some numbers and releases others.
  void MoveNumbers() {
    const auto tenant = PickTenant(1);
    if (!tenant) return;
    Edit(*tenant, [&](std::vector<Number>& list) {
      const std::size_t moves = 1 + list.size() / 20;
      for (std::size_t i = 0; i < moves; ++i) {
        Number& number = list[random_.Below(list.size())];
        number.raw_record.clear();
        number.assignment_status = std::string(
            random_.Pick({"UserAssigned", "UserAssigned", "Unassigned",
                          "ConferenceAssigned", "VoiceApp"}));
        number.aslcht = Now();
      }
    });
  }

  void FailChecks() {
    const auto tenant = PickTenant(3);
    if (!tenant) return;
    checks_of_ = *tenant;
    Edit(*tenant, [&](std::vector<Number>& list) {
      for (std::size_t i = 0; i < list.size(); i += 3) {
        list[i].raw_record.clear();
        list[i].verification_code = "404";
      }
    });
  }

  void HealChecks() {
    if (checks_of_.empty()) return;
    Edit(checks_of_, [](std::vector<Number>& list) {
      for (Number& number : list) {
        number.raw_record.clear();
        number.verification_code = "200";
        number.aslcht = Now();
      }
    });
  }

  // Releases all numbers of the largest tenants, up to a quarter of the total,
  // as one change.
  void PortOut() {
    estate_.Change([](EstateData& data) {
      std::vector<std::pair<std::size_t, std::string>> tenants;
      std::size_t total = 0;
      for (const std::string& tenant : AskedTenants(data, {})) {
        const auto numbers = data.numbers.find(tenant);
        if (numbers == data.numbers.end()) continue;
        tenants.emplace_back(numbers->second.size(), tenant);
        total += numbers->second.size();
      }
      std::sort(tenants.rbegin(), tenants.rend());
      std::size_t gone = 0;
      for (const auto& [size, tenant] : tenants) {
        if (gone * 4 >= total) break;
        data.numbers[tenant] = TenantNumbers::Listed({});
        gone += size;
      }
    });
  }

  Match Mine(const Match& match) const { return match.Of(platform_.name()); }

  void BreakTenant() {
    if (const auto tenant = PickTenant(1)) {
      broken_tenant_ = simulator_.AddFault(
          Fault::Status(Mine(Match::NumbersOf(*tenant)), 500));
    }
  }
  void Throttle() {
    throttled_ = simulator_.AddFault(
        Fault::Status(Mine(Match::Numbers()).Chance(0.7), 429, "1"));
  }
  void BreakLeads() {
    broken_leads_ =
        simulator_.AddFault(Fault::Status(Mine(Match::Leads()), 500));
  }
  void LockOut() {
    platform_.RevokeTokens();
    locked_out_ = simulator_.AddFault(Fault::Status(Mine(Match::Token()), 503));
  }
  void Heal(std::uint64_t fault) {
    if (fault != 0) simulator_.RemoveFault(fault);
  }

  Simulator& simulator_;
  Platform& platform_;
  Estate& estate_;
  Random random_;
  const Fate fate_;
  int step_ = 0;
  std::string checks_of_;
  std::uint64_t broken_tenant_ = 0;
  std::uint64_t throttled_ = 0;
  std::uint64_t locked_out_ = 0;
  std::uint64_t broken_leads_ = 0;
};

}  // namespace

class Live::Impl {
 public:
  Impl(Simulator& simulator, std::uint64_t seed) {
    constexpr Fate kFates[] = {Fate::kBrokenTenant, Fate::kPortOut,
                               Fate::kRough};
    for (Platform* platform : simulator.Accounts()) {
      const std::size_t index = lives_.size();
      lives_.emplace_back(simulator, *platform, Mix(seed, index),
                          kFates[index % std::size(kFates)]);
    }
  }
  ~Impl() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    stopped_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void Step() {
    for (Life& life : lives_) life.Step();
  }

  void Start(std::chrono::duration<double> pause) {
    thread_ = std::thread([this, pause] { Run(pause); });
  }

 private:
  void Run(std::chrono::duration<double> pause) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopped_.wait_for(lock, pause, [this] { return stop_; })) Step();
  }

  std::vector<Life> lives_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

Live::Live(Simulator& simulator, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(simulator, seed)) {}
Live::~Live() = default;
void Live::Step() { impl_->Step(); }
void Live::Start(double speed) {
  impl_->Start(std::chrono::duration<double>(2.0 / speed));
}

}  // namespace operator_connect::simulator
