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

// What is asked of a client's certificate; the names are Go's.
enum class ClientAuth {
  kNoClientCert,                // none is asked for
  kRequestClientCert,           // asked for, may be missing, is not verified
  kRequireAnyClientCert,        // must be there, is not verified
  kVerifyClientCertIfGiven,     // may be missing; verified if there
  kRequireAndVerifyClientCert,  // must be there, is verified
};

struct TlsServerConfig {
  Pem cert;       // cert_file or cert; always there
  Pem key;        // key_file or key; always there
  Pem client_ca;  // client_ca_file or client_ca; there if clients are verified
  ClientAuth client_auth_type = ClientAuth::kNoClientCert;
  // If not empty, one DNS name, IP address, e-mail address or URI of the
  // client's certificate must be equal to one of these. Only with a type that
  // requires a certificate.
  std::vector<std::string> client_allowed_sans;
  // TLS 1.3, whatever is written, if `cipher_suites` has none of older ones.
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;  // not below min_version
  // Go's names, each known to OpenSslCipher() of go_tls_names.h. Empty: the
  // library's own choice. As in Go, they say nothing about the suites of
  // TLS 1.3.
  std::vector<std::string> cipher_suites;
  bool prefer_server_cipher_suites = true;
  // Go's names, each known to OpenSslGroup(). Empty: the library's choice.
  std::vector<std::string> curve_preferences;
  bool operator==(const TlsServerConfig&) const = default;
};

// One request every `interval` on average, and `burst` of them at once.
struct RateLimit {
  Duration interval = Duration::zero();  // zero: no limit
  int burst = 0;                         // 1 or more if there is a limit
  bool operator==(const RateLimit&) const = default;
};

struct WebConfig {
  // Unset: plain HTTP.
  std::optional<TlsServerConfig> tls_server_config;
  // Accepted for the format's sake. Connections are HTTP/1.1 in any case,
  // which every client of an exporter speaks.
  bool http2 = true;
  // Response headers, of the few that the toolkit allows; no value is empty
  // or holds a control character.
  std::map<std::string, std::string> headers;
  // User names, without a colon, to bcrypt hashes ($2a$, $2b$ or $2y$, of the
  // right length). Empty: no password is asked for.
  std::map<std::string, std::string> basic_auth_users;
  RateLimit rate_limit;
  bool operator==(const WebConfig&) const = default;
};

// A web configuration as far as it can be understood.
struct WebConfigReading {
  WebConfig config;   // names what the file names, also what cannot be read
  Problems problems;  // empty: the configuration is right
};

// Reads and checks the web configuration at `path`, like LoadConfig: every
// problem at once, relative paths from the folder of `path`, and certificate
// and key files must be readable. That a key belongs to its certificate is
// for those to say who load both. An empty file is valid. Any thread.
WebConfigReading ReadWebConfig(const std::string& path);

// The same for a text that stands for the file `path`.
WebConfigReading ParseWebConfig(std::string_view yaml, const std::string& path);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_H_
