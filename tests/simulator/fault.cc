#include "tests/simulator/fault.h"

#include <rapidjson/document.h>

#include <array>
#include <utility>

namespace operator_connect::simulator {

namespace {

using rapidjson::Value;

template <typename Enum>
struct Named {
  Enum value;
  std::string_view name;
};

constexpr Named<Endpoint> kEndpoints[] = {{Endpoint::kToken, "token"},
                                          {Endpoint::kLeads, "leads"},
                                          {Endpoint::kNumbers, "numbers"},
                                          {Endpoint::kOther, "other"}};

constexpr Named<Framing> kFramings[] = {
    {Framing::kChunked, "chunked"},
    {Framing::kContentLength, "content_length"},
    {Framing::kClose, "close"}};

constexpr Named<Spoil> kSpoils[] = {{Spoil::kNonObjects, "non_objects"},
                                    {Spoil::kWrongTypes, "wrong_types"},
                                    {Spoil::kLoneSurrogate, "lone_surrogate"},
                                    {Spoil::kInvalidUtf8, "invalid_utf8"},
                                    {Spoil::kNul, "nul"},
                                    {Spoil::kMegabyteString, "megabyte_string"},
                                    {Spoil::kNestedNames, "nested_names"}};

constexpr Named<Action> kActions[] = {
    {Action::kNone, "none"},
    {Action::kStatus, "status"},
    {Action::kBody, "body"},
    {Action::kNeverAnswer, "never_answer"},
    {Action::kClose, "close"},
    {Action::kReset, "reset"},
    {Action::kDripHeaders, "drip_headers"},
    {Action::kDripBody, "drip_body"},
    {Action::kEndlessHeaders, "endless_headers"},
    {Action::kEndlessStatusLine, "endless_status_line"},
    {Action::kLongStatusLine, "long_status_line"},
    {Action::kEndlessBody, "endless_body"},
    {Action::kEndlessRecord, "endless_record"},
    {Action::kCutBody, "cut_body"},
    {Action::kNonsenseContentLength, "nonsense_content_length"},
    {Action::kEarlyHintsOnly, "early_hints_only"},
    {Action::kDeepDocument, "deep_document"},
    {Action::kGzipBomb, "gzip_bomb"},
    {Action::kOtherTenant, "other_tenant"},
    {Action::kRepeatPage, "repeat_page"},
    {Action::kCyclePages, "cycle_pages"},
    {Action::kEndlessPages, "endless_pages"},
    {Action::kShiftRecord, "shift_record"},
    {Action::kShufflePages, "shuffle_pages"},
    {Action::kSwapTies, "swap_ties"},
    {Action::kFilterPages, "filter_pages"},
    {Action::kCapPages, "cap_pages"},
    {Action::kSpoil, "spoil"}};

template <typename Enum, std::size_t N>
std::string_view NameOf(const Named<Enum> (&table)[N], Enum value) {
  for (const auto& entry : table) {
    if (entry.value == value) return entry.name;
  }
  return "";
}

// Reads one member of a match or a fault. False: it has the wrong type.
template <typename Enum, std::size_t N>
bool Read(const Named<Enum> (&table)[N], const Value& json, Enum& value) {
  if (!json.IsString()) return false;
  for (const auto& entry : table) {
    if (entry.name == json.GetString()) {
      value = entry.value;
      return true;
    }
  }
  return false;
}

bool Read(const Value& json, std::string& value) {
  if (json.IsInt64()) {
    value = std::to_string(json.GetInt64());
    return true;
  }
  if (!json.IsString()) return false;
  value.assign(json.GetString(), json.GetStringLength());
  return true;
}

bool Read(const Value& json, int& value) {
  if (json.IsInt()) value = json.GetInt();
  return json.IsInt();
}

bool Read(const Value& json, std::chrono::milliseconds& value) {
  if (json.IsInt64()) value = std::chrono::milliseconds(json.GetInt64());
  return json.IsInt64();
}

enum class Outcome { kRead, kWrong, kUnknown };

Outcome Is(bool read) { return read ? Outcome::kRead : Outcome::kWrong; }

Outcome ReadMatchMember(std::string_view name, const Value& json,
                        Match& match) {
  if (name == "endpoint") {
    match.endpoint = Endpoint::kOther;
    return Is(Read(kEndpoints, json, *match.endpoint));
  }
  if (name == "account") return Is(Read(json, match.account));
  if (name == "tenant_id") return Is(Read(json, match.tenant_id));
  if (name == "skip") return Is(Read(json, match.skip));
  if (name == "count") return Is(Read(json, match.count));
  if (name == "page") {
    match.page = 0;
    return Is(Read(json, *match.page));
  }
  if (name == "probability") {
    if (json.IsNumber()) match.probability = json.GetDouble();
    return Is(json.IsNumber());
  }
  return Outcome::kUnknown;
}

Outcome ReadFaultMember(std::string_view name, const Value& json,
                        Fault& fault) {
  if (name == "action") return Is(Read(kActions, json, fault.action));
  if (name == "delay_ms") return Is(Read(json, fault.delay));
  if (name == "status") return Is(Read(json, fault.status));
  if (name == "retry_after") return Is(Read(json, fault.retry_after));
  if (name == "body") return Is(Read(json, fault.body));
  if (name == "content_type") return Is(Read(json, fault.content_type));
  if (name == "interval_ms") return Is(Read(json, fault.interval));
  if (name == "framing") return Is(Read(kFramings, json, fault.framing));
  if (name == "spoil") return Is(Read(kSpoils, json, fault.spoil));
  if (name == "bytes") {
    if (json.IsUint64()) fault.bytes = json.GetUint64();
    return Is(json.IsUint64());
  }
  if (name == "gzip") {
    if (json.IsBool()) fault.gzip = json.GetBool();
    return Is(json.IsBool());
  }
  return ReadMatchMember(name, json, fault.match);
}

template <typename T>
Result<T, std::string> Parse(std::string_view text,
                             Outcome (*read)(std::string_view, const Value&,
                                             T&)) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) {
    return std::string("the body is no JSON object");
  }
  T value;
  const Value& object = document;
  for (auto member = object.MemberBegin(); member != object.MemberEnd();
       ++member) {
    const std::string name = member->name.GetString();
    const Outcome outcome = read(name, member->value, value);
    if (outcome == Outcome::kWrong) return name + ": not a value for it";
    if (outcome == Outcome::kUnknown) return name + ": no such member";
  }
  return value;
}

}  // namespace

std::string_view ToString(Endpoint endpoint) {
  return NameOf(kEndpoints, endpoint);
}

std::string_view ToString(Action action) { return NameOf(kActions, action); }

Result<Fault, std::string> ParseFault(std::string_view json) {
  return Parse<Fault>(json, ReadFaultMember);
}

Result<Match, std::string> ParseMatch(std::string_view json) {
  return Parse<Match>(json, ReadMatchMember);
}

}  // namespace operator_connect::simulator
