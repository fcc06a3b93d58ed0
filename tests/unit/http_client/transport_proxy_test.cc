// The choice of a proxy, and the requests that it receives.

#include <doctest/doctest.h>

#include <string>

#include "exporter/http_client/transport.h"
#include "tests/support/socket_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_receiver.h"

namespace operator_connect::http_client {
namespace {

using Kind = Failure::Kind;

// A proxy that responds by itself and keeps the requests.
class AnsweringProxy {
 public:
  AnsweringProxy()
      : server_([this](Peer& peer) {
          while (true) {
            const std::string request = peer.ReadRequest();
            if (request.empty()) return;
            last_ = request;
            peer.Write(Ok("[]"));
          }
        }) {}
  std::string Url() const { return "http://" + server_.HostPort(); }
  int connections() const { return server_.connections(); }
  const std::string& last() const { return last_; }

 private:
  std::string last_;
  const SocketServer server_;
};

void AnswerAll(Peer& peer) {
  while (!peer.ReadRequest().empty()) peer.Write(Ok("[]"));
}

TEST_CASE("a proxy is used for every host, also this machine") {
  AnsweringProxy proxy;
  FetchOptions options;
  options.proxy.http_url = proxy.Url();
  CHECK(Fetch("http://127.0.0.1:1/", options).result->ok());
  CHECK(proxy.last().starts_with("GET http://127.0.0.1:1/ "));
}

TEST_CASE("hosts in no_proxy are reached directly, all others by proxy") {
  AnsweringProxy proxy;
  const SocketServer server(AnswerAll);
  FetchOptions options;
  options.proxy.http_url = proxy.Url();
  options.proxy.no_proxy = "127.0.0.0/8";
  CHECK(Fetch(server.Url(), options).result->ok());
  CHECK(server.connections() == 1);
  CHECK(proxy.connections() == 0);
  CHECK(Fetch("http://platform.example/", options).result->ok());
  CHECK(proxy.connections() == 1);
}

TEST_CASE("one connection reaches each server by its own proxy setting") {
  AnsweringProxy proxy;
  const SocketServer server(AnswerAll);
  config::Proxy settings;
  settings.http_url = proxy.Url();
  settings.from_environment = true;
  const auto connection = MakeTransport({}, settings)->Connect();
  CHECK(Fetch(*connection, "http://platform.example/").result->ok());
  CHECK(Fetch(*connection, server.Url()).result->ok());
  CHECK(Fetch(*connection, "http://platform.example/").result->ok());
  CHECK(server.connections() == 1);
}

TEST_CASE("the proxy's headers are read from files at each request") {
  std::string connect;
  const SocketServer proxy([&](Peer& peer) {
    connect = peer.ReadRequest();
    peer.Write("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
  });
  TempFile file("Basic first\n");
  FetchOptions options;
  options.proxy.url = "http://" + proxy.HostPort();
  options.proxy.connect_headers["Proxy-Authorization"].files = {file.path()};
  options.proxy.connect_headers["X-Two"].secrets = {"one"};
  options.proxy.connect_headers["X-Two"].values = {"", "two"};
  const auto connection = MakeTransport({}, options.proxy)->Connect();
  CHECK_FALSE(Fetch(*connection, "https://platform.example/").result->ok());
  CHECK(connect.starts_with("CONNECT platform.example:443 "));
  CHECK(connect.find("\r\nProxy-Authorization: Basic first\r\n") !=
        connect.npos);
  CHECK(connect.find("\r\nX-Two: two\r\nX-Two: one\r\n") != connect.npos);
  // Newer versions of libcurl write a blank after the colon.
  CHECK((connect.find("\r\nX-Two:\r\n") != connect.npos ||
         connect.find("\r\nX-Two: \r\n") != connect.npos));
  file.Write("Basic second");
  CHECK_FALSE(Fetch(*connection, "https://platform.example/").result->ok());
  CHECK(connect.find("\r\nProxy-Authorization: Basic second\r\n") !=
        connect.npos);
}

TEST_CASE("an unreadable header for the proxy fails the request") {
  AnsweringProxy proxy;
  TempFile file;
  std::string why;
  SUBCASE("no such file") { why = ": no such file"; }
  SUBCASE("a line break that would begin another header") {
    file.Write("Basic x\r\nX-Evil: hunter2");
    why = ": holds a line break or control character";
  }
  const std::string path = why.ends_with("file") ? "/none/file" : file.path();
  FetchOptions options;
  options.proxy.http_url = proxy.Url();
  options.proxy.connect_headers["Proxy-Authorization"].files = {path};
  const Fetched fetched = Fetch("http://platform.example/", options);
  REQUIRE(fetched.kind() == Kind::kCredentials);
  CHECK(fetched.detail().find(
            "the header proxy_connect_header.Proxy-Authorization in " + path +
            " cannot be used" + why) == 0);
  CHECK(fetched.detail().find("hunter2") == std::string::npos);
  CHECK(proxy.connections() == 0);
}

TEST_CASE("headers for the proxy are not sent to a server directly") {
  std::string request;
  const SocketServer server([&](Peer& peer) {
    request = peer.ReadRequest();
    peer.Write(Ok("[]"));
  });
  FetchOptions options;
  options.proxy.http_url = "http://127.0.0.1:1";
  options.proxy.no_proxy = "*";
  options.proxy.connect_headers["X-Secret"].secrets = {"one"};
  CHECK(Fetch(server.Url(), options).result->ok());
  CHECK(request.find("X-Secret") == request.npos);
}

}  // namespace
}  // namespace operator_connect::http_client
