#include "exporter/http_client/curl_connection.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "exporter/http_client/curl_failure.h"
#include "exporter/http_client/curl_request.h"
#include "exporter/http_client/curl_response.h"
#include "exporter/http_client/curl_tls.h"

namespace operator_connect::http_client {
namespace {

using Kind = Failure::Kind;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

class CurlConnection : public HttpConnection {
 public:
  explicit CurlConnection(std::shared_ptr<CurlSettings> settings);
  ~CurlConnection() override;

  Result<HttpResponse, Failure> Perform(const HttpRequest& request,
                                        BodyReceiver& body,
                                        const Deadline& deadline) override;
  std::uint64_t wire_bytes() const override { return wire_bytes_; }

 private:
  // A request under way.
  struct Call {
    CurlResponse response;
    const Deadline& deadline;
    bool timed_out = false;               // found by Run()
    bool sent = false;                    // the request
    bool resend = false;                  // libcurl wanted to send again
    std::exception_ptr thrown = nullptr;  // by the receiver
  };

  void OpenMulti();
  CURLcode Run();
  bool Wait();
  Failure TimedOut() const;
  std::optional<Failure> Problem(CURLcode code) const;

  static std::size_t OnHeadLine(char* data, std::size_t size, std::size_t count,
                                void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count,
                            void* self);
  static int OnSend(void* self, char*, char*, int, int);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose,
                                    curl_sockaddr* address);

  const std::shared_ptr<CurlSettings> settings_;
  std::array<char, CURL_ERROR_SIZE> error_text_ = {};
  CurlRequest request_;  // must outlive the handle that points into it
  CurlTls tls_;          // the same
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  Call* call_ = nullptr;  // set while Perform() runs
  std::uint64_t wire_bytes_ = 0;
};

CurlConnection::CurlConnection(std::shared_ptr<CurlSettings> settings)
    : settings_(std::move(settings)),
      request_(settings_->tls, settings_->proxy),
      tls_(settings_->tls, settings_->trust),
      easy_(curl_easy_init()) {
  CURL* const easy = easy_.get();
  if (easy == nullptr) throw std::bad_alloc();
  OpenMulti();
  request_.SetUp(easy);
  tls_.SetUp(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeadLine);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &OnSend);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &OnOpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
}

void CurlConnection::OpenMulti() {
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
  // HttpConnection is one connection.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
}

CurlConnection::~CurlConnection() {
  // The handle goes first: a name lookup may still use it.
  easy_.reset();
}

Result<HttpResponse, Failure> CurlConnection::Perform(
    const HttpRequest& request, BodyReceiver& body, const Deadline& deadline) {
  wire_bytes_ = 0;
  error_text_[0] = '\0';
  // Closes the kept connection.
  if (tls_.Restart()) OpenMulti();
  if (std::optional<Failure> failure = request_.Set(easy_.get(), request)) {
    return *std::move(failure);
  }
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, request.fresh ? 1L : 0L);
  const std::string& server = request_.peers().server;
  if (deadline.expired()) {
    return Failure{Kind::kTimeout, 0, "no time was left to ask " + server,
                   false};
  }
  Call call{
      CurlResponse(easy_.get(), server, body, request.max_body_bytes, deadline),
      deadline};
  call_ = &call;
  CURLcode code = CURLE_OK;
  {
    const std::stop_callback wake(deadline.stop(),
                                  [this] { curl_multi_wakeup(multi_.get()); });
    code = Run();
  }
  curl_off_t received = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &received);
  wire_bytes_ = static_cast<std::uint64_t>(received);
  std::optional<Failure> problem = Problem(code);
  // Removed only now: while it is attached, the handle knows its progress.
  curl_multi_remove_handle(multi_.get(), easy_.get());
  call_ = nullptr;
  if (call.thrown) std::rethrow_exception(call.thrown);
  if (problem) return *std::move(problem);
  return call.response.response();
}

// Drives the transfer until it ends or is abandoned.
CURLcode CurlConnection::Run() {
  CURLM* const multi = multi_.get();
  if (curl_multi_add_handle(multi, easy_.get()) != CURLM_OK) {
    return CURLE_FAILED_INIT;
  }
  do {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) {
      return CURLE_FAILED_INIT;
    }
    if (running == 0) {
      int left = 0;
      const CURLMsg* const message = curl_multi_info_read(multi, &left);
      return message != nullptr ? message->data.result : CURLE_FAILED_INIT;
    }
  } while (Wait());
  return CURLE_OK;
}

// Waits for activity. False: the transfer must be abandoned.
bool CurlConnection::Wait() {
  // libcurl does not pass on the head of a proxy's response, but counts it.
  long head_bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HEADER_SIZE, &head_bytes);
  if (head_bytes > 2 * static_cast<long>(CurlResponse::kMaxHeadBytes)) {
    return call_->response.Refuse(Kind::kMalformed, "sends too many headers");
  }
  const SteadyTime now = std::chrono::steady_clock::now();
  const SteadyTime until = call_->response.until();
  if (call_->deadline.stopped() || now >= until) {
    call_->timed_out = true;
    return false;
  }
  // Rounded up, so that the last wait is not a busy loop.
  const auto wait = std::min<std::chrono::milliseconds>(
      std::chrono::ceil<std::chrono::milliseconds>(until - now),
      std::chrono::minutes(1));
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()),
                  nullptr);
  return true;
}

Failure CurlConnection::TimedOut() const {
  const CurlPeers& peers = request_.peers();
  const bool has_head = call_->response.has_head();
  Failure failure{Kind::kTimeout, call_->response.response().status, "", false};
  if (call_->deadline.stopped()) {
    failure.detail = "stopped while waiting for " + peers.server;
  } else {
    failure.detail = DescribeProgress(easy_.get(), peers,
                                      has_head       ? TransferPhase::kBody
                                      : tls_.begun() ? TransferPhase::kTls
                                                     : TransferPhase::kBegun);
  }
  return failure;
}

// Returns why there is no response; nullopt: there is one.
std::optional<Failure> CurlConnection::Problem(CURLcode code) const {
  const CurlResponse& response = call_->response;
  const std::string& server = request_.peers().server;
  if (response.failure()) return response.failure();
  if (response.time_up()) return TimedOut();
  if (response.done() || call_->thrown) return std::nullopt;
  if (call_->timed_out) return TimedOut();
  if (!tls_.problem().empty()) {
    return Failure{Kind::kTransport, 0, server + ": " + tls_.problem(), true};
  }
  if (call_->resend) {
    return Failure{Kind::kTransport, 0,
                   server +
                       " closed the connection that was kept from an "
                       "earlier request",
                   false};
  }
  if (code != CURLE_OK) {
    Failure failure =
        ExplainCurlFailure(easy_.get(), code, error_text_.data(),
                           request_.peers(), settings_->tls, tls_.verdict());
    failure.status = response.response().status;
    return failure;
  }
  if (!response.has_head()) {
    return Failure{Kind::kTransport, 0,
                   server + " ended its answer before it began", false};
  }
  return std::nullopt;
}

// No exception may pass through libcurl's frames.
std::size_t CurlConnection::OnHeadLine(char* data, std::size_t size,
                                       std::size_t count, void* self) {
  Call& call = *static_cast<CurlConnection*>(self)->call_;
  try {
    return call.response.TakeHeadLine({data, size * count}) ? size * count : 0;
  } catch (...) {
    call.thrown = std::current_exception();
    return 0;
  }
}

std::size_t CurlConnection::OnBody(char* data, std::size_t size,
                                   std::size_t count, void* self) {
  Call& call = *static_cast<CurlConnection*>(self)->call_;
  try {
    return call.response.TakeBody({data, size * count}) ? size * count
                                                        : CURL_WRITEFUNC_ERROR;
  } catch (...) {
    call.thrown = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

// libcurl is about to send the request.
int CurlConnection::OnSend(void* self, char*, char*, int, int) {
  static_cast<CurlConnection*>(self)->call_->sent = true;
  return CURL_PREREQFUNC_OK;
}

// libcurl silently resends on a new connection when a reused one fails. That
// would bypass the rate limit, so deny it the socket.
curl_socket_t CurlConnection::OnOpenSocket(void* self, curlsocktype,
                                           curl_sockaddr* address) {
  Call& call = *static_cast<CurlConnection*>(self)->call_;
  if (call.sent) {
    call.resend = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

}  // namespace

std::unique_ptr<HttpConnection> MakeCurlConnection(
    std::shared_ptr<CurlSettings> settings) {
  return std::make_unique<CurlConnection>(std::move(settings));
}

}  // namespace operator_connect::http_client
