// Random lives compared with a second implementation of the rules, which
// follows their text and keeps everything that ever happened.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exporter/history/history.h"
#include "tests/unit/history/lives.h"
#include "tests/unit/history/random_estate.h"

namespace operator_connect::history {
namespace {

// One stay in a state.
struct Chapter {
  std::string state;
  std::optional<WallTime> since;
  std::string company;
};
using Biography = std::vector<Chapter>;

bool IsGone(const std::string& state) {
  return state == "removed" || state == "vanished";
}
bool IsIdle(const Lead& lead) {
  return lead.status == "Not Active" || lead.status == "Suspended";
}

class Model {
 public:
  void Collect(const Leads& leads, WallTime start) {
    std::map<std::string, Leads> by_tenant;
    for (const Lead& lead : leads) by_tenant[lead.tenant_id].push_back(lead);
    for (const auto& [id, known] : tenants_) by_tenant[id];
    for (const auto& [id, own] : by_tenant) CollectTenant(id, own, start);
    first_ = false;
  }

  std::string Counted() const {
    std::string text;
    for (const char* name :
         {"consented", "licensed", "license_lost", "deactivated", "reactivated",
          "removed", "vanished", "returned"}) {
      const auto found = counted_.find(name);
      if (found == counted_.end()) continue;
      if (!text.empty()) text += ' ';
      text += found->first + ' ' + std::to_string(found->second);
    }
    return text;
  }

  Lines Since(WallTime now) const {
    std::map<std::string, std::string> lines;
    for (const auto& [id, biography] : tenants_) {
      const Chapter& last = biography.back();
      const bool old = last.state == "removed" && last.since &&
                       now - *last.since > 30 * kDay;
      if (last.since && !old) {
        lines[id] = SinceLine(id, last.state, *last.since, last.company);
      }
    }
    Lines texts;
    for (const auto& [id, line] : lines) texts.push_back(line);
    return texts;
  }

 private:
  // The state by the table of states, from its first row to its last.
  static std::string StateBy(const Leads& own, const Biography& past,
                             WallTime start) {
    const auto any = [&](const auto& test) {
      return std::any_of(own.begin(), own.end(), test);
    };
    const auto present = [](const Lead& lead) {
      return lead.status != "Removed";
    };
    if (own.empty()) {
      return past.back().state == "removed" ? "removed" : "vanished";
    }
    if (any([&](const Lead& lead) {
          return present(lead) && lead.licensed && !IsIdle(lead);
        })) {
      return "licensed";
    }
    if (any([&](const Lead& lead) { return present(lead) && lead.licensed; })) {
      return "inactive";
    }
    if (!any(present)) return "removed";
    if (RemembersLicense(past, start)) return "license_lost";
    return any([&](const Lead& lead) { return present(lead) && !IsIdle(lead); })
               ? "consented"
               : "dormant";
  }

  static bool RemembersLicense(const Biography& past, WallTime start) {
    auto last = past.rbegin();
    std::optional<WallTime> gone;
    while (last != past.rend() && IsGone(last->state)) {
      gone = last->since;
      ++last;
    }
    if (last == past.rend() || last->state == "consented" ||
        last->state == "dormant") {
      return false;
    }
    return !gone || start - *gone <= 3 * kDay;
  }

  static std::optional<WallTime> Date(const Leads& own,
                                      const std::string& state) {
    std::optional<WallTime> newest;
    for (const Lead& lead : own) {
      const bool removed = lead.status == "Removed";
      const bool makes_it =
          state == "removed"     ? removed
          : state == "licensed"  ? !removed && lead.licensed && !IsIdle(lead)
          : state == "inactive"  ? !removed && lead.licensed && IsIdle(lead)
          : state == "consented" ? !removed && !IsIdle(lead)
                                 : !removed;
      if (!makes_it) continue;
      const auto date = state == "consented" && lead.consented ? lead.consented
                                                               : lead.modified;
      if (date && (!newest || *date > *newest)) newest = date;
    }
    return newest;
  }

  void Count(const std::string& before, const std::string& after) {
    static const std::map<std::string, std::string> kChanges = {
        {"consented", "consented"},       {"licensed", "licensed"},
        {"license_lost", "license_lost"}, {"inactive", "deactivated"},
        {"removed", "removed"},           {"vanished", "vanished"}};
    if (after == "dormant") return;
    std::string change = kChanges.at(after);
    if (before == "inactive" && after == "licensed") change = "reactivated";
    if (IsGone(before) && !IsGone(after)) change = "returned";
    ++counted_[change];
  }

  void Begin(const std::string& id, const Leads& own, WallTime start) {
    const std::string state = StateBy(own, {}, start);
    std::optional<WallTime> since = Date(own, state);
    if (since && *since > start) since = start;
    if (!since && state == "consented") since = start;
    newest_names_[id] = NameIn(own);
    tenants_[id] = {{state, since, NameIn(own)}};
    if (!first_ && (state == "consented" || state == "licensed")) {
      Count("", state);
    }
  }

  static std::string NameIn(const Leads& own) {
    const Lead* best = nullptr;
    for (const Lead& lead : own) {
      const auto newest = [](const Lead& of) {
        return of.modified ? of.modified : of.consented;
      };
      if (best == nullptr || (best->removed() && !lead.removed()) ||
          (best->removed() == lead.removed() && newest(lead) > newest(*best))) {
        best = &lead;
      }
    }
    return best->company;
  }

  void CollectTenant(const std::string& id, const Leads& own, WallTime start) {
    const auto known = tenants_.find(id);
    if (known == tenants_.end()) return Begin(id, own, start);
    Biography& past = known->second;
    if (!own.empty()) newest_names_[id] = NameIn(own);
    const std::string state = StateBy(own, past, start);
    const Chapter last = past.back();
    if (state == last.state) {
      const bool forgotten =
          own.empty() && (!last.since || start - *last.since > 30 * kDay);
      if (forgotten) tenants_.erase(known);
      return;
    }
    Count(last.state, state);
    Chapter next = {state, start, newest_names_[id]};
    const auto again = std::find_if(
        past.rbegin(), past.rend(),
        [](const Chapter& chapter) { return chapter.state == "licensed"; });
    if (state == "licensed" && again != past.rend()) {
      next = *again;
    } else if (last.state == "vanished" &&
               past[past.size() - 2].state == state) {
      next = past[past.size() - 2];
    } else if (last.state == "vanished" && state == "removed") {
      next = {state, last.since, last.company};
    }
    past.push_back(next);
  }

  bool first_ = true;
  std::map<std::string, Biography> tenants_;
  std::map<std::string, std::string> newest_names_;
  std::map<std::string, int> counted_;
};

TEST_CASE("random lives follow a plain implementation of the rules") {
  const std::unique_ptr<Log> log = MakeCallbackLog(
      LogLevel::kError, LogFormat::kLogfmt, [](std::string_view) {});
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    History history("", *log);
    AccountHistory& emea = history.Configure(Emea(), kStart);
    Model model;
    WallTime start = kStart;
    for (std::uint64_t step = 0; step < 60; ++step) {
      CAPTURE(step);
      // Minutes, days and sometimes a month.
      start +=
          step % 20 == 19 ? 25 * kDay : minutes((seed + step) % 7 * 500 + 1);
      const Leads leads = RandomLeads(seed, step, 6);
      emea.Record(Emea(), Whole(leads), start);
      model.Collect(leads, start);
      REQUIRE(Counted(emea) == model.Counted());
      REQUIRE(Since(emea, start) == model.Since(start));
    }
  }
}

}  // namespace
}  // namespace operator_connect::history
