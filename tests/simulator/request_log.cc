#include "tests/simulator/request_log.h"

#include <algorithm>
#include <cstdlib>

#include "tests/simulator/estate.h"

namespace operator_connect::simulator {

namespace {

constexpr std::size_t kKept = 200000;

bool IsLoad(Endpoint endpoint) {
  return endpoint == Endpoint::kLeads || endpoint == Endpoint::kNumbers;
}

}  // namespace

std::optional<int> Request::page() const {
  const auto found = params.find("PageNumber");
  if (found == params.end()) return std::nullopt;
  return std::atoi(found->second.c_str());
}

std::string Request::tenant_id() const {
  const auto found = params.find("msTenantId");
  return found == params.end() ? std::string() : ToLower(found->second);
}

bool Matches(const Match& match, const Request& request) {
  return (!match.endpoint || *match.endpoint == request.endpoint) &&
         (match.account.empty() || match.account == request.account) &&
         (!match.page || request.page() == match.page) &&
         (match.tenant_id.empty() ||
          ToLower(match.tenant_id) == request.tenant_id());
}

std::size_t RequestLog::CountLocked(const Match& match) const {
  auto count = static_cast<std::size_t>(
      std::count_if(requests_.begin(), requests_.end(),
                    [&](const Request& r) { return Matches(match, r); }));
  if (match.page || !match.tenant_id.empty()) return count;
  for (const auto& [key, old] : old_) {
    Request request;
    request.account = key.first;
    request.endpoint = key.second;
    if (Matches(match, request)) count += old;
  }
  return count;
}

std::size_t RequestLog::Count(const Match& match) const {
  const MutexLock lock(mutex_);
  return CountLocked(match);
}

std::vector<Request> RequestLog::List(const Match& match) const {
  const MutexLock lock(mutex_);
  std::vector<Request> list;
  std::copy_if(requests_.begin(), requests_.end(), std::back_inserter(list),
               [&](const Request& r) { return Matches(match, r); });
  return list;
}

std::size_t RequestLog::HighWater(std::string_view account) const {
  const MutexLock lock(mutex_);
  if (account.empty()) return all_.high_water;
  const auto found = loads_.find(account);
  return found == loads_.end() ? 0 : found->second.high_water;
}

std::size_t RequestLog::UnderWay() const {
  const MutexLock lock(mutex_);
  return all_.under_way;
}

std::size_t RequestLog::MostWithin(Duration window, const Match& match) const {
  const std::vector<Request> list = List(match);
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < list.size(); ++last) {
    while (list[last].arrived - list[first].arrived >= window) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

bool RequestLog::WaitForCount(std::size_t count, const Match& match,
                              const Deadline& deadline) const {
  const MutexLock lock(mutex_);
  while (CountLocked(match) < count) {
    if (deadline.expired()) return false;
    arrived_.WaitUntil(mutex_, deadline.at());
  }
  return true;
}

void RequestLog::Clear() {
  const MutexLock lock(mutex_);
  requests_.clear();
  old_.clear();
  all_.high_water = all_.under_way;
  for (auto& [account, load] : loads_) load.high_water = load.under_way;
}

std::uint64_t RequestLog::Begin(Request request) {
  const MutexLock lock(mutex_);
  request.serial = next_++;
  request.arrived = std::chrono::steady_clock::now();
  if (IsLoad(request.endpoint)) {
    Load& load = loads_[request.account];
    for (Load* one : {&all_, &load}) {
      ++one->under_way;
      one->high_water = std::max(one->high_water, one->under_way);
    }
    request.under_way = load.under_way;
    open_[request.serial] = request.account;
  }
  const std::uint64_t serial = request.serial;
  requests_.push_back(std::move(request));
  if (requests_.size() > kKept) {
    ++old_[{requests_.front().account, requests_.front().endpoint}];
    requests_.pop_front();
  }
  arrived_.NotifyAll();
  return serial;
}

void RequestLog::Answered(std::uint64_t serial, int status,
                          std::uint64_t version) {
  const MutexLock lock(mutex_);
  const auto found = std::lower_bound(
      requests_.begin(), requests_.end(), serial,
      [](const Request& r, std::uint64_t wanted) { return r.serial < wanted; });
  if (found == requests_.end() || found->serial != serial) return;
  found->status = status;
  found->estate_version = version;
}

void RequestLog::End(std::uint64_t serial) {
  const MutexLock lock(mutex_);
  const auto open = open_.find(serial);
  if (open == open_.end()) return;
  --all_.under_way;
  --loads_[open->second].under_way;
  open_.erase(open);
}

}  // namespace operator_connect::simulator
