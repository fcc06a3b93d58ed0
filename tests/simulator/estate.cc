#include "tests/simulator/estate.h"

#include <algorithm>
#include <utility>

namespace operator_connect::simulator {

namespace {

std::vector<Lead>::iterator FindLead(EstateData& data, std::string_view id) {
  const std::string wanted = ToLower(id);
  return std::find_if(
      data.leads.begin(), data.leads.end(),
      [&](const Lead& lead) { return lead.id && ToLower(*lead.id) == wanted; });
}

// A record that was loaded as text is sent as that text until it is edited.
template <typename Record>
void EditRecord(Record& record, const std::function<void(Record&)>& edit) {
  const std::string before = record.raw_record;
  edit(record);
  if (record.raw_record == before) record.raw_record.clear();
}

}  // namespace

TenantNumbers TenantNumbers::Listed(std::vector<Number> numbers) {
  TenantNumbers made;
  made.count_ = numbers.size();
  made.listed_ =
      std::make_shared<const std::vector<Number>>(std::move(numbers));
  return made;
}

TenantNumbers TenantNumbers::Generated(std::uint64_t seed,
                                       std::string tenant_id, std::size_t count,
                                       std::int64_t now) {
  TenantNumbers made;
  made.seed_ = seed;
  made.tenant_id_ = std::move(tenant_id);
  made.count_ = count;
  made.now_ = now;
  return made;
}

std::size_t TenantNumbers::size() const { return count_; }

std::vector<Number> TenantNumbers::List() const {
  if (listed_) return *listed_;
  std::vector<Number> numbers;
  numbers.reserve(count_);
  for (std::size_t i = 0; i < count_; ++i) numbers.push_back(at(i));
  return numbers;
}

Estate::Estate() : data_(std::make_shared<const EstateData>()) {}

EstateSnapshot Estate::Snapshot() const {
  const MutexLock lock(mutex_);
  return data_;
}

void Estate::Change(const std::function<void(EstateData&)>& change) {
  const MutexLock lock(mutex_);
  auto next = std::make_shared<EstateData>(*data_);
  change(*next);
  next->version = data_->version + 1;
  data_ = std::move(next);
}

void Estate::Replace(EstateData data) {
  Change([&](EstateData& current) { current = std::move(data); });
}

void Estate::AddLead(Lead lead) {
  Change([&](EstateData& data) { data.leads.push_back(std::move(lead)); });
}

bool Estate::EditLead(std::string_view id,
                      const std::function<void(Lead&)>& edit) {
  bool found = false;
  Change([&](EstateData& data) {
    const auto lead = FindLead(data, id);
    found = lead != data.leads.end();
    if (found) EditRecord(*lead, edit);
  });
  return found;
}

bool Estate::DeleteLead(std::string_view id) {
  bool found = false;
  Change([&](EstateData& data) {
    const auto lead = FindLead(data, id);
    found = lead != data.leads.end();
    if (found) data.leads.erase(lead);
  });
  return found;
}

void Estate::SetNumbers(std::string_view tenant_id, TenantNumbers numbers) {
  Change([&](EstateData& data) {
    data.numbers[ToLower(tenant_id)] = std::move(numbers);
  });
}

void Estate::AddNumber(std::string_view tenant_id, Number number) {
  Change([&](EstateData& data) {
    TenantNumbers& numbers = data.numbers[ToLower(tenant_id)];
    std::vector<Number> list = numbers.List();
    list.push_back(std::move(number));
    numbers = TenantNumbers::Listed(std::move(list));
  });
}

bool Estate::EditNumber(std::string_view tenant_id, std::size_t index,
                        const std::function<void(Number&)>& edit) {
  bool found = false;
  Change([&](EstateData& data) {
    const auto numbers = data.numbers.find(ToLower(tenant_id));
    found = numbers != data.numbers.end() && index < numbers->second.size();
    if (!found) return;
    std::vector<Number> list = numbers->second.List();
    EditRecord(list[index], edit);
    numbers->second = TenantNumbers::Listed(std::move(list));
  });
  return found;
}

}  // namespace operator_connect::simulator
