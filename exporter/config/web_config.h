#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/config/pem.h"
#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// The web configuration, the file of --web.config.file, in the format of
// Prometheus' exporter-toolkit (docs/web-configuration.md there), as typed
// values: defaults filled in, paths absolute. Plain data.

// The demand for a client's certificate, with Go's names.
enum class ClientAuth {
  kNoClientCert,                // not requested
  kRequestClientCert,           // requested, optional, not verified
  kRequireAnyClientCert,        // required, not verified
  kVerifyClientCertIfGiven,     // optional; verified if present
  kRequireAndVerifyClientCert,  // required and verified
};

struct TlsServerConfig {
  Pem cert;       // cert_file or cert; always set
  Pem key;        // key_file or key; always set
  Pem client_ca;  // client_ca_file or client_ca; set if clients are verified
  ClientAuth client_auth_type = ClientAuth::kNoClientCert;
  // If not empty, one DNS name, IP address, e-mail address or URI of the
  // client's certificate must equal one of these. Only with a type that
  // requires a certificate.
  std::vector<std::string> client_allowed_sans;
  // Raised to TLS 1.3 if `cipher_suites` has only suites of TLS 1.3.
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;  // not below min_version
  // Go's names, each known to OpenSslCipher() of go_tls_names.h. Empty:
  // OpenSSL's choice. As in Go, the suites of TLS 1.3 cannot be chosen.
  std::vector<std::string> cipher_suites;
  bool prefer_server_cipher_suites = true;
  // Go's names, each known to OpenSslGroup(). Empty: OpenSSL's choice.
  std::vector<std::string> curve_preferences;
  bool operator==(const TlsServerConfig&) const = default;
};

// One request per `interval` on average, and bursts of up to `burst`.
struct RateLimit {
  Duration interval = Duration::zero();  // zero: no limit
  int burst = 0;                         // 1 or more if there is an interval
  bool operator==(const RateLimit&) const = default;
};

struct WebConfig {
  // Unset: plain HTTP.
  std::optional<TlsServerConfig> tls_server_config;
  // Accepted for compatibility. Connections are always HTTP/1.1, which every
  // client of an exporter speaks.
  bool http2 = true;
  // Response headers, of the few that the toolkit allows. No value is empty or
  // holds a control character.
  std::map<std::string, std::string> headers;
  // bcrypt hashes ($2a$, $2b$ or $2y$, of the right length) by user name. Names
  // have no colon. Empty: no password is required.
  std::map<std::string, std::string> basic_auth_users;
  RateLimit rate_limit;
  bool operator==(const WebConfig&) const = default;
};

// A web configuration, as far as it could be read.
struct WebConfigReading {
  WebConfig config;   // with the names of files that cannot be read, too
  Problems problems;  // empty: the configuration is valid
};

// Reads and checks the web configuration at `path`, like LoadConfig: reports
// every problem, relative paths start at the folder of `path`, and certificate
// and key files must be readable. Does not check that a key belongs to its
// certificate; loading both does. An empty file is valid. Any thread.
WebConfigReading ReadWebConfig(const std::string& path);

// Does the same for a text in place of the file `path`.
WebConfigReading ParseWebConfig(std::string_view yaml, const std::string& path);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_H_
