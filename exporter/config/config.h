#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"

namespace operator_connect::config {

// The configuration as typed values, every default filled in and every path
// absolute. Plain data: copied freely, compared with ==, read by any thread.
// Each field is named after its key; config/README.md documents the keys.

// A secret that is written in the configuration, or in a file that is read at
// each use so that it can be rotated. Exactly one of the two is set.
struct Secret {
  std::string value;
  std::string file;
  bool operator==(const Secret&) const = default;
};

// The values of one header: written, or in files that are read at each use.
struct HeaderValues {
  std::vector<std::string> values;
  std::vector<std::string> secrets;
  std::vector<std::string> files;
  bool operator==(const HeaderValues&) const = default;
};

// Headers by name. No two names differ in case alone.
using Headers = std::map<std::string, HeaderValues>;

// The proxies of a client. ChooseProxy() selects one for a server.
struct Proxy {
  std::string url;       // for https; empty: none
  std::string http_url;  // for plain http; empty: none
  std::string no_proxy;
  bool from_environment = false;  // all three are taken from the environment
  Headers connect_headers;        // sent to the proxy alone
  bool operator==(const Proxy&) const = default;
};

// TLS versions. The values are the protocol's own, as OpenSSL takes them.
enum class TlsVersion {
  kTls10 = 0x0301,
  kTls11 = 0x0302,
  kTls12 = 0x0303,
  kTls13 = 0x0304
};

// The TLS settings of a client. Each PEM is in a file or written here, at most
// one of the two. Empty: the system's certificate authorities, no client
// certificate.
struct TlsConfig {
  std::string ca_file;
  std::string ca;
  std::string cert_file;
  std::string cert;
  std::string key_file;
  std::string key;
  std::string server_name;
  bool insecure_skip_verify = false;
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;  // not below min_version
  bool operator==(const TlsConfig&) const = default;
};

// The signature of a client assertion by a certificate's key: RSASSA-PSS or
// RSASSA-PKCS1-v1_5, both with SHA-256.
enum class AssertionAlgorithm { kPs256, kRs256 };

// OAuth 2.0 client credentials (RFC 6749, section 4.4). The client
// authenticates with a secret or with a client assertion (RFC 7523), which it
// signs with a certificate's key or reads from a file. Exactly one is set.
struct OAuth2 {
  std::string client_id;
  std::optional<Secret> client_secret;
  std::string client_certificate_file;
  std::string client_certificate_key_file;  // both or neither
  AssertionAlgorithm client_assertion_algorithm = AssertionAlgorithm::kPs256;
  std::string client_assertion_file;
  std::string token_url;
  std::vector<std::string> scopes;
  std::map<std::string, std::string> endpoint_params;
  TlsConfig tls_config;
  Proxy proxy;
  bool operator==(const OAuth2&) const = default;
};

// An Authorization header from a given credential.
struct Authorization {
  std::string type = "Bearer";
  Secret credentials;
  bool operator==(const Authorization&) const = default;
};

// The leads that get series of their own.
enum class LeadDetails { kNone, kAttention, kAll };

struct Leads {
  int page_size = 1000;  // 1 to 20000
  int first_page = 1;    // 0 or more
  bool check_online = false;
  LeadDetails details = LeadDetails::kAll;
  int details_limit = 10000;
  Duration removed_for = std::chrono::hours(24 * 30);
  bool company = true;  // false: company names are neither kept nor shown
  bool operator==(const Leads&) const = default;
};

enum class NumbersApi { kV2, kV3 };

struct Numbers {
  bool enabled = true;
  NumbersApi api = NumbersApi::kV2;
  int page_size = 5000;
  std::vector<std::string> exclude_statuses = {"Removed"};
  // The interval at which tenants whose leads are all Removed are asked; 0:
  // never.
  Duration removed_tenants_interval = std::chrono::hours(24);
  bool tenant_series = true;
  int tenant_series_limit = 10000;
  bool operator==(const Numbers&) const = default;
};

// One account: an operator's access to one Live Platform.
struct Account {
  std::string name;
  std::string base_url;  // without a trailing slash
  // Allows plain http to hosts other than this one, in base_url and token_url.
  bool allow_http = false;
  // Exactly one of the two is set.
  std::optional<OAuth2> oauth2;
  std::optional<Authorization> authorization;
  TlsConfig tls_config;
  Proxy proxy;
  Headers http_headers;                    // sent to the platform
  std::optional<std::int64_t> channel_id;  // 0 or more
  int concurrency = 8;                     // 1 to 1000
  double requests_per_second = 4;          // 0: no limit
  Duration request_timeout = std::chrono::seconds(30);
  std::uint64_t max_response_bytes = std::uint64_t{256} << 20;
  std::vector<std::string> exclude_tenants;  // lower case
  Leads leads;
  Numbers numbers;
  bool operator==(const Account&) const = default;
};

// The timing of one kind of collection.
struct CollectionTimes {
  Duration min_interval;
  Duration max_age;  // at least timeout + min_interval
  Duration timeout;
  bool operator==(const CollectionTimes&) const = default;
};

struct Collection {
  CollectionTimes leads = {std::chrono::seconds(50), std::chrono::minutes(15),
                           std::chrono::minutes(5)};
  CollectionTimes numbers = {std::chrono::minutes(10), std::chrono::hours(1),
                             std::chrono::minutes(15)};
  bool operator==(const Collection&) const = default;
};

// The store of the tenants' history.
struct History {
  std::string path;  // of its file; empty: in memory only
  bool operator==(const History&) const = default;
};

struct Config {
  Collection collection;
  History history;
  std::vector<Account> accounts;  // in the file's order; at least one
  bool operator==(const Config&) const = default;
};

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_H_
