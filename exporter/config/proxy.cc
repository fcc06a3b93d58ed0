#include "exporter/config/proxy.h"

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/text.h"
#include "exporter/config/headers.h"
#include "exporter/config/url.h"

namespace operator_connect::config {
namespace {

// Whether each % in a URL's user info begins %XX. HideUserInfo()'s form passes.
bool IsEncoded(std::string_view text) {
  for (std::size_t at = text.find('%'); at != text.npos;
       at = text.find('%', at + 1)) {
    const std::string_view digits = text.substr(at + 1, 2);
    if (digits.size() < 2 ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos) {
      return false;
    }
  }
  return true;
}

bool IsProxyUrl(const std::string& text) {
  const auto url = ParseUrl(text);
  if (!url) return false;
  const bool scheme_fine = url->scheme == "http" || url->scheme == "https" ||
                           url->scheme == "socks5" || url->scheme == "socks5h";
  const bool only_host =
      (url->path.empty() || url->path == "/") && !url->query && !url->fragment;
  return scheme_fine && only_host &&
         (!url->user_info || IsEncoded(*url->user_info));
}

// Does not show the text: it may hold a password.
std::string WhyNoProxyUrl(const std::string& text) {
  return "is no proxy's URL; write http://, https:// or socks5:// with host "
         "and port, such as http://proxy.example.com:3128" +
         std::string(text.find('@') == text.npos
                         ? ""
                         : "; in a user name or password write what is no "
                           "letter or digit as %XX, such as %40 for @");
}

void ReadProxyUrl(MapReader& reader, std::string& out) {
  std::string text;
  if (!reader.ReadString("proxy_url", text) || text.empty()) return;
  if (IsProxyUrl(text)) {
    out = std::move(text);
  } else {
    reader.Report("proxy_url", WhyNoProxyUrl(text));
  }
}

void ReadNoProxy(MapReader& reader, std::string& out) {
  if (!reader.ReadString("no_proxy", out)) return;
  if (out.find("://") != out.npos) {
    reader.Report("no_proxy",
                  "holds a URL, which fits no host; write names, addresses or "
                  "networks with commas between, such as "
                  "login.example.com,10.0.0.0/8");
  }
}

// Reads the variable `name`, or the one in lower case if that is empty, like
// Go. `name` becomes the one that was read last.
std::string FromEnvironment(std::string& name) {
  for (int i = 0; i < 2; ++i) {
    const char* const value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') return value;
    name = LowerCase(name);
  }
  return "";
}

// Go also accepts a host without a scheme.
void ReadUrlOf(std::string name, MapReader& reader, std::string& out) {
  std::string text = FromEnvironment(name);
  if (text.empty()) return;
  if (text.find("://") == text.npos) text = "http://" + text;
  if (IsProxyUrl(text)) {
    out = std::move(text);
  } else {
    reader.Report("proxy_from_environment",
                  "asks for " + name + ", which " + WhyNoProxyUrl(text));
  }
}

void ReadEnvironment(MapReader& reader, Proxy& out) {
  ReadUrlOf("HTTPS_PROXY", reader, out.url);
  ReadUrlOf("HTTP_PROXY", reader, out.http_url);
  std::string name = "NO_PROXY";
  out.no_proxy = FromEnvironment(name);
}

// Refuses the combinations that Prometheus refuses.
void CheckTogether(MapReader& reader, const Proxy& proxy, bool has_url) {
  for (const char* key : {"proxy_url", "no_proxy"}) {
    std::string text;
    if (proxy.from_environment && reader.ReadString(key, text) &&
        !text.empty()) {
      reader.Report(key,
                    "is there beside proxy_from_environment, which takes it "
                    "from the environment; keep one of the two");
    }
  }
  if (proxy.from_environment || has_url) return;
  if (!proxy.no_proxy.empty()) {
    reader.Report("no_proxy", "needs proxy_url; write both or neither");
  }
  if (!proxy.connect_headers.empty()) {
    reader.Report("proxy_connect_header",
                  "needs a proxy; write proxy_url or proxy_from_environment");
  }
}

}  // namespace

Proxy ReadProxy(MapReader& reader) {
  Proxy out;
  ReadProxyUrl(reader, out.url);
  out.http_url = out.url;
  ReadNoProxy(reader, out.no_proxy);
  out.connect_headers = ReadProxyConnectHeader(reader);
  reader.Read("proxy_from_environment", out.from_environment);
  CheckTogether(reader, out, reader.Has("proxy_url"));
  if (out.from_environment) ReadEnvironment(reader, out);
  return out;
}

}  // namespace operator_connect::config
