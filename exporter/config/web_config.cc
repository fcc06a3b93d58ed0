#include "exporter/config/web_config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/base/duration.h"
#include "exporter/config/config_file.h"
#include "exporter/config/go_tls_names.h"
#include "exporter/config/tls.h"
#include "exporter/config/web_headers.h"
#include "exporter/config/web_users.h"
#include "exporter/config/yaml/map_reader.h"
#include "exporter/config/yaml/tree.h"

namespace operator_connect::config {
namespace {

constexpr std::array<std::pair<std::string_view, bool>, 16> kGoBools = {
    {{"y", true},
     {"Y", true},
     {"yes", true},
     {"Yes", true},
     {"YES", true},
     {"on", true},
     {"On", true},
     {"ON", true},
     {"n", false},
     {"N", false},
     {"no", false},
     {"No", false},
     {"NO", false},
     {"off", false},
     {"Off", false},
     {"OFF", false}}};

// Like the toolkit, counts an empty text as unset.
bool IsSet(MapReader& reader, std::string_view key) {
  const YamlNode* node = reader.Find(key);
  if (node == nullptr) return false;
  return node->kind != YamlNode::Kind::kScalar || !node->scalar.empty();
}

// Reads at most one of `key` (PEM in the file) and `key`_file.
void ReadPem(MapReader& reader, const std::string& key, Pem& out) {
  const std::string file_key = key + "_file";
  reader.ReadFilePath(file_key, out.file);
  out.line = reader.LineOf(file_key);
  if (!IsSet(reader, key)) return;
  if (IsSet(reader, file_key)) {
    reader.Report(key, "is there beside " + file_key + "; keep one of the two");
  }
  if (ReadPemText(reader, key, out.text)) out.line = reader.LineOf(key);
}

void CheckClientAuth(MapReader& reader, const TlsServerConfig& tls) {
  const bool has_ca =
      IsSet(reader, "client_ca") || IsSet(reader, "client_ca_file");
  const bool none = tls.client_auth_type == ClientAuth::kNoClientCert;
  if (has_ca && none) {
    reader.Report("client_auth_type",
                  "is missing or NoClientCert beside a client CA; write "
                  "RequireAndVerifyClientCert");
  }
}

// Names can only be compared if a certificate is required.
void CheckAllowedSans(MapReader& reader, const TlsServerConfig& tls) {
  const YamlNode* sans = reader.Find("client_allowed_sans");
  if (sans == nullptr) return;
  if (sans->kind == YamlNode::Kind::kList && sans->items.empty()) {
    reader.Report("client_allowed_sans",
                  "is empty, which would refuse every client; write a name or "
                  "remove it");
  }
  if (tls.client_auth_type != ClientAuth::kRequireAnyClientCert &&
      tls.client_auth_type != ClientAuth::kRequireAndVerifyClientCert) {
    reader.Report("client_allowed_sans",
                  "needs a client_auth_type that requires a certificate; write "
                  "client_auth_type: RequireAndVerifyClientCert (or "
                  "RequireAnyClientCert)");
  }
}

std::string NotEmpty(const std::string& text) {
  return text.empty() ? "must not be empty; write it or remove it" : "";
}

std::string CheckCipher(const std::string& name) {
  if (!OpenSslCipher(name).empty()) return "";
  const std::string near = NearestCipher(name);
  return Quoted(name) + " is no cipher suite that is known and secure; " +
         (near.empty() ? "write Go's name, such as "
                         "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
                       : "did you mean " + near + "?");
}

std::string CheckCurve(const std::string& name) {
  if (!OpenSslGroup(name).empty()) return "";
  return Quoted(name) +
         " is no known curve; write CurveP256, CurveP384, CurveP521 or X25519";
}

// As in Go, suites of TLS 1.3 alone leave no suite for older versions.
void HoldToSuites(MapReader& reader, TlsServerConfig& tls) {
  // Suites of TLS 1.3 have the same name in Go and OpenSSL.
  const bool only_tls13 =
      !tls.cipher_suites.empty() &&
      std::all_of(
          tls.cipher_suites.begin(), tls.cipher_suites.end(),
          [](const std::string& name) { return OpenSslCipher(name) == name; });
  if (!only_tls13) return;
  if (tls.max_version < TlsVersion::kTls13) {
    reader.Report("cipher_suites",
                  "names suites of TLS 1.3 alone, which max_version excludes; "
                  "write one of TLS 1.2, or remove max_version");
  }
  tls.min_version = TlsVersion::kTls13;
}

void ReadClientAuth(MapReader& reader, ClientAuth& out) {
  if (!IsSet(reader, "client_auth_type")) return;
  // RequireClientCert is the toolkit's former name.
  reader.ReadWord(
      "client_auth_type", out,
      {{"NoClientCert", ClientAuth::kNoClientCert},
       {"RequestClientCert", ClientAuth::kRequestClientCert},
       {"RequireAnyClientCert", ClientAuth::kRequireAnyClientCert},
       {"RequireClientCert", ClientAuth::kRequireAnyClientCert},
       {"VerifyClientCertIfGiven", ClientAuth::kVerifyClientCertIfGiven},
       {"RequireAndVerifyClientCert",
        ClientAuth::kRequireAndVerifyClientCert}});
}

void RequireCertificate(MapReader& reader) {
  for (const std::string key : {"cert", "key"}) {
    if (IsSet(reader, key) || IsSet(reader, key + "_file")) continue;
    reader.Report(key + "_file", "is missing; write the server's " +
                                     std::string(key == "key" ? "private key"
                                                              : "certificate") +
                                     " file");
  }
}

// Whether a key is set that enables TLS for the toolkit. The other keys are
// only settings of TLS.
bool AsksForTls(MapReader& reader) {
  const auto keys = {
      "cert",           "cert_file",       "key", "key_file", "client_ca",
      "client_ca_file", "client_auth_type"};
  return std::any_of(keys.begin(), keys.end(),
                     [&](const char* key) { return IsSet(reader, key); });
}

// Go's YAML has more words for booleans than YAML 1.2.
void ReadGoBool(MapReader& reader, std::string_view key, bool& out) {
  const YamlNode* node = reader.Find(key);
  if (node != nullptr && node->plain) {
    for (const auto& [word, value] : kGoBools) {
      if (node->scalar != word) continue;
      out = value;
      return;
    }
  }
  reader.Read(key, out);
}

std::optional<TlsServerConfig> ReadTlsServer(MapReader& reader) {
  TlsServerConfig out;
  ReadPem(reader, "cert", out.cert);
  ReadPem(reader, "key", out.key);
  ReadPem(reader, "client_ca", out.client_ca);
  ReadClientAuth(reader, out.client_auth_type);
  reader.ReadStrings("client_allowed_sans", out.client_allowed_sans, NotEmpty);
  ReadTlsVersions(reader, out.min_version, out.max_version);
  reader.ReadStrings("cipher_suites", out.cipher_suites, CheckCipher);
  HoldToSuites(reader, out);
  ReadGoBool(reader, "prefer_server_cipher_suites",
             out.prefer_server_cipher_suites);
  reader.ReadStrings("curve_preferences", out.curve_preferences, CheckCurve);
  CheckClientAuth(reader, out);
  CheckAllowedSans(reader, out);
  if (!AsksForTls(reader)) return std::nullopt;
  RequireCertificate(reader);
  return out;
}

void ReadHttpServer(MapReader& reader, WebConfig& out) {
  ReadGoBool(reader, "http2", out.http2);
  reader.ReadMap("headers",
                 [&](MapReader& map) { out.headers = ReadWebHeaders(map); });
}

// Takes Go's durations, as the toolkit does, and Prometheus', as elsewhere. A
// text that is valid in both means the same in both.
void ReadInterval(MapReader& reader, Duration& out) {
  const YamlNode* node = reader.Find("interval");
  if (node != nullptr && node->kind == YamlNode::Kind::kScalar) {
    if (const auto interval = ParseGoDuration(node->scalar)) {
      out = *interval;
      return;
    }
  }
  reader.ReadDuration("interval", out);
}

void ReadRateLimit(MapReader& reader, RateLimit& out) {
  ReadInterval(reader, out.interval);
  reader.Read("burst", out.burst, 0, 1'000'000);
  if (out.interval > Duration::zero() && out.burst == 0) {
    reader.Report("burst",
                  "is missing or 0, which would refuse every request; write 1 "
                  "or more");
  }
}

WebConfig ReadRoot(MapReader& root) {
  WebConfig out;
  root.ReadMap("tls_server_config", [&](MapReader& map) {
    out.tls_server_config = ReadTlsServer(map);
  });
  root.ReadMap("http_server_config",
               [&](MapReader& map) { ReadHttpServer(map, out); });
  root.ReadStringMap("basic_auth_users", out.basic_auth_users, CheckWebUser);
  root.ReadMap("rate_limit",
               [&](MapReader& map) { ReadRateLimit(map, out.rate_limit); });
  root.Finish();
  return out;
}

}  // namespace

WebConfigReading ReadWebConfig(const std::string& path) {
  const Result<std::string, Problem> text = ReadConfigFile(path);
  if (!text.ok()) {
    Problem problem = text.error();
    problem.line = 0;  // nothing was read, so no line is at fault
    return {{}, {problem}};
  }
  return ParseWebConfig(*text, path);
}

WebConfigReading ParseWebConfig(std::string_view yaml,
                                const std::string& path) {
  ProblemList problems(path);
  const YamlTree tree = YamlTree::Parse(yaml, problems);
  WebConfigReading reading;
  if (tree.root() != nullptr) {
    FileContext context{problems, FolderOf(path)};
    MapReader root(context, *tree.root(), "", tree.root()->line);
    reading.config = ReadRoot(root);
  }
  reading.problems = std::move(problems).Take();
  return reading;
}

}  // namespace operator_connect::config
