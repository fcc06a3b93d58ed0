#include "tests/simulator/play_fault.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

#include "tests/simulator/platform.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

std::uint64_t BytesOr(const Fault& fault, std::uint64_t otherwise) {
  return fault.bytes == 0 ? otherwise : fault.bytes;
}

// Writes byte by byte, with a pause after each.
bool Drip(Stream& stream, std::string_view bytes,
          std::chrono::milliseconds interval) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!stream.Write(bytes.substr(i, 1)) ||
        stream.Wait(interval) == Stream::Waited::kGone) {
      return false;
    }
  }
  return true;
}

// The head of a response whose body ends with the connection.
std::string CloseDelimitedHead(HttpResponse response) {
  response.framing = Framing::kClose;
  return ResponseHead(response, std::nullopt);
}

std::string Chunk(std::string_view bytes) {
  std::string size;
  for (std::size_t rest = bytes.size(); rest > 0; rest >>= 4) {
    size.insert(size.begin(), "0123456789abcdef"[rest & 15]);
  }
  return size + "\r\n" + std::string(bytes) + "\r\n";
}

// Writes the same bytes until the client has enough.
bool WriteForEver(Stream& stream, std::string_view opening,
                  std::string_view piece) {
  std::string block;
  while (block.size() < 65536) block += piece;
  if (!stream.Write(opening)) return false;
  while (stream.Write(block)) {
  }
  return false;
}

bool EndlessBody(Stream& stream, HttpResponse response) {
  response.gzip = false;
  std::string record = Collect(response.body);
  // Repeats the response's own records; without any, an empty one.
  const std::size_t open = record.find('{', record.find('['));
  const std::size_t close = record.rfind('}', record.rfind(']'));
  record =
      open != std::string::npos && close != std::string::npos && open < close
          ? record.substr(open, close + 1 - open) + ","
          : "{},";
  return WriteForEver(stream, CloseDelimitedHead(response) + "[", record);
}

bool CutGzip(Stream& stream, const Fault& fault, HttpResponse response) {
  std::string body = Collect(Gzipped(std::move(response.body)));
  body.resize(
      std::min<std::size_t>(BytesOr(fault, body.size() / 2), body.size()));
  response.gzip = true;
  response.framing = fault.framing;
  if (fault.framing == Framing::kContentLength) {
    return stream.Write(ResponseHead(response, body.size()) + body);
  }
  const std::string head = ResponseHead(response, std::nullopt);
  if (fault.framing == Framing::kClose) {
    stream.Write(head + body);
    return false;
  }
  return stream.Write(head + Chunk(body) + "0\r\n\r\n");
}

bool CutBody(Stream& stream, const Fault& fault, HttpResponse response) {
  if (fault.gzip) return CutGzip(stream, fault, std::move(response));
  const std::string body = Collect(response.body);
  const std::string part =
      body.substr(0, static_cast<std::size_t>(BytesOr(fault, body.size() / 2)));
  response.gzip = false;
  response.framing = fault.framing;
  if (fault.framing == Framing::kContentLength) {
    stream.Write(ResponseHead(response, body.size()) + part);
  } else if (fault.framing == Framing::kClose) {
    stream.Write(ResponseHead(response, std::nullopt) + part);
  } else {
    stream.Write(ResponseHead(response, std::nullopt) + Chunk(part));
  }
  return false;
}

// An array of that many blanks.
BodySource Blanks(std::uint64_t count) {
  return [count](const Sink& sink) {
    const std::string piece(1 << 20, ' ');
    if (!sink("[")) return false;
    for (std::uint64_t left = count; left > 0;) {
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
      if (!sink(std::string_view(piece).substr(0, size))) return false;
      left -= size;
    }
    return sink("]");
  };
}

HttpResponse StatusResponse(const Fault& fault) {
  HttpResponse response =
      fault.body.empty()
          ? PlatformError(fault.status, "Simulated.")
          : TextResponse(fault.status, fault.body, fault.content_type);
  if (!fault.retry_after.empty()) {
    std::string value = fault.retry_after;
    if (value.front() == '+') {
      value =
          FormatHttpDate(std::time(nullptr) + std::atoll(value.c_str() + 1));
    }
    response.headers.emplace_back("Retry-After", value);
  }
  return response;
}

bool DripAnswer(Stream& stream, const Fault& fault, HttpResponse response,
                bool headers_too) {
  const std::string body = Collect(response.body);
  response.gzip = false;
  response.framing = Framing::kContentLength;
  const std::string head = ResponseHead(response, body.size());
  if (headers_too) return Drip(stream, head + body, fault.interval);
  return stream.Write(head) && Drip(stream, body, fault.interval);
}

bool NonsenseLength(Stream& stream, const HttpResponse& response) {
  std::string head = CloseDelimitedHead(response);
  head.insert(head.size() - 2, "Content-Length: nonsense\r\n");
  stream.Write(head + Collect(response.body));
  return false;
}

std::string DeepDocument(std::uint64_t depth) {
  const auto size = static_cast<std::size_t>(depth);
  return std::string(size, '[') + std::string(size, ']');
}

}  // namespace

bool ChangesContent(Action action) {
  switch (action) {
    case Action::kNone:
    case Action::kOtherTenant:
    case Action::kRepeatPage:
    case Action::kCyclePages:
    case Action::kEndlessPages:
    case Action::kShiftRecord:
    case Action::kShufflePages:
    case Action::kSwapTies:
    case Action::kFilterPages:
    case Action::kCapPages:
    case Action::kSpoil:
      return true;
    default:
      return false;
  }
}

bool PlayFault(Stream& stream, const Fault& fault, HttpResponse response,
               const std::function<void()>& before_last) {
  switch (fault.action) {
    case Action::kStatus:
      return SendResponse(stream, StatusResponse(fault), before_last);
    case Action::kBody:
      return SendResponse(stream,
                          TextResponse(200, fault.body, fault.content_type),
                          before_last);
    case Action::kNeverAnswer:
      stream.Wait(Stream::kForEver);
      return false;
    case Action::kClose:
      return false;
    case Action::kReset:
      stream.Reset();
      return false;
    case Action::kDripHeaders:
      return DripAnswer(stream, fault, std::move(response), true);
    case Action::kDripBody:
      return DripAnswer(stream, fault, std::move(response), false);
    case Action::kEndlessHeaders:
      return WriteForEver(stream, "HTTP/1.1 200 OK\r\n",
                          "X-Endless: " + std::string(200, 'x') + "\r\n");
    case Action::kEndlessStatusLine:
      return WriteForEver(stream, "HTTP/1.1 200 ", std::string(256, 'K'));
    case Action::kLongStatusLine:
      stream.Write(
          "HTTP/1.1 200 " +
          std::string(static_cast<std::size_t>(BytesOr(fault, 30 << 10)), 'K') +
          "\r\nContent-Length: 2\r\n\r\n[]");
      return false;
    case Action::kEndlessBody:
      return EndlessBody(stream, std::move(response));
    case Action::kEndlessRecord:
      response.gzip = false;
      return WriteForEver(stream,
                          CloseDelimitedHead(response) + R"([{"status":")",
                          std::string(256, 'x'));
    case Action::kCutBody:
      return CutBody(stream, fault, std::move(response));
    case Action::kNonsenseContentLength:
      return NonsenseLength(stream, response);
    case Action::kEarlyHintsOnly:
      response.status = 103;
      stream.Write(CloseDelimitedHead(response) + Collect(response.body));
      return false;
    case Action::kDeepDocument:
      return SendResponse(
          stream, TextResponse(200, DeepDocument(BytesOr(fault, 100000))),
          before_last);
    case Action::kGzipBomb:
      response.gzip = true;
      response.framing = Framing::kChunked;
      response.body = Blanks(BytesOr(fault, 1 << 30));
      return SendResponse(stream, std::move(response), before_last);
    default:
      return SendResponse(stream, std::move(response), before_last);
  }
}

}  // namespace operator_connect::simulator
