#include "tests/support/web_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "exporter/base/text.h"

namespace operator_connect::web {
namespace {

exposition::Exposition OnePiece(std::string text) {
  exposition::Exposition exposition;
  exposition.pieces.push_back(
      std::make_shared<const std::string>(std::move(text)));
  return exposition;
}

void Require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

}  // namespace

exposition::Exposition FakeSource::Scrape(exposition::Format format,
                                          const Deadline& deadline) {
  ++scrapes;
  if (on_scrape) on_scrape(deadline);
  return OnePiece(format == exposition::Format::kOpenMetrics ? "openmetrics\n"
                                                             : text);
}

std::optional<exposition::Exposition> FakeSource::ScrapeAccount(
    std::string_view name, exposition::Format, const Deadline& deadline) {
  for (const exposition::AccountState& account : accounts) {
    if (account.name == name) {
      ++scrapes;
      if (on_scrape) on_scrape(deadline);
      return OnePiece("account " + account.name + "\n");
    }
  }
  return std::nullopt;
}

exposition::Exposition FakeSource::ScrapeExporter(exposition::Format) {
  return OnePiece("exporter\n");
}

std::vector<exposition::AccountState> FakeSource::Accounts() const {
  return accounts;
}

Result<Done, std::string> FakeSource::Reload() {
  if (on_reload) return on_reload();
  return Done{};
}

std::vector<exposition::AccountState> FakeSource::DefaultAccounts() {
  std::vector<exposition::AccountState> accounts(2);
  accounts[0].name = "emea";
  accounts[1].name = "apac";
  return accounts;
}

std::string Answer::Header(const std::string& name) const {
  std::size_t begin = 0;
  while (begin < head.size()) {
    std::size_t end = head.find("\r\n", begin);
    if (end == std::string::npos) end = head.size();
    const std::string line = head.substr(begin, end - begin);
    const auto colon = line.find(": ");
    if (colon != std::string::npos &&
        EqualIgnoringCase(line.substr(0, colon), name)) {
      return line.substr(colon + 2);
    }
    begin = end + 2;
  }
  return "";
}

RawClient::RawClient(int port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  timeval timeout = {20, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(fd(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  Require(::connect(fd(), reinterpret_cast<sockaddr*>(&address),
                    sizeof address) == 0,
          "cannot connect");
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawClient::FinishSending() { ::shutdown(fd(), SHUT_WR); }

bool RawClient::Receive() {
  std::array<char, 64 << 10> buffer;
  const ssize_t count = ::recv(fd(), buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  in_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

Answer RawClient::Read(bool head_only) {
  Answer answer;
  std::size_t end = in_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!Receive()) return answer;
    end = in_.find("\r\n\r\n");
  }
  answer.head = in_.substr(0, end);
  in_.erase(0, end + 4);
  answer.status = std::atoi(answer.head.substr(9, 3).c_str());
  if (head_only) return answer;
  if (answer.Header("Transfer-Encoding") == "chunked") {
    while (in_.find("0\r\n\r\n") == std::string::npos && Receive()) {
    }
    answer.body = std::exchange(in_, "");
    return answer;
  }
  const std::string length = answer.Header("Content-Length");
  const std::size_t size = length.empty() ? 0 : std::stoull(length);
  while (in_.size() < size && Receive()) {
  }
  answer.body = in_.substr(0, size);
  in_.erase(0, std::min(size, in_.size()));
  return answer;
}

std::string RawClient::ReadToEnd() {
  while (Receive()) {
  }
  return std::exchange(in_, "");
}

bool RawClient::ServerHasEnded() {
  std::array<char, 1024> buffer;
  for (;;) {
    const ssize_t count = ::recv(fd(), buffer.data(), buffer.size(), 0);
    if (count == 0) return true;
    if (count < 0) return errno == ECONNRESET;
  }
}

WebFixture::WebFixture(EndpointOptions options,
                       const std::string& web_config_path,
                       const ServerLimits& limits)
    : log_(MakeCallbackLog(LogLevel::kDebug, LogFormat::kLogfmt,
                           [this](std::string_view line) {
                             const std::lock_guard<std::mutex> lock(mutex_);
                             log_text_.append(line).push_back('\n');
                           })),
      limits_(limits) {
  auto loaded = LiveWebConfig::Load(web_config_path, clock_, *log_);
  if (!loaded.ok()) throw std::runtime_error(loaded.error().front());
  web_config = *std::move(loaded);
  endpoints = std::make_unique<Endpoints>(std::move(options), source,
                                          *web_config, clock_, *log_);
}

void WebFixture::Start() {
  auto listeners = OpenListeners({{"127.0.0.1", 0}});
  Require(listeners.ok(), "cannot listen");
  port_ = PortOf(listeners->front().address);
  server = std::make_unique<Server>(
      *std::move(listeners), [this] { return web_config->Current()->tls; },
      [this](const Request& request) { return endpoints->Answer(request); },
      limits_, *log_);
}

Answer WebFixture::Ask(const std::string& method, const std::string& target,
                       const std::string& headers) const {
  RawClient client(port_);
  const bool named = headers.find("Host:") != std::string::npos;
  client.Send(method + " " + target + " HTTP/1.1\r\n" +
              (named ? "" : "Host: localhost\r\n") + headers + "\r\n");
  return client.Read(method == "HEAD");
}

std::string WebFixture::log() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return log_text_;
}

int PortOf(const std::string& address) {
  return std::stoi(address.substr(address.rfind(':') + 1));
}

std::optional<std::string> Gunzip(const std::string& packed) {
  z_stream stream = {};
  inflateInit2(&stream, 15 + 16);
  std::string out;
  std::array<char, 64 << 10> buffer;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!whole) return std::nullopt;
  return out;
}

std::optional<std::string> Unchunk(const std::string& body) {
  std::string out;
  std::size_t position = 0;
  for (;;) {
    const auto end = body.find("\r\n", position);
    if (end == std::string::npos) return std::nullopt;
    const std::size_t size =
        std::stoull(body.substr(position, end - position), nullptr, 16);
    if (size == 0) return out;
    if (end + 2 + size > body.size()) return std::nullopt;
    out += body.substr(end + 2, size);
    position = end + 2 + size + 2;
  }
}

}  // namespace operator_connect::web
