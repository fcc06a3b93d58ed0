// PEM in the configuration, and versions of TLS.

#include <doctest/doctest.h>

#include <string>

#include "exporter/http_client/transport.h"
#include "tests/support/certificates.h"
#include "tests/support/socket_server.h"
#include "tests/support/test_receiver.h"

namespace operator_connect::http_client {
namespace {

using Kind = Failure::Kind;
using config::TlsVersion;

void AnswerAll(Peer& peer) {
  while (!peer.ReadRequest().empty()) peer.Write(Ok("[]"));
}

Identity MakeAuthority() {
  IdentityOptions options;
  options.authority = true;
  options.name = "Test authority";
  return MakeIdentity(options);
}

TEST_CASE("only written authorities are trusted") {
  const Identity authority = MakeAuthority();
  const auto tls = MakeServerTls(MakeIdentity({}, &authority));
  const SocketServer server(AnswerAll, tls.get());
  FetchOptions options;
  options.tls.ca =
      MakeAuthority().CertificatePem() + authority.CertificatePem();
  CHECK(Fetch(server.Url(), options).result->ok());
  options.tls.ca = MakeAuthority().CertificatePem();
  const Fetched fetched = Fetch(server.Url(), options);
  CHECK(fetched.kind() == Kind::kTransport);
  CAPTURE(fetched.detail());
  CHECK(fetched.detail().find("no authority in tls_config.ca signed it") !=
        std::string::npos);
}

TEST_CASE("a written client certificate is sent to the server") {
  const Identity authority = MakeAuthority();
  const auto tls = MakeServerTls(MakeIdentity({}, &authority), &authority);
  const SocketServer server(AnswerAll, tls.get());
  const Identity client = MakeIdentity({}, &authority);
  FetchOptions options;
  options.tls.ca = authority.CertificatePem();
  options.tls.cert = client.CertificatePem();
  SUBCASE("with its key") {
    options.tls.key = client.KeyPem();
    const Fetched fetched = Fetch(server.Url(), options);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok());
  }
  SUBCASE("with the key of another") {
    options.tls.key = MakeIdentity({}).KeyPem();
    const Fetched fetched = Fetch(server.Url(), options);
    CHECK(fetched.kind() == Kind::kCredentials);
    CHECK(fetched.detail().find("the client certificate tls_config.cert and "
                                "its key tls_config.key cannot be used") == 0);
  }
}

struct Versions {
  TlsVersion min;
  TlsVersion max;
};

// A server with these versions; the oldest need insecure signatures.
std::shared_ptr<SSL_CTX> MakeServer(const Identity& identity,
                                    const Versions& versions) {
  const auto tls = MakeServerTls(identity);
  SSL_CTX_set_security_level(tls.get(), 0);
  SSL_CTX_set_min_proto_version(tls.get(), static_cast<int>(versions.min));
  SSL_CTX_set_max_proto_version(tls.get(), static_cast<int>(versions.max));
  return tls;
}

TEST_CASE("a version of TLS outside of the range is refused") {
  const Identity authority = MakeAuthority();
  const Identity identity = MakeIdentity({}, &authority);
  struct Row {
    Versions client;
    Versions server;
    bool agree;
  };
  const Versions usual = {config::TlsConfig().min_version,
                          config::TlsConfig().max_version};
  const Row rows[] = {
      {usual, {TlsVersion::kTls10, TlsVersion::kTls12}, true},
      {usual, {TlsVersion::kTls13, TlsVersion::kTls13}, true},
      {usual, {TlsVersion::kTls10, TlsVersion::kTls11}, false},
      {{TlsVersion::kTls10, TlsVersion::kTls13},
       {TlsVersion::kTls10, TlsVersion::kTls11},
       true},
      {{TlsVersion::kTls13, TlsVersion::kTls13},
       {TlsVersion::kTls10, TlsVersion::kTls12},
       false},
      {{TlsVersion::kTls12, TlsVersion::kTls12},
       {TlsVersion::kTls13, TlsVersion::kTls13},
       false},
  };
  for (const Row& row : rows) {
    const auto tls = MakeServer(identity, row.server);
    const SocketServer server(AnswerAll, tls.get());
    FetchOptions options;
    options.tls.ca = authority.CertificatePem();
    options.tls.min_version = row.client.min;
    options.tls.max_version = row.client.max;
    const Fetched fetched = Fetch(server.Url(), options);
    CAPTURE(&row - rows);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok() == row.agree);
    if (!row.agree) {
      CHECK(fetched.detail().find("it speaks no version from "
                                  "tls_config.min_version to max_version") !=
            std::string::npos);
    }
  }
}

}  // namespace
}  // namespace operator_connect::http_client
