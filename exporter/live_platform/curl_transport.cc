#include <curl/curl.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "exporter/live_platform/curl_failure.h"
#include "exporter/live_platform/curl_request.h"
#include "exporter/live_platform/reply_head.h"
#include "exporter/live_platform/transport.h"
#include "exporter/live_platform/trust_store.h"

namespace operator_connect::live_platform {
namespace {

using Kind = Failure::Kind;

// A body that is not wanted is read off up to this size and time, so that the
// connection can be used again.
constexpr std::uint64_t kDiscardBytes = 16 * 1024;
constexpr Duration kDiscardTime = std::chrono::milliseconds(250);

// What the connections of one transport share.
struct Settings {
  Settings(config::TlsConfig t, std::string p)
      : tls(std::move(t)), proxy_url(std::move(p)), trust(tls.ca_file) {}

  const config::TlsConfig tls;
  const std::string proxy_url;
  TrustStore trust;
};

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

class CurlConnection : public HttpConnection {
 public:
  explicit CurlConnection(std::shared_ptr<Settings> settings);
  ~CurlConnection() override;

  Result<HttpReply, Failure> Perform(const HttpRequest& request,
                                     BodyReceiver& body,
                                     const Deadline& deadline) override;
  std::uint64_t wire_bytes() const override { return wire_bytes_; }

 private:
  // How the loop of a transfer ended.
  enum class End { kDone, kTimeUp, kDiscarded };

  // One request's own state.
  struct Call {
    BodyReceiver* body = nullptr;
    const Deadline* deadline = nullptr;
    std::uint64_t max_body_bytes = 0;
    std::uint64_t body_bytes = 0;
    bool wanted = true;   // the body
    bool enough = false;  // its receiver said so
    SteadyTime until = SteadyTime::max();
    bool time_up = false;
    TransferPhase phase = TransferPhase::kBegun;
    int verdict = X509_V_OK;  // of the peer's certificate
    ReplyHead head;
    std::optional<Failure> failure;  // found by us, not by the library
    std::exception_ptr thrown;       // by the receiver
  };

  End Run(CURLcode* code);
  Result<HttpReply, Failure> Conclude(End end, CURLcode code);
  Failure Refused(Kind kind, std::string detail) const;

  std::size_t OnHeadLine(std::string_view line);
  std::size_t OnBodyPiece(std::string_view piece);
  void OnFinalHead();
  CURLcode OnTls(SSL_CTX* context);

  static std::size_t HeaderCallback(char* data, std::size_t size,
                                    std::size_t count, void* self);
  static std::size_t WriteCallback(char* data, std::size_t size,
                                   std::size_t count, void* self);
  static CURLcode TlsCallback(CURL*, void* context, void* self);
  static int VerifyCallback(X509_STORE_CTX* context, void* self);

  const std::shared_ptr<Settings> settings_;
  std::array<char, CURL_ERROR_SIZE> error_text_ = {};
  CurlRequest request_;  // must outlive the handle that points into it
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;

  Call call_;
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
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HeaderCallback);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &WriteCallback);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &TlsCallback);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

CurlConnection::~CurlConnection() {
  // The handle goes first: it may hold a name lookup that still runs.
  easy_.reset();
}

Result<HttpReply, Failure> CurlConnection::Perform(const HttpRequest& request,
                                                   BodyReceiver& body,
                                                   const Deadline& deadline) {
  call_ = Call();
  call_.body = &body;
  call_.deadline = &deadline;
  call_.max_body_bytes = request.max_body_bytes;
  call_.until = deadline.at();
  wire_bytes_ = 0;
  error_text_[0] = '\0';
  if (std::optional<Failure> failure = request_.Set(easy_.get(), request)) {
    return *failure;
  }
  if (deadline.expired()) {
    return Failure{Kind::kTimeout, 0,
                   "no time was left to ask " + request_.peers().server, false};
  }
  CURLcode code = CURLE_OK;
  End end = End::kDone;
  {
    const std::stop_callback wake(deadline.stop(),
                                  [this] { curl_multi_wakeup(multi_.get()); });
    end = Run(&code);
  }
  curl_off_t received = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &received);
  wire_bytes_ = static_cast<std::uint64_t>(received);
  Result<HttpReply, Failure> result = Conclude(end, code);
  // Only now: while it is attached, the handle still knows how far it came.
  curl_multi_remove_handle(multi_.get(), easy_.get());
  if (call_.thrown) std::rethrow_exception(std::exchange(call_.thrown, {}));
  return result;
}

CurlConnection::End CurlConnection::Run(CURLcode* code) {
  CURLM* const multi = multi_.get();
  if (curl_multi_add_handle(multi, easy_.get()) != CURLM_OK) {
    *code = CURLE_FAILED_INIT;
    return End::kDone;
  }
  while (true) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) {
      *code = CURLE_FAILED_INIT;
      return End::kDone;
    }
    if (running == 0) {
      int left = 0;
      const CURLMsg* const message = curl_multi_info_read(multi, &left);
      *code = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
      return End::kDone;
    }
    // The head of a proxy's answer is not shown to us, but counted here.
    long head_bytes = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_HEADER_SIZE, &head_bytes);
    if (head_bytes > 2 * static_cast<long>(ReplyHead::kMaxBytes)) {
      call_.failure = Refused(Kind::kMalformed, "sends too many headers");
      return End::kDone;
    }
    if (call_.deadline->stopped()) return End::kTimeUp;
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= call_.until) {
      return call_.wanted ? End::kTimeUp : End::kDiscarded;
    }
    // Rounded up, so that the last wait is not a spin.
    const auto wait = std::min<std::chrono::milliseconds>(
        std::chrono::ceil<std::chrono::milliseconds>(call_.until - now),
        std::chrono::minutes(1));
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
  }
}

Failure CurlConnection::Refused(Kind kind, std::string detail) const {
  return {kind, call_.head.status(),
          request_.peers().server + ": " + std::move(detail), true};
}

Result<HttpReply, Failure> CurlConnection::Conclude(End end, CURLcode code) {
  if (call_.failure) return *call_.failure;
  const bool had_head = call_.head.final();
  if (end == End::kTimeUp || call_.time_up) {
    const bool stopped = call_.deadline->stopped();
    return Failure{
        Kind::kTimeout, had_head ? call_.head.status() : 0,
        stopped ? "stopped while waiting for " + request_.peers().server
                : DescribeProgress(easy_.get(), request_.peers(), call_.phase),
        false};
  }
  const bool given_up = call_.enough || (had_head && !call_.wanted);
  if (end == End::kDone && code != CURLE_OK && !given_up && !call_.thrown) {
    Failure failure =
        ExplainCurlFailure(easy_.get(), code, error_text_.data(),
                           request_.peers(), settings_->tls, call_.verdict);
    if (had_head) failure.status = call_.head.status();
    return failure;
  }
  if (!had_head && !call_.thrown) {
    return Failure{
        Kind::kTransport, 0,
        request_.peers().server + " ended its answer before it began", false};
  }
  HttpReply reply;
  reply.status = call_.head.status();
  reply.content_type = call_.head.content_type();
  reply.retry_after = call_.head.retry_after();
  reply.body_bytes = call_.body_bytes;
  return reply;
}

std::size_t CurlConnection::OnHeadLine(std::string_view line) {
  switch (call_.head.Add(line)) {
    case ReplyHead::Step::kMore:
      return line.size();
    case ReplyHead::Step::kRefused:
      call_.failure = Refused(Kind::kMalformed, call_.head.problem());
      return 0;
    case ReplyHead::Step::kFinal:
      OnFinalHead();
      return call_.failure || call_.thrown ? 0 : line.size();
  }
  return 0;
}

void CurlConnection::OnFinalHead() {
  call_.phase = TransferPhase::kBody;
  call_.wanted = call_.body->OnHead(call_.head.status());
  const std::optional<std::uint64_t> length = call_.head.body_length();
  if (!call_.wanted) {
    call_.until =
        std::min(call_.until, std::chrono::steady_clock::now() + kDiscardTime);
  } else if (length && *length > call_.max_body_bytes) {
    call_.failure = Refused(Kind::kTooLarge,
                            "the answer announces " + std::to_string(*length) +
                                " bytes, more than " +
                                std::to_string(call_.max_body_bytes));
  }
}

std::size_t CurlConnection::OnBodyPiece(std::string_view piece) {
  call_.body_bytes += piece.size();
  if (!call_.wanted) {
    return call_.body_bytes > kDiscardBytes ? CURL_WRITEFUNC_ERROR
                                            : piece.size();
  }
  if (call_.body_bytes > call_.max_body_bytes) {
    call_.failure = Refused(
        Kind::kTooLarge, "the answer, decompressed, has more than " +
                             std::to_string(call_.max_body_bytes) + " bytes");
    return CURL_WRITEFUNC_ERROR;
  }
  // The library reads many pieces in one go from a server that is quick.
  if (call_.deadline->expired()) {
    call_.time_up = true;
    return CURL_WRITEFUNC_ERROR;
  }
  if (!call_.body->OnBody(piece)) {
    call_.enough = true;
    return CURL_WRITEFUNC_ERROR;
  }
  return piece.size();
}

CURLcode CurlConnection::OnTls(SSL_CTX* context) {
  call_.phase = TransferPhase::kTls;
  if (settings_->tls.insecure_skip_verify) return CURLE_OK;
  Result<X509StorePtr, std::string> store = settings_->trust.Get();
  if (!store.ok()) {
    call_.failure = Refused(Kind::kTransport, store.error());
    return CURLE_SSL_CACERT_BADFILE;
  }
  SSL_CTX_set1_cert_store(context, store->get());
  SSL_CTX_set_cert_verify_callback(context, &VerifyCallback, this);
  return CURLE_OK;
}

// Verifies as ever, but keeps the verdict: the library knows only some of them.
int CurlConnection::VerifyCallback(X509_STORE_CTX* context, void* self) {
  if (X509_verify_cert(context) > 0) return 1;
  static_cast<CurlConnection*>(self)->call_.verdict =
      X509_STORE_CTX_get_error(context);
  return 0;
}

// No exception may pass through the library's frames.
std::size_t CurlConnection::HeaderCallback(char* data, std::size_t size,
                                           std::size_t count, void* self) {
  auto* const connection = static_cast<CurlConnection*>(self);
  try {
    return connection->OnHeadLine({data, size * count});
  } catch (...) {
    connection->call_.thrown = std::current_exception();
    return 0;
  }
}

std::size_t CurlConnection::WriteCallback(char* data, std::size_t size,
                                          std::size_t count, void* self) {
  auto* const connection = static_cast<CurlConnection*>(self);
  try {
    return connection->OnBodyPiece({data, size * count});
  } catch (...) {
    connection->call_.thrown = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

CURLcode CurlConnection::TlsCallback(CURL*, void* context, void* self) {
  auto* const connection = static_cast<CurlConnection*>(self);
  try {
    return connection->OnTls(static_cast<SSL_CTX*>(context));
  } catch (...) {
    connection->call_.thrown = std::current_exception();
    return CURLE_ABORTED_BY_CALLBACK;
  }
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

}  // namespace operator_connect::live_platform
