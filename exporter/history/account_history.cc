#include "exporter/history/account_history.h"

#include <array>
#include <utility>

namespace operator_connect::history {

using exposition::Samples;
using live_platform::Lead;

AccountHistory::AccountHistory(std::string name,
                               std::optional<AccountRecord> record,
                               HistoryFile& file)
    : name_(std::move(name)), file_(file), known_(record.has_value()) {
  if (!record) return;
  totals_ = record->totals;
  for (auto& [id, life] : record->tenants) {
    tenants_[id].life = std::move(life);
  }
}

void AccountHistory::Configure(const config::Account& account, WallTime now) {
  MutexLock lock(recording_);
  account_ = account;
  excluded_ = {account.exclude_tenants.begin(), account.exclude_tenants.end()};
  if (!account.leads.company) {
    for (auto& [id, tenant] : tenants_) {
      if (!DropNames(*tenant.life)) continue;
      tenant.since_sample.clear();
      unsaved_.insert(id);
      must_save_ = true;
    }
    // A company's name must not stay in the file until the next collection.
    Save();
  }
  CountStates(now);
  Publish(now);
}

Samples AccountHistory::Record(const config::Account& account,
                               const live_platform::AllLeads& read,
                               WallTime start) {
  MutexLock lock(recording_);
  if (account != account_) return {};
  ++collections_;
  Observe(read.leads);
  Observe(read.excluded);
  const bool changed = AdvanceAll(start);
  if (!std::exchange(known_, true)) must_save_ = true;
  Save();
  const std::uint64_t shown_before = removed_shown_;
  Samples by_lifecycle = CountStates(start);
  if (changed || removed_shown_ != shown_before) Publish(start);
  return by_lifecycle;
}

Samples AccountHistory::Expose(WallTime now) const {
  MutexLock lock(mutex_);
  Samples samples = recent_.Write(name_, now);
  for (const exposition::Family family :
       {exposition::Family::kTenantLifecycleSince,
        exposition::Family::kDroppedSeries}) {
    samples[family] = since_[family];
  }
  return samples;
}

std::vector<prometheus::MetricFamily> AccountHistory::Families() const {
  MutexLock lock(mutex_);
  return ToFamilies(name_, shown_totals_);
}

bool AccountHistory::IsExcluded(const std::string& id) const {
  return !excluded_.empty() && excluded_.contains(id);
}

void AccountHistory::Observe(const std::vector<Lead>& leads) {
  for (const Lead& lead : leads) {
    std::string made_up;
    if (lead.tenant_id.empty()) made_up = TenantOf(lead);
    const std::string& id = lead.tenant_id.empty() ? made_up : lead.tenant_id;
    if (id.empty()) continue;
    Tenant& tenant = tenants_[id];
    if (tenant.seen_in != collections_) {
      tenant.seen_in = collections_;
      tenant.seen = Observation(account_.leads.company);
    }
    tenant.seen.Add(lead);
  }
}

Step AccountHistory::Advance(Tenant& tenant, WallTime start) const {
  if (!tenant.life) {
    tenant.life = BeginLife(tenant.seen, start);
    Step step;
    step.changed = true;
    if (known_) step.change = FirstChange(tenant.life->now.state);
    return step;
  }
  return tenant.seen_in == collections_
             ? Seen(*tenant.life, tenant.seen, start)
             : Missed(*tenant.life, start, account_.leads.removed_for);
}

bool AccountHistory::AdvanceAll(WallTime start) {
  bool changed = false;
  for (auto at = tenants_.begin(); at != tenants_.end();) {
    const Step step = Advance(at->second, start);
    if (step.changed) {
      changed = true;
      at->second.since_sample.clear();
      unsaved_.insert(at->first);
      if (!IsExcluded(at->first)) totals_.Add(step);
    }
    at = step.forgotten ? tenants_.erase(at) : std::next(at);
  }
  must_save_ = must_save_ || changed;
  return changed;
}

void AccountHistory::Save() {
  Store::Changes changes;
  changes.reserve(unsaved_.size());
  for (const std::string& id : unsaved_) {
    const auto found = tenants_.find(id);
    changes.emplace_back(
        &id, found == tenants_.end() ? nullptr : &*found->second.life);
  }
  if (!file_.Save(name_, must_save_ ? &totals_ : nullptr, changes)) return;
  unsaved_.clear();
  must_save_ = false;
}

ShownTenants AccountHistory::Shown() {
  ShownTenants shown;
  shown.reserve(tenants_.size());
  for (auto& [id, tenant] : tenants_) {
    if (IsExcluded(id)) continue;
    if (tenant.since_sample.empty()) {
      tenant.since_sample = WriteSinceSample(name_, id, *tenant.life);
    }
    shown.push_back({&id, &*tenant.life, &tenant.since_sample});
  }
  return shown;
}

void AccountHistory::Publish(WallTime now) {
  ShownTenants shown = Shown();
  RecentChanges recent(shown);
  Samples since = WriteSince(account_, std::move(shown), now);
  MutexLock lock(mutex_);
  since_ = std::move(since);
  recent_ = std::move(recent);
  shown_totals_ = totals_;
}

Samples AccountHistory::CountStates(WallTime now) {
  std::array<std::uint64_t, kStates> counts{};
  removed_shown_ = 0;
  for (const auto& [id, tenant] : tenants_) {
    if (IsExcluded(id)) continue;
    const State state = tenant.life->now.state;
    ++counts[static_cast<std::size_t>(state)];
    if (state == State::kRemoved &&
        IsShown(*tenant.life, account_.leads.removed_for, now)) {
      ++removed_shown_;
    }
  }
  return WriteByLifecycle(name_, counts);
}

}  // namespace operator_connect::history
