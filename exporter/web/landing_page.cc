#include "exporter/web/landing_page.h"

#include <chrono>
#include <cstdint>

namespace operator_connect::web {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Operator Connect exporter</title>
<style>
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --soft: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #f85149; --soft: #9198a1; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0 0; }
ul { margin: .5rem 0; padding: 0; list-style: none; }
li { padding: .3rem 0; border-bottom: 1px solid var(--line); }
li span, .soft { color: var(--soft); }
li span { display: inline-block; margin-left: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); }
.problem { display: block; font-size: .875rem; color: var(--soft); }
@media (max-width: 36rem) {
  body { margin: 1rem auto; }
  li span { display: block; margin: 0; }
  thead { display: none; }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { display: block; border: 0; padding: .1rem 0; }
  td::before { content: attr(data-label) ": "; color: var(--soft); }
}
</style>
</head>
<body>
)";

void Link(std::string& out, std::string_view path, std::string_view what) {
  const std::string escaped = EscapeHtml(path);
  out += "<li><a href=\"" + escaped + "\">" + escaped + "</a> <span>";
  out += EscapeHtml(what);
  out += "</span></li>\n";
}

void Cell(std::string& out, std::string_view label, std::string_view html) {
  out += "<td data-label=\"";
  out += label;
  out += "\">";
  out += html;
  out += "</td>\n";
}

std::string Word(std::string_view css, std::string_view text) {
  std::string html = "<span class=\"";
  html.append(css).append("\">").append(EscapeHtml(text)).append("</span>");
  return html;
}

std::string UpText(const std::optional<bool>& up) {
  if (!up) return Word("soft", "not collected yet");
  return *up ? Word("good", "up") : Word("bad", "down");
}

std::string PartText(const exposition::AccountState::Part& part, WallTime now) {
  if (!part.enabled) return Word("soft", "off");
  std::string html;
  if (!part.success) {
    html = Word("soft", part.running ? "first collection under way"
                                     : "not collected yet");
  } else {
    html = *part.success ? Word("good", "good") : Word("bad", "failed");
    if (part.running) html += Word("soft", ", under way again");
  }
  if (part.last_success) {
    html += ", data from " + Ago(now - *part.last_success);
  } else if (part.success) {
    html += ", no data yet";
  }
  if (!part.problem.empty()) html += Word("problem", part.problem);
  return html;
}

void AccountRow(std::string& out, const exposition::AccountState& account,
                WallTime now) {
  const std::string name = EscapeHtml(account.name);
  out += "<tr>\n";
  Cell(out, "Account",
       "<a href=\"/probe?account=" + name + "\">" + name + "</a>");
  Cell(out, "State", UpText(account.up));
  Cell(out, "Leads", PartText(account.leads, now));
  Cell(out, "Numbers", PartText(account.numbers, now));
  out += "</tr>\n";
}

void Accounts(std::string& out, const LandingPageData& data) {
  out +=
      "<h2>Accounts</h2>\n<table>\n<thead><tr><th>Account</th><th>State</th>"
      "<th>Leads</th><th>Numbers</th></tr></thead>\n<tbody>\n";
  for (const exposition::AccountState& account : data.accounts) {
    AccountRow(out, account, data.now);
  }
  out +=
      "</tbody>\n</table>\n<p class=\"soft\">A collection is started by a "
      "scrape, and by nothing else.</p>\n";
}

void Links(std::string& out, const LandingPageData& data) {
  out += "<h2>Pages</h2>\n<ul>\n";
  Link(out, data.telemetry_path, "metrics of all accounts and the exporter");
  Link(out, data.exporter_path, "metrics of the exporter alone");
  Link(out, "/sd", "HTTP service discovery for Prometheus");
  Link(out, "/config", "configuration in force, secrets hidden");
  Link(out, "/-/healthy", "the process runs");
  Link(out, "/-/ready", "requests are served");
  out += "</ul>\n";
}

}  // namespace

std::string LandingPage(const LandingPageData& data) {
  std::string out(kHead);
  out +=
      "<h1>Operator Connect exporter</h1>\n<p>Leads and numbers of Microsoft "
      "Operator Connect on AudioCodes Live Platform, for Prometheus.</p>\n"
      "<p class=\"soft\">Version ";
  out += EscapeHtml(data.version);
  out += "</p>\n";
  Links(out, data);
  Accounts(out, data);
  out += "</body>\n</html>\n";
  return out;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Ago(Duration age) {
  using namespace std::chrono_literals;
  const auto count = [age](Duration unit) {
    return std::to_string(age < Duration::zero() ? 0 : age / unit);
  };
  if (age < 2min) return count(1s) + " s ago";
  if (age < 2h) return count(1min) + " min ago";
  if (age < 48h) return count(1h) + " h ago";
  return count(24h) + " days ago";
}

}  // namespace operator_connect::web
