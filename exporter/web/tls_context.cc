#include "exporter/web/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "exporter/base/file.h"
#include "exporter/config/go_tls_names.h"
#include "exporter/config/pem.h"
#include "exporter/http_client/trust_store.h"
#include "exporter/web/tls_client_names.h"

namespace operator_connect::web {
namespace {

// Go's suites up to TLS 1.2: those with a new key for each connection.
constexpr char kGoDefaultCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
    "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA";

// The fault of one setting; nullopt: it was used.
using Wrong = std::optional<std::string>;

// OpenSSL's newest error. None of those here quotes a secret.
std::string OpenSslError() {
  char text[256] = "unknown error";
  const unsigned long code = ERR_peek_last_error();
  if (code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

// A problem with `key`, or with `key`_file if the PEM is in a file.
config::Problem ProblemOf(const config::Pem& pem, const std::string& key,
                          const std::string& wrong) {
  config::Problem problem;
  problem.line = pem.line;
  problem.key = "tls_server_config." + key + (pem.file.empty() ? "" : "_file");
  problem.message = pem.file.empty() ? wrong : pem.file + ": " + wrong;
  return problem;
}

// The PEM text of a setting.
Result<std::string, FileError> TextOf(const config::Pem& pem) {
  if (pem.file.empty()) return pem.text;
  return ReadFile(pem.file);
}

void WarnOfDates(X509* certificate, const config::Pem& pem, WallTime now,
                 config::Problems& warnings) {
  std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch())
          .count();
  if (X509_cmp_time(X509_get0_notAfter(certificate), &seconds) < 0) {
    warnings.push_back(ProblemOf(pem, "cert", "the certificate has expired"));
  } else if (X509_cmp_time(X509_get0_notBefore(certificate), &seconds) > 0) {
    warnings.push_back(
        ProblemOf(pem, "cert", "the certificate is not valid yet"));
  }
}

Wrong UseCertificate(SSL_CTX* context, const config::Pem& pem, WallTime now,
                     config::Problems& warnings) {
  const Result<std::string, FileError> text = TextOf(pem);
  if (!text.ok()) return text.error().message;
  const std::vector<config::Certificate> chain =
      config::ParseCertificates(*text);
  if (chain.empty()) return "holds no PEM certificate";
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
    return OpenSslError();
  }
  WarnOfDates(chain.front().get(), pem, now, warnings);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) {
      return OpenSslError();
    }
  }
  return std::nullopt;
}

// Call after the certificate was used successfully.
Wrong UseKey(SSL_CTX* context, const config::Pem& pem) {
  const Result<std::string, FileError> text = TextOf(pem);
  if (!text.ok()) return text.error().message;
  const config::PrivateKey key = config::ParsePrivateKey(*text);
  if (!key) {
    return "holds no PEM private key without a passphrase";
  }
  if (SSL_CTX_get0_certificate(context) == nullptr) return std::nullopt;
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    return "the key does not belong to the certificate";
  }
  return std::nullopt;
}

Wrong UseClientCa(SSL_CTX* context, const config::Pem& pem) {
  const Result<std::string, FileError> text = TextOf(pem);
  if (!text.ok()) return text.error().message;
  const std::vector<config::Certificate> authorities =
      config::ParseCertificates(*text);
  if (authorities.empty()) return "holds no PEM certificate";
  for (const config::Certificate& one : authorities) {
    // Reads its extensions now, not in the first of many handshakes.
    X509_check_purpose(one.get(), -1, 0);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get());
    SSL_CTX_add_client_CA(context, one.get());
  }
  return std::nullopt;
}

// As Go does without own authorities.
Wrong UseSystemCa(SSL_CTX* context) {
  Result<http_client::X509StorePtr, std::string> store =
      http_client::TrustStore("").Get();
  if (!store.ok()) return std::move(store).error();
  SSL_CTX_set1_cert_store(context, store->get());
  return std::nullopt;
}

Wrong UseClientAuth(SSL_CTX* context, const config::TlsServerConfig& config) {
  using config::ClientAuth;
  const ClientAuth type = config.client_auth_type;
  if (type == ClientAuth::kNoClientCert) return std::nullopt;
  int mode = SSL_VERIFY_PEER;
  if (type == ClientAuth::kRequireAnyClientCert ||
      type == ClientAuth::kRequireAndVerifyClientCert) {
    mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  SSL_CTX_set_verify(context, mode, nullptr);
  CheckClientNames(context, config.client_allowed_sans,
                   type == ClientAuth::kRequestClientCert ||
                           type == ClientAuth::kRequireAnyClientCert
                       ? Vouching::kNobody
                       : Vouching::kAuthority);
  if (!config.client_ca.empty()) return UseClientCa(context, config.client_ca);
  if (type == ClientAuth::kVerifyClientCertIfGiven ||
      type == ClientAuth::kRequireAndVerifyClientCert) {
    return UseSystemCa(context);
  }
  return std::nullopt;
}

std::string Join(const std::vector<std::string>& names,
                 std::string_view (*translate)(std::string_view)) {
  std::string joined;
  for (const std::string& name : names) {
    const std::string_view word = translate(name);
    // OpenSSL lists the suites of TLS 1.3 apart, all enabled.
    if (word.empty() || word.substr(0, 4) == "TLS_") continue;
    if (!joined.empty()) joined += ':';
    joined += word;
  }
  return joined;
}

Wrong UseProtocol(SSL_CTX* context, const config::TlsServerConfig& config) {
  SSL_CTX_set_min_proto_version(context, static_cast<int>(config.min_version));
  SSL_CTX_set_max_proto_version(context, static_cast<int>(config.max_version));
  std::string ciphers = Join(config.cipher_suites, config::OpenSslCipher);
  const bool old = config.min_version < config::TlsVersion::kTls12;
  if (ciphers.empty()) ciphers = kGoDefaultCiphers;
  // OpenSSL accepts the signatures of TLS 1.0 and 1.1 at this level only.
  if (old) ciphers += ":@SECLEVEL=0";
  if (SSL_CTX_set_cipher_list(context, ciphers.c_str()) != 1) {
    return "cipher_suites: " + OpenSslError();
  }
  const std::string groups =
      Join(config.curve_preferences, config::OpenSslGroup);
  if (!groups.empty() &&
      SSL_CTX_set1_groups_list(context, groups.c_str()) != 1) {
    return "curve_preferences: " + OpenSslError();
  }
  return std::nullopt;
}

// The part of the context that names no file.
TlsContext MakeBareContext(const config::TlsServerConfig& config) {
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return nullptr;
  std::uint64_t options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
  if (config.prefer_server_cipher_suites) {
    options |= SSL_OP_CIPHER_SERVER_PREFERENCE;
  }
  SSL_CTX_set_options(context.get(), options);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // OpenSSL demands it where clients show certificates; otherwise unused.
  static constexpr unsigned char kSessionContext[] = "exporter";
  SSL_CTX_set_session_id_context(context.get(), kSessionContext,
                                 sizeof kSessionContext - 1);
  return context;
}

}  // namespace

Result<TlsContext, config::Problems> MakeTlsContext(
    const config::TlsServerConfig& config, WallTime now,
    config::Problems& warnings) {
  const TlsContext made = MakeBareContext(config);
  SSL_CTX* context = made.get();
  if (context == nullptr) {
    return config::Problems{{"", 0, "tls_server_config", OpenSslError()}};
  }
  config::Problems problems;
  if (auto wrong = UseCertificate(context, config.cert, now, warnings)) {
    problems.push_back(ProblemOf(config.cert, "cert", *wrong));
  }
  if (auto wrong = UseProtocol(context, config)) {
    problems.push_back({"", 0, "tls_server_config", *wrong});
  }
  if (auto wrong = UseClientAuth(context, config)) {
    problems.push_back(ProblemOf(config.client_ca, "client_ca", *wrong));
  }
  if (auto wrong = UseKey(context, config.key)) {
    problems.push_back(ProblemOf(config.key, "key", *wrong));
  }
  if (problems.empty()) return made;
  std::stable_sort(problems.begin(), problems.end(),
                   [](const config::Problem& a, const config::Problem& b) {
                     return a.line < b.line;
                   });
  return problems;
}

}  // namespace operator_connect::web
