#include "exporter/live_platform/numbers_paging.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace operator_connect::live_platform {
namespace {

constexpr std::size_t kFirstSlots = 1024;

}  // namespace

std::uint32_t NumbersMet::BeginAttempt(int page) {
  MutexLock lock(mutex_);
  pages_.push_back(page);
  return static_cast<std::uint32_t>(pages_.size() - 1);
}

bool NumbersMet::Meet(std::uint64_t identity, std::uint32_t attempt) {
  MutexLock lock(mutex_);
  if (identity == kEmpty) ++identity;
  if (3 * (used_ + 1) > 2 * identities_.size()) Grow();
  const std::size_t at = Find(identity);
  if (identities_[at] == kEmpty) {
    identities_[at] = identity;
    attempts_[at] = attempt;
    ++used_;
    return true;
  }
  // An earlier attempt at this page counts for nothing.
  const bool again =
      attempts_[at] != attempt && pages_[attempts_[at]] == pages_[attempt];
  if (again) attempts_[at] = attempt;
  return again;
}

std::size_t NumbersMet::Find(std::uint64_t identity) const {
  const std::size_t mask = identities_.size() - 1;
  std::size_t at = identity & mask;
  while (identities_[at] != kEmpty && identities_[at] != identity) {
    at = (at + 1) & mask;
  }
  return at;
}

void NumbersMet::Grow() {
  const std::size_t size = std::max(kFirstSlots, 2 * identities_.size());
  std::vector<std::uint64_t> identities(size, kEmpty);
  std::vector<std::uint32_t> attempts(size);
  identities.swap(identities_);
  attempts.swap(attempts_);
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (identities[i] == kEmpty) continue;
    const std::size_t at = Find(identities[i]);
    identities_[at] = identities[i];
    attempts_[at] = attempts[i];
  }
}

NumbersPageReader::NumbersPageReader(const Places& places, NumbersMet& met)
    : RecordsReader(NumberRecordTally::Fields(), Shape::kPage),
      places_(places),
      met_(met) {}

void NumbersPageReader::OnRestart() {
  attempt_ = met_.BeginAttempt(page_);
  current_page_.reset();
  total_pages_.reset();
  total_records_.reset();
  fresh_ = 0;
  unwanted_ = 0;
  nameless_ = 0;
  tallies_.clear();
}

void NumbersPageReader::OnRecord(const Record& record) {
  const std::optional<std::uint64_t> identity = records_.IdentityOf(record);
  // Who has no identity cannot be met twice.
  if (identity && !met_.Meet(*identity, attempt_)) return;
  ++fresh_;
  const std::string& tenant = records_.TenantOf(record);
  const auto place = places_.find(tenant);
  if (place == places_.end()) {
    ++(tenant.empty() ? nameless_ : unwanted_);
    return;
  }
  records_.Add(record, tallies_[place->second]);
}

void NumbersPageReader::OnPageMember(std::string_view name,
                                     std::optional<std::int64_t> value) {
  if (name == "currentPage") current_page_ = value;
  if (name == "totalPages") total_pages_ = value;
  if (name == "totalRecords") total_records_ = value;
}

void AddUp(const TenantNumbers& part, TenantNumbers& sum) {
  sum.numbers += part.numbers;
  sum.never_checked += part.never_checked;
  sum.failed += part.failed;
  if (part.oldest_check &&
      (!sum.oldest_check || *part.oldest_check < *sum.oldest_check)) {
    sum.oldest_check = part.oldest_check;
  }
  for (const NumberCount& count : part.counts) {
    const auto same = [&](const NumberCount& other) {
      return other.kind == count.kind && other.status == count.status &&
             other.capability == count.capability;
    };
    const auto found = std::find_if(sum.counts.begin(), sum.counts.end(), same);
    if (found == sum.counts.end()) {
      sum.counts.push_back(count);
    } else {
      found->numbers += count.numbers;
    }
  }
}

}  // namespace operator_connect::live_platform
