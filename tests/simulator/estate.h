#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_ESTATE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_ESTATE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/mutex.h"
#include "exporter/base/result.h"

namespace operator_connect::simulator {

// What the simulated platform holds: leads, and the numbers of each tenant.
// The structs say what a record *means*; `raw_fields` and `raw_record` change
// only how it is sent. The truth (truth.h) is computed from the meaning.

// JSON texts by field name, written in place of the field's usual value or
// added to the record. An empty text leaves the field out. The text is sent
// byte for byte, valid or not.
using RawFields = std::map<std::string, std::string, std::less<>>;

struct Lead {
  // Unset is sent as null. Dates are texts, sent as they stand.
  std::optional<std::string> id;
  std::optional<std::string> tenant_id;
  std::optional<std::string> status = "Active";
  std::optional<std::string> ump_customer_guid;  // unset: unlicensed
  std::optional<std::string> consented_on;
  std::optional<std::string> last_modified_on;
  std::optional<std::string> company;  // contactDetails.companyName
  std::optional<std::string> operator_id;
  std::optional<std::int64_t> ovoc_channel_id;
  bool ovoc_channel_id_is_text = false;  // sent as "1574", not 1574
  std::optional<bool> is_not_active;
  bool is_direct = false;
  int civic_addresses = kNull;  // how many; kNull: null; 0: []
  bool has_contacts = true;     // false: "contacts": null
  bool has_comments = false;    // false: "comments": null
  std::vector<std::string> consented_countries = {"US"};
  // Personal details; they must never come out of the exporter.
  std::string contact_name = "Jordan Avery";
  std::string contact_email = "jordan.avery@contoso.example";
  std::string contact_phone = "+14255550100";
  std::string company_size = "L250_U999";

  RawFields raw_fields;
  std::string raw_record;  // the whole record instead, if not empty

  static constexpr int kNull = -1;
};

// One entry of a number's sbcList. Unset is left out.
struct Sbc {
  std::optional<std::string> name;
  std::optional<std::string> fqdn;
  std::optional<std::int64_t> id;
};

struct Number {
  std::int64_t id = 0;
  std::string telephone_number = "+14255550101";
  std::optional<std::string> tenant_id;
  std::optional<std::string> assignment_status = "Unassigned";
  std::vector<std::string> acquired_capabilities;
  std::vector<std::string> available_capabilities;
  std::optional<int> acquired_number_status = 0;
  std::optional<std::string> aslcht;             // last check; unset: never
  std::optional<std::string> verification_code;  // "200", "404", …
  bool code_is_spelt_aslv = true;                // aslvCode, else alsvcode
  bool code_is_number = false;                   // sent as 404, not "404"
  std::optional<std::string> iso_country_code = "US";
  std::optional<std::string> source = "webapi";
  std::optional<std::vector<Sbc>> sbcs;
  std::optional<std::string> calling_profile_id;
  std::optional<std::string> location_id;
  std::optional<std::string> civic_address_id;
  std::optional<std::string> acquired_on;
  std::optional<std::string> aslsct;  // last change of status
  std::optional<std::string> when_created;

  RawFields raw_fields;
  std::string raw_record;
};

// The numbers of one tenant: listed, or made up one by one from a seed value
// when they are asked for, so that a hundred million take no memory. A value,
// cheap to copy.
class TenantNumbers {
 public:
  TenantNumbers() = default;
  static TenantNumbers Listed(std::vector<Number> numbers);
  // Their dates are before `now`, in seconds since the epoch.
  static TenantNumbers Generated(std::uint64_t seed, std::string tenant_id,
                                 std::size_t count,
                                 std::int64_t now = 1735732800);

  std::size_t size() const;
  Number at(std::size_t index) const;  // index < size()
  std::vector<Number> List() const;    // all of them, in memory

 private:
  std::shared_ptr<const std::vector<Number>> listed_;
  std::string tenant_id_;
  std::uint64_t seed_ = 0;
  std::size_t count_ = 0;
  std::int64_t now_ = 0;
};

// The estate at one moment.
struct EstateData {
  std::uint64_t version = 0;  // counts the changes
  std::vector<Lead> leads;    // in the order of the pages
  // By tenant id in lower case. A tenant that is not here has no numbers.
  std::map<std::string, TenantNumbers> numbers;
};
using EstateSnapshot = std::shared_ptr<const EstateData>;

// An estate that changes. Every answer of the simulator is made from one
// snapshot. Thread-safe.
class Estate {
 public:
  Estate();

  EstateSnapshot Snapshot() const OC_EXCLUDES(mutex_);

  // Changes anything, as one step. `change` must not call the estate.
  void Change(const std::function<void(EstateData&)>& change)
      OC_EXCLUDES(mutex_);
  void Replace(EstateData data) OC_EXCLUDES(mutex_);

  void AddLead(Lead lead);
  // False: there is no lead with that id (case aside). A `raw_record` that
  // `edit` left alone is dropped, as it would hide the edit.
  bool EditLead(std::string_view id, const std::function<void(Lead&)>& edit);
  // Takes the record away; a lead that is "Removed" is an edit of its status.
  bool DeleteLead(std::string_view id);

  void SetNumbers(std::string_view tenant_id, TenantNumbers numbers);
  void AddNumber(std::string_view tenant_id, Number number);
  // False: there is no such number. Generated ones become listed ones.
  bool EditNumber(std::string_view tenant_id, std::size_t index,
                  const std::function<void(Number&)>& edit);

  // Reads JSON arrays as the platform publishes them, and adds what they
  // hold. The error says what is wrong; nothing is changed then.
  Result<Done, std::string> LoadLeads(std::string_view json);
  Result<Done, std::string> LoadNumbers(std::string_view json);

 private:
  mutable Mutex mutex_;
  EstateSnapshot data_ OC_GUARDED_BY(mutex_);
};

// How an estate is made up.
struct GenerateOptions {
  std::uint64_t seed = 1;
  std::size_t tenants = 100;
  std::size_t numbers_per_tenant = 100;
  // True: one licensed or unlicensed lead a tenant and exactly that many
  // numbers. False: as in the field: some tenants with several leads, removed
  // and consented again, numbers between none and four times as many.
  bool uniform = false;
  // The newest dates are just before this time, in seconds since the epoch.
  std::int64_t now = 1735732800;  // 2025-01-01T12:00:00Z
};

// Makes up an estate; the same options give the same estate.
EstateData Generate(const GenerateOptions& options);

// One record as it is sent, appended to `out`.
void AppendLead(const Lead& lead, std::string& out);
void AppendNumber(const Number& number, std::string& out);

std::string ToLower(std::string_view text);  // ASCII

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_ESTATE_H_
