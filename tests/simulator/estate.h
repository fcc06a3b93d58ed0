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

// The contents of the simulated platform: leads, and the numbers of each
// tenant. The structs hold the *meaning* of a record; `raw_fields` and
// `raw_record` only change how it is sent. The truth (truth.h) is computed from
// the meaning.

// JSON texts by field name, which replace the field's usual value or are added
// to the record. An empty text omits the field. Texts are sent byte for byte,
// valid or not.
using RawFields = std::map<std::string, std::string, std::less<>>;

struct Lead {
  // Unset is sent as null. Dates are texts and sent unchanged.
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
  int civic_addresses = kNull;  // their number; kNull: null; 0: []
  bool has_contacts = true;     // false: "contacts": null
  bool has_comments = false;    // false: "comments": null
  std::vector<std::string> consented_countries = {"US"};
  // Personal details, which the exporter must never output.
  std::string contact_name = "Jordan Avery";
  std::string contact_email = "jordan.avery@contoso.example";
  std::string contact_phone = "+14255550100";
  std::string company_size = "L250_U999";

  RawFields raw_fields;
  std::string raw_record;  // if not empty, the whole record

  static constexpr int kNull = -1;
};

// One entry of a number's sbcList. Unset fields are omitted.
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

// The numbers of one tenant: a list, or numbers that are generated one by one
// from a seed on request, so that a hundred million take no memory. A value,
// cheap to copy.
class TenantNumbers {
 public:
  TenantNumbers() = default;
  static TenantNumbers Listed(std::vector<Number> numbers);
  // Generated dates are before `now`, in seconds since the epoch.
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

// An immutable state of the estate.
struct EstateData {
  std::uint64_t version = 0;  // counts the changes
  std::vector<Lead> leads;    // in the order of the pages
  // By tenant id in lower case. A missing tenant has no numbers.
  std::map<std::string, TenantNumbers> numbers;
};
using EstateSnapshot = std::shared_ptr<const EstateData>;

// An estate that changes. Each response of the simulator uses one snapshot.
// Thread-safe.
class Estate {
 public:
  Estate();

  EstateSnapshot Snapshot() const OC_EXCLUDES(mutex_);

  // Changes the estate in one step. `change` must not call the estate.
  void Change(const std::function<void(EstateData&)>& change)
      OC_EXCLUDES(mutex_);
  void Replace(EstateData data) OC_EXCLUDES(mutex_);

  void AddLead(Lead lead);
  // False: no lead has that id (ignoring case). Drops `raw_record` unless
  // `edit` changed it, as it would hide the edit.
  bool EditLead(std::string_view id, const std::function<void(Lead&)>& edit);
  // Deletes the record. For a lead that is "Removed", edit its status instead.
  bool DeleteLead(std::string_view id);

  void SetNumbers(std::string_view tenant_id, TenantNumbers numbers);
  void AddNumber(std::string_view tenant_id, Number number);
  // False: there is no such number. Generated numbers become a list.
  bool EditNumber(std::string_view tenant_id, std::size_t index,
                  const std::function<void(Number&)>& edit);

  // Load JSON arrays in the platform's form and add their records. The error
  // describes the fault; nothing is changed then.
  Result<Done, std::string> LoadLeads(std::string_view json);
  Result<Done, std::string> LoadNumbers(std::string_view json);

 private:
  mutable Mutex mutex_;
  EstateSnapshot data_ OC_GUARDED_BY(mutex_);
};

// Options of a generated estate.
struct GenerateOptions {
  std::uint64_t seed = 1;
  std::size_t tenants = 100;
  std::size_t numbers_per_tenant = 100;
  // True: one licensed or unlicensed lead per tenant and exactly that many
  // numbers. False: realistic: some tenants have several leads, are removed and
  // consent again, and have between none and four times as many numbers.
  bool uniform = false;
  // The newest dates are just before it, in seconds since the epoch.
  std::int64_t now = 1735732800;  // 2025-01-01T12:00:00Z
};

// Generates an estate; equal options give equal estates.
EstateData Generate(const GenerateOptions& options);

// Append one record as it is sent to `out`.
void AppendLead(const Lead& lead, std::string& out);
void AppendNumber(const Number& number, std::string& out);

std::string ToLower(std::string_view text);  // ASCII

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_ESTATE_H_
