#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_FAKES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_FAKES_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/http_client/observer.h"
#include "exporter/http_client/transport.h"
#include "tests/support/fake_clock.h"

namespace operator_connect {

// Keeps every line with its fields.
class FakeLog : public Log {
 public:
  bool Enabled(LogLevel) const override { return true; }
  void Write(LogLevel, std::string_view, std::string_view message,
             std::initializer_list<LogField> fields) override {
    std::string line(message);
    for (const LogField& field : fields) {
      line += " " + std::string(field.key) + "=" + field.value;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    text_ += line + "\n";
  }
  std::string text() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

// Counts the reported requests by "endpoint code".
class FakeObserver : public http_client::RequestObserver {
 public:
  void OnRequest(http_client::Endpoint endpoint, std::string_view code,
                 Duration, std::uint64_t wire_bytes) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++requests_[std::string(ToString(endpoint)) + " " + std::string(code)];
    wire_bytes_ += wire_bytes;
  }
  void OnRetry(http_client::Endpoint) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++retries_;
  }
  void OnToken(WallTime expiry) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    expiry_ = expiry;
  }
  int Requests(const std::string& what) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = requests_.find(what);
    return found == requests_.end() ? 0 : found->second;
  }
  int retries() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return retries_;
  }
  std::uint64_t wire_bytes() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return wire_bytes_;
  }
  WallTime expiry() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return expiry_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int> requests_;
  int retries_ = 0;
  std::uint64_t wire_bytes_ = 0;
  WallTime expiry_;
};

// The outcome of a request to a fake platform: a failure, or a response and its
// body.
struct FakeAnswer {
  std::optional<http_client::Failure> failure;
  http_client::HttpResponse response;
  std::string body;
};

inline FakeAnswer Status(int status, std::string body = "",
                         const std::string& retry_after = "") {
  FakeAnswer answer;
  answer.response.status = status;
  answer.response.content_type = "application/json";
  if (!retry_after.empty()) {
    answer.response.retry_after = std::chrono::seconds(std::stoi(retry_after));
  }
  answer.body = std::move(body);
  return answer;
}

inline FakeAnswer Fails(http_client::Failure::Kind kind, bool lasting = false) {
  FakeAnswer answer;
  answer.failure = http_client::Failure{kind, 0, "as told", lasting};
  return answer;
}

// Connections in memory that answer each request with the result of `answer`.
// Keeps all requests. Thread-safe if `answer` is.
class FakeNetwork {
 public:
  using Answer = std::function<FakeAnswer(const http_client::HttpRequest&,
                                          const Deadline&)>;

  explicit FakeNetwork(Answer answer) : answer_(std::move(answer)) {}

  http_client::TransportMaker Maker() {
    return [this](const config::TlsConfig&, const config::Proxy&) {
      return std::make_unique<FakeTransport>(this);
    };
  }
  std::vector<http_client::HttpRequest> requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }
  int connections() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return connections_;
  }

 private:
  class FakeConnection : public http_client::HttpConnection {
   public:
    explicit FakeConnection(FakeNetwork* network) : network_(network) {}
    Result<http_client::HttpResponse, http_client::Failure> Perform(
        const http_client::HttpRequest& request,
        http_client::BodyReceiver& body, const Deadline& deadline) override {
      {
        const std::lock_guard<std::mutex> lock(network_->mutex_);
        network_->requests_.push_back(request);
      }
      FakeAnswer answer = network_->answer_(request, deadline);
      wire_bytes_ = answer.body.size();
      if (answer.failure) return *answer.failure;
      answer.response.body_bytes = answer.body.size();
      if (body.OnHead(answer.response.status)) body.OnBody(answer.body);
      return answer.response;
    }
    std::uint64_t wire_bytes() const override { return wire_bytes_; }

   private:
    FakeNetwork* const network_;
    std::uint64_t wire_bytes_ = 0;
  };
  class FakeTransport : public http_client::Transport {
   public:
    explicit FakeTransport(FakeNetwork* network) : network_(network) {}
    std::unique_ptr<http_client::HttpConnection> Connect() override {
      const std::lock_guard<std::mutex> lock(network_->mutex_);
      ++network_->connections_;
      return std::make_unique<FakeConnection>(network_);
    }

   private:
    FakeNetwork* const network_;
  };

  const Answer answer_;
  mutable std::mutex mutex_;
  std::vector<http_client::HttpRequest> requests_;
  int connections_ = 0;
};

// A door at which threads wait until a test opens it.
class Door {
 public:
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  // False: the deadline or its stop came first.
  bool Wait(const Deadline& deadline) {
    std::unique_lock<std::mutex> lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait_until(lock, deadline.stop(), deadline.at(),
                        [this] { return open_; });
    return open_;
  }
  // Waits until `waiting` threads have come.
  void Await(int waiting) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20),
                      [this, waiting] { return waiting_ >= waiting; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool open_ = false;
  int waiting_ = 0;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_FAKES_H_
