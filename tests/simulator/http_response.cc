#include <zlib.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <memory>

#include "tests/simulator/http.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

constexpr std::size_t kPiece = 64 << 10;

const char* Reason(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 103:
      return "Early Hints";
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unnamed";
  }
}

// Gathers output and holds back the last bytes, so that something can be done
// before they are sent.
class BufferedWriter {
 public:
  explicit BufferedWriter(Stream& stream) : stream_(stream) {}
  bool Write(std::string_view bytes) {
    buffer_ += bytes;
    if (buffer_.size() < kPiece) return true;
    // Keeps the last byte, of the body or its framing.
    const bool written =
        stream_.Write(std::string_view(buffer_).substr(0, buffer_.size() - 1));
    buffer_.erase(0, buffer_.size() - 1);
    return written;
  }
  bool Flush() { return stream_.Write(buffer_); }

 private:
  Stream& stream_;
  std::string buffer_;
};

bool WriteChunk(BufferedWriter& out, std::string_view piece) {
  std::array<char, 32> size;
  std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
  return out.Write(size.data()) && out.Write(piece) && out.Write("\r\n");
}

// Sends a body in chunks of a good size, even if its pieces are small.
bool WriteChunked(BufferedWriter& out, const BodySource& body) {
  std::string gathered;
  const bool whole = body([&](std::string_view piece) {
    gathered += piece;
    if (gathered.size() < kPiece / 2) return true;
    const bool written = WriteChunk(out, gathered);
    gathered.clear();
    return written;
  });
  if (!whole) return false;
  if (!gathered.empty() && !WriteChunk(out, gathered)) return false;
  return out.Write("0\r\n\r\n");
}

}  // namespace

BodySource TextBody(std::string text) {
  return [text = std::move(text)](const Sink& sink) { return sink(text); };
}

std::string Collect(const BodySource& source) {
  std::string text;
  source([&](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

BodySource Gzipped(BodySource source) {
  return [source = std::move(source)](const Sink& sink) {
    z_stream zip{};
    // 16 selects the gzip format.
    if (deflateInit2(&zip, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      return false;
    }
    const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&zip, deflateEnd);
    std::string out(kPiece, '\0');
    const auto feed = [&](std::string_view piece, int flush) {
      zip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      zip.avail_in = static_cast<uInt>(piece.size());
      do {
        zip.next_out = reinterpret_cast<Bytef*>(out.data());
        zip.avail_out = static_cast<uInt>(out.size());
        deflate(&zip, flush);
        const std::size_t made = out.size() - zip.avail_out;
        if (made > 0 && !sink(std::string_view(out).substr(0, made))) {
          return false;
        }
      } while (zip.avail_out == 0);
      return true;
    };
    return source([&](std::string_view piece) {
             return feed(piece, Z_NO_FLUSH);
           }) &&
           feed({}, Z_FINISH);
  };
}

HttpResponse TextResponse(int status, std::string body,
                          std::string content_type) {
  HttpResponse response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = TextBody(std::move(body));
  return response;
}

std::string ResponseHead(const HttpResponse& response,
                         std::optional<std::size_t> length) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     Reason(response.status) + "\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  add("Date", FormatHttpDate(std::time(nullptr)));
  if (!response.content_type.empty())
    add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) add(name, value);
  if (response.gzip) add("Content-Encoding", "gzip");
  if (length) {
    add("Content-Length", std::to_string(*length));
  } else if (response.framing == Framing::kChunked) {
    add("Transfer-Encoding", "chunked");
  } else {
    add("Connection", "close");
  }
  return head + "\r\n";
}

bool SendResponse(Stream& stream, HttpResponse response,
                  const std::function<void()>& before_last) {
  if (response.gzip) response.body = Gzipped(std::move(response.body));
  BufferedWriter out(stream);
  bool whole = false;
  if (response.framing == Framing::kContentLength) {
    const std::string body = Collect(response.body);
    whole = out.Write(ResponseHead(response, body.size())) && out.Write(body);
  } else {
    whole = out.Write(ResponseHead(response, std::nullopt)) &&
            (response.framing == Framing::kChunked
                 ? WriteChunked(out, response.body)
                 : response.body([&](std::string_view piece) {
                     return out.Write(piece);
                   }));
  }
  before_last();
  return whole && out.Flush() && response.framing != Framing::kClose;
}

}  // namespace operator_connect::simulator
