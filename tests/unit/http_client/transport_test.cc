#include "exporter/http_client/transport.h"

#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "tests/support/gzip.h"
#include "tests/support/socket_server.h"
#include "tests/support/test_receiver.h"

namespace operator_connect::http_client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Failure::Kind;

// The outcome of a request to a server that sends `answer` and closes.
Fetched FetchAnswer(const std::string& answer,
                    const FetchOptions& options = {}) {
  const SocketServer server([&](Peer& peer) {
    if (!peer.ReadRequest().empty()) peer.Write(answer);
  });
  return Fetch(server.Url(), options);
}

TEST_CASE("a body arrives whole, with its status and type") {
  const Fetched fetched = FetchAnswer(Ok("[1,2]"));
  REQUIRE(fetched.result->ok());
  CHECK((*fetched.result)->status == 200);
  CHECK((*fetched.result)->content_type == "application/json");
  CHECK((*fetched.result)->body_bytes == 5);
  CHECK(fetched.wire_bytes == 5);
  CHECK(fetched.body == "[1,2]");
}

TEST_CASE("a chunked body arrives whole") {
  const Fetched fetched = FetchAnswer(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n");
  REQUIRE(fetched.result->ok());
  CHECK(fetched.body == "[1,2]");
}

TEST_CASE("a compressed body is requested and decompressed") {
  std::string request;
  const std::string gzip = Gzip(std::string(5000, 'x'));
  const SocketServer server([&](Peer& peer) {
    request = peer.ReadRequest();
    peer.Write(Ok(gzip, "Content-Encoding: gzip\r\n"));
  });
  const Fetched fetched = Fetch(server.Url());
  REQUIRE(fetched.result->ok());
  CHECK(request.find("Accept-Encoding: gzip\r\n") != std::string::npos);
  CHECK(fetched.body == std::string(5000, 'x'));
  CHECK((*fetched.result)->body_bytes == 5000);
  CHECK(fetched.wire_bytes == gzip.size());
}

TEST_CASE("headers are sent unchanged, and a form is posted") {
  std::string request;
  const SocketServer server([&](Peer& peer) {
    request = peer.ReadRequest();
    peer.Write(Ok("{}"));
  });
  FetchOptions options;
  options.headers = {{"Authorization", "Bearer abc"}};
  options.form = "a=b&c=%2B";
  const Fetched fetched = Fetch(server.Url("/token"), options);
  REQUIRE(fetched.result->ok());
  CHECK(request.starts_with("POST /token HTTP/1.1\r\n"));
  CHECK(request.find("\r\nAuthorization: Bearer abc\r\n") != std::string::npos);
  CHECK(request.find("application/x-www-form-urlencoded") != std::string::npos);
  CHECK(request.ends_with("\r\n\r\na=b&c=%2B"));
}

TEST_CASE("a GET after a POST has no body") {
  std::vector<std::string> requests;
  const SocketServer server([&](Peer& peer) {
    for (int i = 0; i < 2; ++i) {
      requests.push_back(peer.ReadRequest());
      peer.Write(Ok("{}"));
    }
  });
  const auto connection = MakeTransport({}, {})->Connect();
  FetchOptions post;
  post.form = "a=b";
  CHECK(Fetch(*connection, server.Url(), post).result->ok());
  CHECK(Fetch(*connection, server.Url("/get")).result->ok());
  REQUIRE(requests.size() == 2);
  CHECK(requests[1].starts_with("GET /get HTTP/1.1\r\n"));
  CHECK(requests[1].find("Content-") == std::string::npos);
}

TEST_CASE("a header value with a line break is not sent") {
  const SocketServer server([](Peer& peer) { peer.WaitForEnd(); });
  FetchOptions options;
  options.headers = {{"Authorization", "Bearer a\r\nX: y"}};
  const Fetched fetched = Fetch(server.Url(), options);
  CHECK(fetched.kind() == Kind::kCredentials);
  CHECK(fetched.detail().find("Bearer") == std::string::npos);
}

TEST_CASE("redirects are not followed") {
  const Fetched fetched = FetchAnswer(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
      "Content-Length: 0\r\n\r\n");
  REQUIRE(fetched.result->ok());
  CHECK((*fetched.result)->status == 302);
}

TEST_CASE("a Retry-After date is read by the response's own clock") {
  for (const std::string headers :
       {"Retry-After: 7\r\n",
        "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Date: Sun, 06 Nov 1994 08:49:30 GMT\r\n"}) {
    const Fetched fetched = FetchAnswer("HTTP/1.1 503 Busy\r\n" + headers +
                                        "Content-Length: 0\r\n\r\n");
    REQUIRE(fetched.result->ok());
    CHECK((*fetched.result)->retry_after == seconds(7));
  }
}

TEST_CASE("interim responses are skipped") {
  const Fetched fetched = FetchAnswer(
      "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" + Ok("[]"));
  REQUIRE(fetched.result->ok());
  CHECK((*fetched.result)->status == 200);
  CHECK((*fetched.result)->retry_after == seconds(0));
  CHECK(fetched.body == "[]");
}

TEST_CASE("a response that is cut or nonsense is a failure") {
  struct Case {
    std::string name;
    std::string answer;
    Kind kind;
  };
  const std::string gzip = Gzip(std::string(100000, 'x') + "yz");
  const std::vector<Case> cases = {
      {"nothing", "", Kind::kTransport},
      {"half a status line", "HTTP/1.1 20", Kind::kTransport},
      {"a head without an end", "HTTP/1.1 200 OK\r\nA: b\r\n",
       Kind::kTransport},
      {"a body shorter than its length",
       "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,2]", Kind::kTransport},
      {"a chunk cut short",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n[1,2]",
       Kind::kTransport},
      {"no last chunk",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2]\r\n",
       Kind::kTransport},
      {"an interim status as the last",
       "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", Kind::kTransport},
      {"continue as the last", "HTTP/1.1 100 Continue\r\n\r\n",
       Kind::kTransport},
      {"a length in words",
       "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n[1,2]",
       Kind::kMalformed},
      {"a length below zero",
       "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n[1,2]", Kind::kMalformed},
      {"a length that overflows",
       "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n[1,2]",
       Kind::kMalformed},
      {"a length followed by more",
       "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n[1,2]", Kind::kMalformed},
      {"an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n[1,2]",
       Kind::kMalformed},
      {"two lengths that differ",
       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
       "[1,2]",
       Kind::kMalformed},
      {"a chunk size that is none",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n[1,2]",
       Kind::kTransport},
      {"a compression that was not asked for",
       "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nxx", Kind::kMalformed},
      {"a transfer encoding that was not asked for",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
       Kind::kMalformed},
      {"a body that is not the gzip it says",
       Ok("[1,2] and more", "Content-Encoding: gzip\r\n"), Kind::kMalformed},
      {"a gzip body cut short",
       "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
           std::to_string(gzip.size()) + "\r\n\r\n" +
           gzip.substr(0, gzip.size() / 2),
       Kind::kTransport},
      {"no HTTP", "220 mail.example.com ESMTP\r\n", Kind::kMalformed},
      {"a web page without a head", "<html><body>[]</body></html>",
       Kind::kMalformed},
  };
  for (const Case& test : cases) {
    CAPTURE(test.name);
    const Fetched fetched = FetchAnswer(test.answer);
    CHECK_FALSE(fetched.result->ok());
    if (fetched.result->ok()) continue;
    CAPTURE(fetched.detail());
    CHECK(fetched.kind() == test.kind);
    CHECK_FALSE(fetched.detail().empty());
    CHECK(fetched.detail().find("[1,2]") == std::string::npos);
  }
}

TEST_CASE("a reset connection is a failure worth repeating") {
  const SocketServer server([](Peer& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,");
    peer.Reset();
  });
  const Fetched fetched = Fetch(server.Url());
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK_FALSE(fetched.result->error().lasting);
}

TEST_CASE("a refused connection is reported as one") {
  const Fetched fetched =
      Fetch("http://127.0.0.1:" + std::to_string(UnusedPort()) + "/");
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK(fetched.detail().find("Connection refused") != std::string::npos);
  CHECK_FALSE(fetched.result->error().lasting);
}

TEST_CASE("a name that does not exist is reported as one") {
  const Fetched fetched = Fetch("http://no.such.host.invalid/");
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK(fetched.detail() ==
        "the name of no.such.host.invalid:80 cannot be resolved");
}

TEST_CASE("user info in a URL is not shown") {
  const Fetched fetched =
      Fetch("http://someone:hunter2@127.0.0.1:" + std::to_string(UnusedPort()) +
            "/path?q=1");
  CHECK(fetched.kind() == Kind::kTransport);
  CHECK(fetched.detail().find("hunter2") == std::string::npos);
  CHECK(fetched.detail().find("path") == std::string::npos);
}

TEST_CASE("a body beyond the limit is too large, by bytes or length") {
  FetchOptions options;
  options.max_body_bytes = 1000;
  const std::string body(1001, 'x');
  SUBCASE("announced") {
    const Fetched fetched = FetchAnswer(Ok(body), options);
    CHECK(fetched.kind() == Kind::kTooLarge);
    CHECK(fetched.body.empty());
  }
  SUBCASE("not announced") {
    const Fetched fetched =
        FetchAnswer("HTTP/1.1 200 OK\r\n\r\n" + body, options);
    CHECK(fetched.kind() == Kind::kTooLarge);
    CHECK(fetched.result->error().status == 200);
  }
  SUBCASE("decompressed") {
    const Fetched fetched =
        FetchAnswer(Ok(Gzip(body), "Content-Encoding: gzip\r\n"), options);
    CHECK(fetched.kind() == Kind::kTooLarge);
  }
  SUBCASE("exactly the limit is not too large") {
    const Fetched fetched = FetchAnswer(Ok(body.substr(1)), options);
    CHECK(fetched.result->ok());
  }
}

TEST_CASE("a body that its receiver stops is abandoned") {
  FetchOptions options;
  options.enough_after = 1;
  const SocketServer server([](Peer& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\n\r\n");
    peer.Drip(std::string(4096, 'x'), milliseconds(0));
  });
  const Fetched fetched = Fetch(server.Url(), options);
  REQUIRE(fetched.result->ok());
  CHECK((*fetched.result)->status == 200);
  CHECK((*fetched.result)->body_bytes > 0);
}

TEST_CASE("exceptions of the receiver pass through") {
  const SocketServer server([](Peer& peer) {
    peer.ReadRequest();
    peer.Write(Ok("[1,2]"));
  });
  FetchOptions options;
  options.throws = true;
  CHECK_THROWS_AS(Fetch(server.Url(), options), std::runtime_error);
}

TEST_CASE("a connection is kept for the next request") {
  const SocketServer server([](Peer& peer) {
    while (!peer.ReadRequest().empty()) peer.Write(Ok("[]"));
  });
  const auto connection = MakeTransport({}, {})->Connect();
  for (int i = 0; i < 5; ++i) {
    CHECK(Fetch(*connection, server.Url("/" + std::to_string(i))).result->ok());
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a short unwanted body keeps the connection") {
  const SocketServer server([](Peer& peer) {
    while (!peer.ReadRequest().empty()) {
      peer.Write("HTTP/1.1 500 Oh\r\nContent-Length: 5\r\n\r\nsorry");
    }
  });
  const auto connection = MakeTransport({}, {})->Connect();
  for (int i = 0; i < 3; ++i) {
    const Fetched fetched = Fetch(*connection, server.Url());
    REQUIRE(fetched.result->ok());
    CHECK((*fetched.result)->status == 500);
    CHECK(fetched.body.empty());
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("an endless unwanted body is abandoned") {
  const SocketServer server([](Peer& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 500 Oh\r\n\r\n");
    peer.Drip("x", milliseconds(10));
  });
  const SteadyTime begin = std::chrono::steady_clock::now();
  const Fetched fetched = Fetch(server.Url());
  REQUIRE(fetched.result->ok());
  CHECK((*fetched.result)->status == 500);
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
}

TEST_CASE("a closed kept connection is replaced") {
  SUBCASE("silently if it was closed while idle") {
    std::promise<void> closed;
    const SocketServer server([&, first = true](Peer& peer) mutable {
      peer.ReadRequest();
      peer.Write(Ok("[]"));
      if (std::exchange(first, false)) {
        shutdown(peer.fd(), SHUT_RDWR);
        closed.set_value();
      }
    });
    const auto connection = MakeTransport({}, {})->Connect();
    CHECK(Fetch(*connection, server.Url()).result->ok());
    closed.get_future().wait();
    std::this_thread::sleep_for(kLookedAtAgain);
    CHECK(Fetch(*connection, server.Url()).result->ok());
    CHECK(server.connections() == 2);
  }
  SUBCASE("after a failure if it had taken the next request") {
    std::atomic<int> served{0};
    const SocketServer server([&](Peer& peer) {
      const bool first = served++ == 0;
      peer.ReadRequest();
      peer.Write(Ok("[]"));
      if (first) peer.ReadRequest();
    });
    const auto connection = MakeTransport({}, {})->Connect();
    CHECK(Fetch(*connection, server.Url()).result->ok());
    const Fetched broken = Fetch(*connection, server.Url());
    CHECK(broken.kind() == Kind::kTransport);
    CHECK(broken.detail() == server.HostPort() +
                                 " closed the connection that was kept from "
                                 "an earlier request");
    CHECK_FALSE(broken.result->error().lasting);
    CHECK(server.connections() == 1);
    CHECK(Fetch(*connection, server.Url()).result->ok());
    CHECK(server.connections() == 2);
  }
}

TEST_CASE("a deadline ends a request that hangs") {
  FetchOptions options;
  options.timeout = seconds(1);
  const SteadyTime begin = std::chrono::steady_clock::now();
  std::string expected;
  SUBCASE("no response") {
    const SocketServer server([](Peer& peer) { peer.WaitForEnd(); });
    const Fetched fetched = Fetch(server.Url(), options);
    CHECK(fetched.kind() == Kind::kTimeout);
    CHECK(fetched.detail() == server.HostPort() + " did not answer in time");
  }
  SUBCASE("a status line that drips") {
    const SocketServer server([](Peer& peer) {
      peer.ReadRequest();
      peer.Drip("H", milliseconds(20));
    });
    CHECK(Fetch(server.Url(), options).result->ok() == false);
  }
  SUBCASE("headers that drip") {
    const SocketServer server([](Peer& peer) {
      peer.ReadRequest();
      peer.Write("HTTP/1.1 200 OK\r\n");
      peer.Drip("A: b\r\n", milliseconds(20));
    });
    CHECK(Fetch(server.Url(), options).kind() == Kind::kTimeout);
  }
  SUBCASE("a body that drips") {
    const SocketServer server([](Peer& peer) {
      peer.ReadRequest();
      peer.Write("HTTP/1.1 200 OK\r\n\r\n");
      peer.Drip("[", milliseconds(20));
    });
    const Fetched fetched = Fetch(server.Url(), options);
    CHECK(fetched.kind() == Kind::kTimeout);
    CHECK(fetched.result->error().status == 200);
    CHECK(fetched.detail().find("did not end in time") != std::string::npos);
  }
  SUBCASE("a body that floods") {
    const SocketServer server([](Peer& peer) {
      peer.ReadRequest();
      peer.Write("HTTP/1.1 200 OK\r\n\r\n");
      peer.Drip(std::string(1 << 20, 'x'), milliseconds(0));
    });
    options.max_body_bytes = UINT64_MAX;
    options.keep_body = false;
    CHECK(Fetch(server.Url(), options).kind() == Kind::kTimeout);
  }
  SUBCASE("an endless chunk extension") {
    const SocketServer server([](Peer& peer) {
      peer.ReadRequest();
      peer.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;");
      peer.Drip(std::string(65536, 'x'), milliseconds(0));
    });
    CHECK(Fetch(server.Url(), options).result->ok() == false);
  }
  CHECK(std::chrono::steady_clock::now() - begin < seconds(10));
}

TEST_CASE("a connection that is never accepted ends at the deadline") {
  // With a full backlog of one, the next connection's SYN is dropped.
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(listen(fd, 0) == 0);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<int> fillers;
  for (int i = 0; i < 8; ++i) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size);
  }
  FetchOptions options;
  options.timeout = milliseconds(300);
  const Fetched fetched =
      Fetch("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/",
            options);
  CHECK(fetched.kind() == Kind::kTimeout);
  CHECK(fetched.detail().starts_with("no connection to 127.0.0.1:"));
  for (const int filler : fillers) close(filler);
  close(fd);
}

TEST_CASE("nothing is sent after the deadline") {
  const SocketServer server([](Peer& peer) { peer.WaitForEnd(); });
  FetchOptions options;
  options.timeout = milliseconds(0);
  CHECK(Fetch(server.Url(), options).kind() == Kind::kTimeout);
  CHECK(server.connections() == 0);
}

TEST_CASE("a stop ends a request at once") {
  std::promise<void> asked;
  const SocketServer server([&](Peer& peer) {
    peer.ReadRequest();
    asked.set_value();
    peer.WaitForEnd();
  });
  std::stop_source stop;
  FetchOptions options;
  options.stop = stop.get_token();
  auto fetching = std::async(std::launch::async,
                             [&] { return Fetch(server.Url(), options); });
  asked.get_future().wait();
  const SteadyTime begin = std::chrono::steady_clock::now();
  stop.request_stop();
  const Fetched fetched = fetching.get();
  CHECK(fetched.kind() == Kind::kTimeout);
  CHECK(fetched.detail().starts_with("stopped"));
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
}

TEST_CASE("an endless head is refused within its bound") {
  FetchOptions options;
  options.timeout = seconds(20);
  const auto serve = [&](const std::string& begin, const std::string& more) {
    const SocketServer server([=](Peer& peer) {
      peer.ReadRequest();
      peer.Write(begin);
      std::string block;
      while (block.size() < 65536) block += more;
      peer.Drip(block, milliseconds(0));
    });
    const long before = ResidentKilobytes();
    Fetched fetched = Fetch(server.Url(), options);
    CAPTURE(fetched.detail());
    CHECK(fetched.kind() == Kind::kMalformed);
    CHECK(fetched.result->error().lasting);
    CHECK(ResidentKilobytes() - before < kMemorySlackKilobytes);
  };
  SUBCASE("headers") { serve("HTTP/1.1 200 OK\r\n", "A: b\r\n"); }
  SUBCASE("one header") { serve("HTTP/1.1 200 OK\r\nA: ", "b"); }
  SUBCASE("a folded header") { serve("HTTP/1.1 200 OK\r\nA: b\r\n", " b\r\n"); }
  SUBCASE("a status line") { serve("HTTP/1.1 200 ", "O"); }
  SUBCASE("interim responses") { serve("", "HTTP/1.1 100 Continue\r\n\r\n"); }
  SUBCASE("trailers") {
    serve(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\n[\r\n0\r\n",
        "A: b\r\n");
  }
}

TEST_CASE("a bomb costs no memory") {
  const std::string zeros = Gzip(std::string(64 << 20, '\0'));
  FetchOptions options;
  options.max_body_bytes = 32 << 20;
  options.keep_body = false;
  const long before = ResidentKilobytes();
  const Fetched fetched =
      FetchAnswer(Ok(zeros, "Content-Encoding: gzip\r\n"), options);
  CHECK(fetched.kind() == Kind::kTooLarge);
  CHECK(ResidentKilobytes() - before < kMemorySlackKilobytes);
}

}  // namespace
}  // namespace operator_connect::http_client
