#include <curl/curl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <utility>

#include "exporter/http_client/curl_failure.h"
#include "exporter/http_client/curl_request.h"
#include "exporter/http_client/reply_intake.h"
#include "exporter/http_client/transport.h"
#include "exporter/http_client/trust_store.h"

namespace operator_connect::http_client {
namespace {

using Kind = Failure::Kind;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// What the connections of one transport share.
struct Settings {
  Settings(config::TlsConfig t, std::string p)
      : tls(std::move(t)), proxy_url(std::move(p)), trust(tls.ca_file) {}

  const config::TlsConfig tls;
  const std::string proxy_url;
  TrustStore trust;
};

class CurlConnection : public HttpConnection {
 public:
  explicit CurlConnection(std::shared_ptr<Settings> settings);
  ~CurlConnection() override;

  Result<HttpResponse, Failure> Perform(const HttpRequest& request,
                                        BodyReceiver& body,
                                        const Deadline& deadline) override;
  std::uint64_t wire_bytes() const override { return wire_bytes_; }

 private:
  // One request under way.
  struct Call {
    ReplyIntake intake;
    const Deadline& deadline;
    bool timed_out = false;               // found by the loop
    bool in_tls = false;                  // a handshake has begun
    bool sent = false;                    // the request
    bool resend = false;                  // the library wanted to send again
    int verdict = X509_V_OK;              // of the peer's certificate
    std::exception_ptr thrown = nullptr;  // by the receiver
  };

  CURLcode Run();
  bool Wait();
  Result<HttpResponse, Failure> Conclude(CURLcode code);
  Failure TimedOut() const;
  CURLcode BeginTls(SSL_CTX* context);

  static std::size_t OnHeadLine(char* data, std::size_t size, std::size_t count,
                                void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count,
                            void* self);
  static CURLcode OnTls(CURL*, void* context, void* self);
  static int OnSend(void* self, char*, char*, int, int);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose,
                                    curl_sockaddr* address);
  static int OnVerify(X509_STORE_CTX* context, void* self);

  const std::shared_ptr<Settings> settings_;
  std::array<char, CURL_ERROR_SIZE> error_text_ = {};
  CurlRequest request_;  // must outlive the handle that points into it
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  Call* call_ = nullptr;  // set while Perform() runs
  std::uint64_t wire_bytes_ = 0;
};

CurlConnection::CurlConnection(std::shared_ptr<Settings> settings)
    : settings_(std::move(settings)),
      request_(settings_->tls, settings_->proxy_url),
      easy_(curl_easy_init()),
      multi_(curl_multi_init()) {
  CURL* const easy = easy_.get();
  if (easy == nullptr || !multi_) throw std::bad_alloc();
  // One connection, as the header promises.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
  request_.SetUp(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeadLine);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &OnTls);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &OnSend);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &OnOpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
}

CurlConnection::~CurlConnection() {
  // The handle goes first: it may hold a name lookup that still runs.
  easy_.reset();
}

Result<HttpResponse, Failure> CurlConnection::Perform(
    const HttpRequest& request, BodyReceiver& body, const Deadline& deadline) {
  wire_bytes_ = 0;
  error_text_[0] = '\0';
  if (std::optional<Failure> failure = request_.Set(easy_.get(), request)) {
    return *std::move(failure);
  }
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, request.fresh ? 1L : 0L);
  const std::string& server = request_.peers().server;
  if (deadline.expired()) {
    return Failure{Kind::kTimeout, 0, "no time was left to ask " + server,
                   false};
  }
  Call call{ReplyIntake(server, body, request.max_body_bytes, deadline),
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
  Result<HttpResponse, Failure> result = Conclude(code);
  // Only now: while it is attached, the handle still knows how far it came.
  curl_multi_remove_handle(multi_.get(), easy_.get());
  call_ = nullptr;
  if (call.thrown) std::rethrow_exception(call.thrown);
  return result;
}

// Drives the transfer until it ends or is given up.
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

// Waits for something to do. False: the transfer is to be given up.
bool CurlConnection::Wait() {
  // The head of a proxy's answer is not shown to us, but counted.
  long head_bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HEADER_SIZE, &head_bytes);
  if (head_bytes > 2 * static_cast<long>(ReplyHead::kMaxBytes)) {
    return call_->intake.Refuse(Kind::kMalformed, "sends too many headers");
  }
  const SteadyTime now = std::chrono::steady_clock::now();
  const SteadyTime until = call_->intake.until();
  if (call_->deadline.stopped() || now >= until) {
    call_->timed_out = true;
    return false;
  }
  // Rounded up, so that the last wait is not a spin.
  const auto wait = std::min<std::chrono::milliseconds>(
      std::chrono::ceil<std::chrono::milliseconds>(until - now),
      std::chrono::minutes(1));
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()),
                  nullptr);
  return true;
}

Failure CurlConnection::TimedOut() const {
  const CurlPeers& peers = request_.peers();
  const ReplyHead& head = call_->intake.head();
  Failure failure{Kind::kTimeout, head.final() ? head.status() : 0, "", false};
  if (call_->deadline.stopped()) {
    failure.detail = "stopped while waiting for " + peers.server;
  } else {
    failure.detail = DescribeProgress(easy_.get(), peers,
                                      head.final()    ? TransferPhase::kBody
                                      : call_->in_tls ? TransferPhase::kTls
                                                      : TransferPhase::kBegun);
  }
  return failure;
}

Result<HttpResponse, Failure> CurlConnection::Conclude(CURLcode code) {
  ReplyIntake& intake = call_->intake;
  const ReplyHead& head = intake.head();
  const bool ended = code == CURLE_OK && !call_->timed_out;
  if (ended && !intake.failure() && !intake.done()) intake.TakeEnd();
  if (intake.failure()) return *intake.failure();
  if (intake.time_up()) return TimedOut();
  if (!intake.done() && !call_->thrown) {
    if (call_->timed_out) return TimedOut();
    if (call_->resend) {
      return Failure{Kind::kTransport, 0,
                     request_.peers().server +
                         " closed the connection that was kept from an "
                         "earlier request",
                     false};
    }
    if (code != CURLE_OK) {
      Failure failure =
          ExplainCurlFailure(easy_.get(), code, error_text_.data(),
                             request_.peers(), settings_->tls, call_->verdict);
      if (head.final()) failure.status = head.status();
      return failure;
    }
    if (!head.final()) {
      return Failure{
          Kind::kTransport, 0,
          request_.peers().server + " ended its answer before it began", false};
    }
  }
  HttpResponse response;
  response.status = head.status();
  response.content_type = head.content_type();
  response.date = head.date();
  response.retry_after = head.retry_after();
  response.body_bytes = intake.body_bytes();
  return response;
}

CURLcode CurlConnection::BeginTls(SSL_CTX* context) {
  call_->in_tls = true;
  if (settings_->tls.insecure_skip_verify) return CURLE_OK;
  Result<X509StorePtr, std::string> store = settings_->trust.Get();
  if (!store.ok()) {
    call_->intake.Refuse(Kind::kTransport, store.error());
    return CURLE_SSL_CACERT_BADFILE;
  }
  SSL_CTX_set1_cert_store(context, store->get());
  SSL_CTX_set_cert_verify_callback(context, &OnVerify, this);
  return CURLE_OK;
}

// No exception may pass through the library's frames.
std::size_t CurlConnection::OnHeadLine(char* data, std::size_t size,
                                       std::size_t count, void* self) {
  Call& call = *static_cast<CurlConnection*>(self)->call_;
  try {
    return call.intake.TakeHeadLine({data, size * count}) ? size * count : 0;
  } catch (...) {
    call.thrown = std::current_exception();
    return 0;
  }
}

std::size_t CurlConnection::OnBody(char* data, std::size_t size,
                                   std::size_t count, void* self) {
  Call& call = *static_cast<CurlConnection*>(self)->call_;
  try {
    return call.intake.TakeBody({data, size * count}) ? size * count
                                                      : CURL_WRITEFUNC_ERROR;
  } catch (...) {
    call.thrown = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

CURLcode CurlConnection::OnTls(CURL*, void* context, void* self) {
  auto* const connection = static_cast<CurlConnection*>(self);
  try {
    return connection->BeginTls(static_cast<SSL_CTX*>(context));
  } catch (...) {
    connection->call_->thrown = std::current_exception();
    return CURLE_ABORTED_BY_CALLBACK;
  }
}

// The library is about to send the request.
int CurlConnection::OnSend(void* self, char*, char*, int, int) {
  static_cast<CurlConnection*>(self)->call_->sent = true;
  return CURL_PREREQFUNC_OK;
}

// When a kept connection breaks before it brings an answer, the library would
// send the request again by itself on a new one. Whoever paces requests could
// not know, so that it gets none.
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

// Verifies as ever, but keeps the verdict: the library knows only some of them.
int CurlConnection::OnVerify(X509_STORE_CTX* context, void* self) {
  if (X509_verify_cert(context) > 0) return 1;
  static_cast<CurlConnection*>(self)->call_->verdict =
      X509_STORE_CTX_get_error(context);
  return 0;
}

class CurlTransport : public Transport {
 public:
  CurlTransport(const config::TlsConfig& tls, const std::string& proxy_url)
      : settings_(std::make_shared<Settings>(tls, proxy_url)) {}

  std::unique_ptr<HttpConnection> Connect() override {
    return std::make_unique<CurlConnection>(settings_);
  }

 private:
  const std::shared_ptr<Settings> settings_;
};

}  // namespace

std::unique_ptr<Transport> MakeTransport(const config::TlsConfig& tls,
                                         const std::string& proxy_url) {
  // Once in a process, before any thread uses the library; never undone.
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(kReady);
  return std::make_unique<CurlTransport>(tls, proxy_url);
}

}  // namespace operator_connect::http_client
