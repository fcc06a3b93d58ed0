#include <doctest/doctest.h>

#include <future>
#include <thread>
#include <vector>

#include "exporter/http_client/transport.h"
#include "tests/support/certificates.h"
#include "tests/support/socket_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_receiver.h"

namespace operator_connect::http_client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Failure::Kind;

void AnswerAll(Peer& peer) {
  while (!peer.ReadRequest().empty()) peer.Write(Ok("[]"));
}

// A certificate authority and its file, for servers and clients to trust.
struct Authority {
  Authority() {
    IdentityOptions options;
    options.name = "Test authority";
    options.authority = true;
    identity = MakeIdentity(options);
    file = folder.Write("ca.pem", identity.CertificatePem());
  }
  Identity Issue(const IdentityOptions& options = {}) const {
    return MakeIdentity(options, &identity);
  }
  FetchOptions Trusting() const {
    FetchOptions options;
    options.tls.ca_file = file;
    return options;
  }

  TempDir folder;
  Identity identity;
  std::string file;
};

TEST_CASE("a certificate by a known authority is trusted") {
  const Authority authority;
  const auto tls = MakeServerTls(authority.Issue());
  const SocketServer server(AnswerAll, tls.get());
  const Fetched fetched = Fetch(server.Url(), authority.Trusting());
  CAPTURE(fetched.detail());
  CHECK(fetched.result->ok());
  CHECK(fetched.body == "[]");
}

TEST_CASE("a certificate by an unknown authority is refused for good") {
  const Authority authority;
  const auto tls = MakeServerTls(authority.Issue());
  const SocketServer server(AnswerAll, tls.get());
  SUBCASE("with the system's authorities") {
    const Fetched fetched = Fetch(server.Url());
    CHECK(fetched.kind() == Kind::kTransport);
    CHECK(fetched.result->error().lasting);
    CHECK(fetched.detail().find("is not trusted") != std::string::npos);
    CHECK(fetched.detail().find("tls_config.ca_file") != std::string::npos);
  }
  SUBCASE("with another authority") {
    const Authority other;
    const Fetched fetched = Fetch(server.Url(), other.Trusting());
    CAPTURE(fetched.detail());
    CHECK(fetched.kind() == Kind::kTransport);
    CHECK(fetched.detail().find("is not trusted") != std::string::npos);
  }
  SUBCASE("unless verification is off") {
    FetchOptions options;
    options.tls.insecure_skip_verify = true;
    CHECK(Fetch(server.Url(), options).result->ok());
  }
}

TEST_CASE("a certificate outside its time is refused for good") {
  const Authority authority;
  IdentityOptions identity;
  std::string expected;
  SUBCASE("expired") {
    identity.valid_from = -7200;
    identity.valid_to = -3600;
    expected = "has expired";
  }
  SUBCASE("not valid yet") {
    identity.valid_from = 3600;
    identity.valid_to = 7200;
    expected = "is not valid yet";
  }
  const auto tls = MakeServerTls(authority.Issue(identity));
  const SocketServer server(AnswerAll, tls.get());
  const Fetched fetched = Fetch(server.Url(), authority.Trusting());
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK(fetched.result->error().lasting);
  CAPTURE(fetched.detail());
  CHECK(fetched.detail().find(expected) != std::string::npos);
}

TEST_CASE("a certificate for another name is refused unless that is expected") {
  const Authority authority;
  IdentityOptions identity;
  identity.alternative_names = "DNS:platform.example";
  const auto tls = MakeServerTls(authority.Issue(identity));
  std::string name;
  std::string request;
  const SocketServer server(
      [&](Peer& peer) {
        const char* const asked =
            SSL_get_servername(peer.ssl(), TLSEXT_NAMETYPE_host_name);
        name = asked == nullptr ? "" : asked;
        request = peer.ReadRequest();
        peer.Write(Ok("[]"));
      },
      tls.get());
  FetchOptions options = authority.Trusting();
  SUBCASE("refused") {
    const Fetched fetched = Fetch(server.Url(), options);
    CHECK(fetched.kind() == Kind::kTransport);
    CHECK(fetched.result->error().lasting);
    CAPTURE(fetched.detail());
    CHECK(fetched.detail().find("is for another name") != std::string::npos);
  }
  SUBCASE("requested and verified by server_name, with the URL's own Host") {
    options.tls.server_name = "platform.example";
    const Fetched fetched = Fetch(server.Url("/x"), options);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok());
    CHECK(name == "platform.example");
    CHECK(request.starts_with("GET /x HTTP/1.1\r\n"));
    CHECK(request.find("\r\nHost: " + server.HostPort() + "\r\n") !=
          std::string::npos);
  }
  SUBCASE("another server_name is refused") {
    options.tls.server_name = "other.example";
    const Fetched fetched = Fetch(server.Url(), options);
    CAPTURE(fetched.detail());
    CHECK(fetched.kind() == Kind::kTransport);
    CHECK(fetched.detail().find("tls_config.server_name") != std::string::npos);
  }
}

TEST_CASE("a client certificate is sent on request") {
  const Authority authority;
  const auto tls = MakeServerTls(authority.Issue(), &authority.identity);
  const SocketServer server(AnswerAll, tls.get());
  FetchOptions options = authority.Trusting();
  const Identity client = authority.Issue();
  const std::string cert =
      authority.folder.Write("client.pem", client.CertificatePem());
  const std::string key = authority.folder.Write("client.key", client.KeyPem());
  SUBCASE("accepted") {
    options.tls.cert_file = cert;
    options.tls.key_file = key;
    const Fetched fetched = Fetch(server.Url(), options);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok());
  }
  SUBCASE("missing") {
    const Fetched fetched = Fetch(server.Url(), options);
    CHECK(fetched.kind() == Kind::kTransport);
    CAPTURE(fetched.detail());
    CHECK(fetched.detail().find("wants a client certificate") !=
          std::string::npos);
    CHECK(fetched.result->error().lasting);
  }
  SUBCASE("unreadable") {
    options.tls.cert_file = authority.folder / "none.pem";
    options.tls.key_file = key;
    const Fetched fetched = Fetch(server.Url(), options);
    CHECK(fetched.kind() == Kind::kCredentials);
    CHECK(fetched.detail().find("none.pem") != std::string::npos);
  }
  SUBCASE("with the key of another") {
    options.tls.cert_file = cert;
    options.tls.key_file =
        authority.folder.Write("other.key", authority.Issue().KeyPem());
    CHECK(Fetch(server.Url(), options).kind() == Kind::kCredentials);
  }
  SUBCASE("renewed before a new connection") {
    options.tls.cert_file = authority.folder.Write("renewed.pem", "old");
    options.tls.key_file = key;
    const auto transport = MakeTransport(options.tls, {});
    CHECK(Fetch(*transport->Connect(), server.Url(), options).kind() ==
          Kind::kCredentials);
    authority.folder.Write("renewed.pem", client.CertificatePem());
    CHECK(Fetch(*transport->Connect(), server.Url(), options).result->ok());
  }
}

TEST_CASE("a changed ca_file counts for new connections") {
  const Authority old;
  const Authority renewed;
  const auto tls = MakeServerTls(renewed.Issue());
  const SocketServer server(AnswerAll, tls.get());
  FetchOptions options = old.Trusting();
  const auto transport = MakeTransport(options.tls, {});
  const auto connection = transport->Connect();
  CHECK(Fetch(*connection, server.Url(), options).kind() == Kind::kTransport);
  // Renewed like administrators do: a new file replaces the old one.
  std::filesystem::rename(
      old.folder.Write("new.pem", renewed.identity.CertificatePem()), old.file);
  const Fetched fetched = Fetch(*connection, server.Url(), options);
  CAPTURE(fetched.detail());
  CHECK(fetched.result->ok());
}

TEST_CASE("a changed ca_file counts for a kept connection") {
  const Authority authority;
  const Authority other;
  const auto tls = MakeServerTls(authority.Issue());
  const SocketServer server(AnswerAll, tls.get());
  const FetchOptions options = authority.Trusting();
  const auto connection = MakeTransport(options.tls, {})->Connect();
  CHECK(Fetch(*connection, server.Url(), options).result->ok());
  std::filesystem::rename(
      authority.folder.Write("new.pem", other.identity.CertificatePem()),
      authority.file);
  // Whatever the result, the old connection is closed.
  for (int i = 0; i < 2; ++i) {
    const Fetched fetched = Fetch(*connection, server.Url(), options);
    REQUIRE_FALSE(fetched.result->ok());
    CHECK(fetched.detail().find("is not trusted") != std::string::npos);
  }
}

TEST_CASE("a renewed client certificate is used by the next request") {
  const Authority authority;
  const Identity old = authority.Issue();
  const Identity renewed = authority.Issue();
  const auto tls = MakeServerTls(authority.Issue(), &authority.identity);
  const SocketServer server(AnswerAll, tls.get());
  FetchOptions options = authority.Trusting();
  options.tls.cert_file = authority.folder.Write("c.pem", old.CertificatePem());
  options.tls.key_file = authority.folder.Write("c.key", old.KeyPem());
  const auto connection = MakeTransport(options.tls, {})->Connect();
  CHECK(Fetch(*connection, server.Url(), options).result->ok());
  CHECK(Fetch(*connection, server.Url(), options).result->ok());
  CHECK(server.connections() == 1);
  std::filesystem::rename(
      authority.folder.Write("n.pem", renewed.CertificatePem()),
      options.tls.cert_file);
  std::filesystem::rename(authority.folder.Write("n.key", renewed.KeyPem()),
                          options.tls.key_file);
  CHECK(Fetch(*connection, server.Url(), options).result->ok());
  CHECK(Fetch(*connection, server.Url(), options).result->ok());
  CHECK(server.connections() == 2);
}

TEST_CASE("an unusable ca_file is reported as one") {
  const Authority authority;
  const auto tls = MakeServerTls(authority.Issue());
  const SocketServer server(AnswerAll, tls.get());
  FetchOptions options;
  SUBCASE("missing") { options.tls.ca_file = authority.folder / "no.pem"; }
  SUBCASE("no certificate") {
    options.tls.ca_file = authority.folder.Write("bad.pem", "nothing");
  }
  const Fetched fetched = Fetch(server.Url(), options);
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK(fetched.result->error().lasting);
  CHECK(fetched.detail().find(options.tls.ca_file) != std::string::npos);
}

TEST_CASE("a TLS connection is kept, and replaced when it was closed") {
  const Authority authority;
  const auto tls = MakeServerTls(authority.Issue());
  std::atomic<int> served{0};
  std::promise<void> closed;
  const SocketServer server(
      [&](Peer& peer) {
        const bool first = served++ == 0;
        for (int i = 0; i < (first ? 2 : 1); ++i) {
          peer.ReadRequest();
          peer.Write(Ok("[]"));
        }
        shutdown(peer.fd(), SHUT_RDWR);
        if (first) closed.set_value();
      },
      tls.get());
  const FetchOptions options = authority.Trusting();
  const auto connection = MakeTransport(options.tls, {})->Connect();
  for (int i = 0; i < 3; ++i) {
    if (i == 2) {
      closed.get_future().wait();
      std::this_thread::sleep_for(kLookedAtAgain);
    }
    const Fetched fetched = Fetch(*connection, server.Url(), options);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok());
  }
  CHECK(server.connections() == 2);
}

TEST_CASE("many connections begin at once with the same authorities") {
  const Authority authority;
  const auto tls = MakeServerTls(authority.Issue());
  const SocketServer server(AnswerAll, tls.get());
  const FetchOptions options = authority.Trusting();
  const auto transport = MakeTransport(options.tls, {});
  std::vector<std::future<bool>> fetching;
  for (int i = 0; i < 16; ++i) {
    fetching.push_back(std::async(std::launch::async, [&] {
      const auto connection = transport->Connect();
      return Fetch(*connection, server.Url(), options).result->ok();
    }));
  }
  for (std::future<bool>& ok : fetching) CHECK(ok.get());
}

TEST_CASE("a handshake that hangs ends at the deadline") {
  const SocketServer server([](Peer& peer) { peer.WaitForEnd(); });
  FetchOptions options;
  options.timeout = milliseconds(300);
  const Fetched fetched = Fetch("https://" + server.HostPort() + "/", options);
  CHECK(fetched.kind() == Kind::kTimeout);
  CHECK(fetched.detail() ==
        "the TLS handshake with " + server.HostPort() + " did not end in time");
}

TEST_CASE("a server without TLS is reported as one") {
  const SocketServer server([](Peer& peer) {
    peer.Write("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.WaitForEnd();
  });
  const Fetched fetched = Fetch("https://" + server.HostPort() + "/");
  CHECK(fetched.kind() == Kind::kTransport);
  CAPTURE(fetched.detail());
  CHECK(fetched.detail().find("does not speak TLS") != std::string::npos);
}

TEST_CASE("a plain request through a proxy names the whole URL") {
  std::string request;
  const SocketServer proxy([&](Peer& peer) {
    request = peer.ReadRequest();
    peer.Write(Ok("[]"));
  });
  FetchOptions options;
  options.proxy.http_url = "http://someone:hunter2@" + proxy.HostPort();
  const Fetched fetched = Fetch("http://platform.example/x?y=1", options);
  CHECK(fetched.result->ok());
  CHECK(request.starts_with("GET http://platform.example/x?y=1 HTTP/1.1\r\n"));
  CHECK(request.find("Proxy-Authorization: Basic ") != std::string::npos);
}

TEST_CASE("a proxy of the environment is not used") {
  std::atomic<int> proxied{0};
  const SocketServer proxy([&](Peer&) { ++proxied; });
  const SocketServer server(AnswerAll);
  setenv("http_proxy", ("http://" + proxy.HostPort()).c_str(), 1);
  setenv("all_proxy", ("http://" + proxy.HostPort()).c_str(), 1);
  const Fetched fetched = Fetch(server.Url());
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  CHECK(fetched.result->ok());
  CHECK(proxied == 0);
}

// Passes bytes between a peer and a server on loopback until one side ends.
void Tunnel(Peer& peer, int port) {
  const int out = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(out, reinterpret_cast<sockaddr*>(&address), sizeof address) ==
      0) {
    pollfd ends[2] = {{peer.fd(), POLLIN, 0}, {out, POLLIN, 0}};
    bool open = true;
    while (open && poll(ends, 2, -1) > 0) {
      for (int i = 0; i < 2 && open; ++i) {
        if (ends[i].revents == 0) continue;
        char piece[4096];
        const ssize_t read = recv(ends[i].fd, piece, sizeof piece, 0);
        open = read > 0 &&
               send(ends[1 - i].fd, piece, static_cast<std::size_t>(read),
                    MSG_NOSIGNAL) == read;
      }
    }
  }
  close(out);
}

TEST_CASE("a TLS request through a proxy is tunnelled") {
  const Authority authority;
  IdentityOptions identity;
  identity.alternative_names = "DNS:platform.example";
  const auto tls = MakeServerTls(authority.Issue(identity));
  std::string request;
  const SocketServer server(
      [&](Peer& peer) {
        request = peer.ReadRequest();
        peer.Write(Ok("[]"));
      },
      tls.get());
  std::string connect_request;
  const SocketServer proxy([&](Peer& peer) {
    connect_request = peer.ReadRequest();
    peer.Write("HTTP/1.1 200 Connection established\r\n\r\n");
    Tunnel(peer, server.port());
  });
  FetchOptions options = authority.Trusting();
  options.proxy.url = "http://someone:hunter2@" + proxy.HostPort();
  options.headers = {{"Authorization", "Bearer secret-token"}};
  SUBCASE("by the URL's name") {
    const Fetched fetched = Fetch("https://platform.example/x", options);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok());
    CHECK(connect_request.starts_with("CONNECT platform.example:443 "));
    CHECK(request.find("Host: platform.example\r\n") != std::string::npos);
  }
  SUBCASE("to the URL's address while server_name is verified") {
    options.tls.server_name = "platform.example";
    const Fetched fetched = Fetch("https://address.example:8443/x", options);
    CAPTURE(fetched.detail());
    CHECK(fetched.result->ok());
    CHECK(connect_request.starts_with("CONNECT address.example:8443 "));
    CHECK(request.find("Host: address.example:8443\r\n") != std::string::npos);
  }
  CHECK(connect_request.find("secret-token") == std::string::npos);
  CHECK(request.find("Bearer secret-token") != std::string::npos);
  CHECK(request.find("Proxy-Authorization") == std::string::npos);
}

TEST_CASE("a refusing proxy is reported as one, without its password") {
  std::string answer;
  std::string expected;
  bool lasting = true;
  SUBCASE("407") {
    answer =
        "HTTP/1.1 407 Proxy Authentication Required\r\n"
        "Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
    expected = "answered 407";
  }
  SUBCASE("403") {
    answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    expected = "answered 403";
  }
  SUBCASE("502") {
    answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    expected = "answered 502";
    lasting = false;
  }
  const SocketServer proxy([&](Peer& peer) {
    peer.ReadRequest();
    peer.Write(answer);
    peer.WaitForEnd();
  });
  FetchOptions options;
  options.proxy.url = "http://someone:hunter2@" + proxy.HostPort();
  const Fetched fetched = Fetch("https://platform.example/", options);
  CHECK(fetched.kind() == Kind::kTransport);
  CAPTURE(fetched.detail());
  CHECK(fetched.detail().find(expected) != std::string::npos);
  CHECK(fetched.detail().find("hunter2") == std::string::npos);
  CHECK(fetched.result->error().lasting == lasting);
}

TEST_CASE("a missing proxy is reported as one, without its password") {
  FetchOptions options;
  options.proxy.http_url =
      "http://someone:hunter2@127.0.0.1:" + std::to_string(UnusedPort());
  const Fetched fetched = Fetch("http://platform.example/", options);
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK(fetched.detail().starts_with("cannot connect to the proxy 127.0.0.1:"));
  CHECK(fetched.detail().find("hunter2") == std::string::npos);
}

TEST_CASE("the headers of a proxy's response are bounded") {
  const SocketServer proxy([](Peer& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\n");
    std::string block;
    while (block.size() < 65536) block += "A: b\r\n";
    peer.Drip(block, milliseconds(0));
  });
  FetchOptions options;
  options.proxy.url = "http://" + proxy.HostPort();
  options.timeout = seconds(20);
  const Fetched fetched = Fetch("https://platform.example/", options);
  CAPTURE(fetched.detail());
  CHECK_FALSE(fetched.result->ok());
  CHECK(fetched.kind() == Kind::kMalformed);
}

}  // namespace
}  // namespace operator_connect::http_client
