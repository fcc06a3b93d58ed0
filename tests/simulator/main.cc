#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/simulator/live.h"
#include "tests/simulator/simulator.h"
#include "tests/simulator/static_site.h"

// The simulator as a program, for the demo, the end-to-end tests and the
// benchmarks. Prints its URL as the first line of standard output.

namespace operator_connect::simulator {
namespace {

struct Flags {
  std::string listen = "127.0.0.1:0";
  std::string tls_cert;
  std::string tls_key;
  std::string tls_client_ca;
  std::string tls_self_signed;
  std::string leads;
  std::string numbers;
  std::size_t tenants = 0;
  std::size_t numbers_per_tenant = 100;
  bool uniform = false;
  std::uint64_t seed = 1;
  std::int64_t now = 0;
  std::vector<std::string> accounts;
  bool live = false;
  double live_speed = 1;
  std::string client_id;
  std::string client_secret;
  std::string client_secret_file;
  std::string client_certificate;
  std::string tenant;
  std::string scope;
  int first_page = 1;
  std::string write_static;
  std::size_t static_page_size = 1000;
  bool die_with_parent = false;
};

void Describe(CLI::App& app, Flags& f) {
  app.add_option("--listen", f.listen, "Address and port; port 0: any");
  app.add_option("--tls-cert", f.tls_cert, "Serve HTTPS with this PEM file");
  app.add_option("--tls-key", f.tls_key, "and this key");
  app.add_option("--tls-client-ca", f.tls_client_ca,
                 "Demand a client certificate of this authority");
  app.add_option("--tls-self-signed", f.tls_self_signed,
                 "Serve HTTPS with certificates made in this folder");
  app.add_option("--leads", f.leads, "JSON array of leads to serve");
  app.add_option("--numbers", f.numbers, "JSON array of numbers to serve");
  app.add_option("--tenants", f.tenants, "Make up an estate of this size");
  app.add_option("--numbers-per-tenant", f.numbers_per_tenant,
                 "on average, or exactly with --uniform");
  app.add_flag("--uniform", f.uniform, "One lead a tenant, no oddities");
  app.add_option("--seed", f.seed, "of all that is made up");
  app.add_option("--now", f.now, "Unix time that made-up dates end at");
  app.add_option("--account", f.accounts,
                 "One more account under /NAME/tenantui; repeatable");
  app.add_flag("--live", f.live, "Let the estate move, and fail at times");
  app.add_option("--live-speed", f.live_speed, "how many times as fast");
  app.add_option("--client-id", f.client_id);
  app.add_option("--client-secret", f.client_secret);
  app.add_option("--client-secret-file", f.client_secret_file);
  app.add_option("--client-certificate", f.client_certificate,
                 "PEM file that client assertions are checked against");
  app.add_option("--tenant", f.tenant, "Entra tenant, in the token URL");
  app.add_option("--scope", f.scope);
  app.add_option("--first-page", f.first_page, "0 or 1");
  app.add_option("--write-static", f.write_static,
                 "Write all answers as files into this folder, and end");
  app.add_option("--static-page-size", f.static_page_size,
                 "leads of one of those files");
  app.add_flag("--die-with-parent", f.die_with_parent);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Trim(std::string text) {
  const char* space = " \t\r\n";
  text.erase(text.find_last_not_of(space) + 1);
  text.erase(0, text.find_first_not_of(space));
  return text;
}

SimulatorOptions ToOptions(const Flags& f) {
  SimulatorOptions options;
  const std::size_t colon = f.listen.rfind(':');
  if (colon == std::string::npos) {
    throw std::runtime_error("--listen: there is no port in " + f.listen);
  }
  options.address = f.listen.substr(0, colon);
  if (options.address.size() > 2 && options.address.front() == '[') {
    options.address = options.address.substr(1, options.address.size() - 2);
  }
  options.port =
      static_cast<std::uint16_t>(std::stoul(f.listen.substr(colon + 1)));
  options.seed = f.seed;
  options.certificate_file = f.tls_cert;
  options.key_file = f.tls_key.empty() ? f.tls_cert : f.tls_key;
  options.client_ca_file = f.tls_client_ca;
  if (!f.tls_self_signed.empty()) {
    MakeSelfSigned(f.tls_self_signed);
    options.certificate_file = f.tls_self_signed + "/cert.pem";
    options.key_file = f.tls_self_signed + "/key.pem";
  }
  return options;
}

void Configure(Platform& platform, const Flags& f, bool first) {
  platform.Configure([&](PlatformOptions& options) {
    if (first && !f.client_id.empty()) options.client_id = f.client_id;
    if (first && !f.tenant.empty()) options.entra_tenant = f.tenant;
    if (!f.client_secret.empty()) options.client_secret = f.client_secret;
    if (!f.client_secret_file.empty()) {
      options.client_secret = Trim(ReadFile(f.client_secret_file));
    }
    if (!f.client_certificate.empty()) {
      options.client_certificate = ReadFile(f.client_certificate);
    }
    if (!f.scope.empty()) options.scope = f.scope;
    options.first_page = f.first_page;
  });
}

void Load(Platform& platform, const Flags& f, std::uint64_t seed, bool first) {
  Estate& estate = platform.estate();
  if (f.tenants > 0) {
    GenerateOptions options;
    options.seed = seed;
    options.tenants = f.tenants;
    options.numbers_per_tenant = f.numbers_per_tenant;
    options.uniform = f.uniform;
    options.now = f.now != 0 ? f.now : std::time(nullptr);
    estate.Replace(Generate(options));
  }
  if (first && !f.leads.empty()) {
    const auto done = estate.LoadLeads(ReadFile(f.leads));
    if (!done.ok()) throw std::runtime_error(f.leads + ": " + done.error());
  }
  if (first && !f.numbers.empty()) {
    const auto done = estate.LoadNumbers(ReadFile(f.numbers));
    if (!done.ok()) throw std::runtime_error(f.numbers + ": " + done.error());
  }
}

int Run(const Flags& f) {
  // Blocked before any thread starts, so that only the main thread receives
  // them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (f.die_with_parent) {
    const pid_t parent = ::getppid();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) return 0;  // it ended before prctl()
  }
  Simulator simulator(ToOptions(f));
  for (const std::string& name : f.accounts) simulator.AddAccount(name);
  std::uint64_t seed = f.seed;
  for (Platform* platform : simulator.Accounts()) {
    const bool first = platform == &simulator.account();
    Configure(*platform, f, first);
    Load(*platform, f, seed++, first);
  }
  if (!f.write_static.empty()) {
    WriteStaticSite(simulator.account(), f.write_static, f.static_page_size);
    return 0;
  }
  std::cout << simulator.Url() << std::endl;
  for (Platform* platform : simulator.Accounts()) {
    std::cout << platform->name() << " base_url " << platform->BaseUrl() << "\n"
              << platform->name() << " token_url " << platform->TokenUrl()
              << "\n"
              << platform->name() << " client_id "
              << platform->options().client_id << std::endl;
  }
  std::unique_ptr<Live> live;
  if (f.live) {
    live = std::make_unique<Live>(simulator, f.seed);
    live->Start(f.live_speed);
  }
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("Simulator of AudioCodes Live Platform and its token endpoint");
  Flags flags;
  Describe(app, flags);
  try {
    app.parse(argc, argv);
    return Run(flags);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "live_platform_simulator: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace
}  // namespace operator_connect::simulator

int main(int argc, char** argv) {
  return operator_connect::simulator::Main(argc, argv);
}
