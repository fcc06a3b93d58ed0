#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "tests/simulator/estate.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/truth.h"

namespace operator_connect::simulator {

// A simulator of AudioCodes Live Platform and of the Entra ID token endpoint:
//
//   Simulator simulator;
//   simulator.account().estate().LoadLeads(text);
//   … point an exporter at simulator.account().BaseUrl() and TokenUrl() …
//   simulator.AddFault(Fault::Status(Match::LeadsPage(2), 503, "1"));
//   CHECK(Difference(Truth(*simulator.account().estate().Snapshot(), {}),
//                    ParseExposition(text, TruthMetrics())) == "");
//
// To hold requests instead of sleeping:
//
//   Hold hold = simulator.HoldRequests(Match::Numbers());
//   REQUIRE(hold.WaitForHeld(8, Deadline::After(10s)));
//   hold.Release();

// The behaviour of one account's platform. Can be changed at any time.
struct PlatformOptions {
  std::string entra_tenant = "contoso-operator.example";  // in the token URL
  std::string client_id = "0b587e64-648f-489e-a264-9da7d19bc68a";
  std::string client_secret = "simulated-secret";
  // A client_assertion is accepted if it is a JWT of three parts whose payload
  // has client_id as iss and sub and the token URL as aud, is not expired, and
  // is signed by this certificate (PEM): PS256 with its x5t#S256, or RS256 with
  // its x5t. Empty: signature and thumbprint are not checked.
  std::string client_certificate;
  // An assertion of this issuer is accepted instead if it has this subject and
  // api://AzureADTokenExchange as aud, is not expired, and is signed (RS256) by
  // this certificate (PEM). Empty: there is no federated credential.
  std::string federated_issuer;
  std::string federated_subject;
  std::string federated_certificate;
  std::string scope = "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default";
  int expires_in = 3599;         // announced by a token response, and enforced
  bool expires_in_text = false;  // sent as "3599", not 3599
  int first_page = 1;            // 1 or 0
  int max_page_size = 20000;     // beyond: 400
  int lower_page_size = 0;       // above 0: silently cuts longer pages
  bool ignore_page_number = false;
  bool wrapped = false;  // leads as [[…]]
  bool v3_demands_tenant = false;
  bool gzip = true;  // if the client accepts it
  Framing framing = Framing::kChunked;
};

// One account: an operator's platform with its own estate and credentials.
// Thread-safe.
class Platform {
 public:
  ~Platform();
  const std::string& name() const;
  std::string BaseUrl() const;   // http://127.0.0.1:4711/emea/tenantui
  std::string TokenUrl() const;  // http://127.0.0.1:4711/<tenant>/oauth2/…
  Estate& estate();
  const Estate& estate() const;

  PlatformOptions options() const;
  void Configure(const std::function<void(PlatformOptions&)>& change);

  // Returns a valid token without a request.
  std::string IssueToken();
  // Invalidates all tokens: 401 until a new one is requested.
  void RevokeTokens();
  // True: 401 for every token.
  void RefuseTokens(bool refuse);

  class Impl;  // for the simulator
  explicit Platform(std::unique_ptr<Impl> impl);
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Holds requests that match: they are read, logged, and then wait for
// Release(). Release or destruction lets all proceed, present and future.
// Thread-safe.
class Hold {
 public:
  class State;
  explicit Hold(std::shared_ptr<State> state);
  ~Hold();
  Hold(Hold&&) noexcept;
  Hold& operator=(Hold&&) noexcept;

  // Waits until that many are held. False: the deadline passed. A request whose
  // client left is no longer held.
  bool WaitForHeld(std::size_t count, const Deadline& deadline) const;
  std::size_t held() const;
  // Lets `count` of the held requests proceed.
  void ReleaseSome(std::size_t count);
  void Release();

 private:
  std::shared_ptr<State> state_;
};

struct SimulatorOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::uint64_t seed = 1;  // of random faults
  // PEM files; empty: plain HTTP. See MakeSelfSigned().
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;  // not empty: requires a client certificate
};

// Listens from construction to destruction, with one thread per connection.
// Thread-safe.
class Simulator {
 public:
  // Makes one account, "default", whose base URL has no prefix. Throws
  // std::runtime_error if the address or the certificate is unavailable.
  explicit Simulator(const SimulatorOptions& options = {});
  // Closes all connections.
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  std::string Url() const;  // http://127.0.0.1:4711
  std::uint16_t port() const;

  Platform& account();  // "default"
  // Adds an account at Url() + "/" + name + "/tenantui", with the client id
  // "client-<name>" and the Entra tenant "<name>.example".
  Platform& AddAccount(const std::string& name);
  Platform* FindAccount(std::string_view name);
  std::vector<Platform*> Accounts();

  // Adds a fault. The first fault that matches a request applies. Returns an id
  // for RemoveFault().
  std::uint64_t AddFault(Fault fault);
  void RemoveFault(std::uint64_t id);
  void ClearFaults();
  // How often a fault was applied, removed or not.
  std::size_t FaultHits(std::uint64_t id) const;

  [[nodiscard]] Hold HoldRequests(Match match);

  // New connections are accepted; left in the kernel's queue; not even queued,
  // so that connecting hangs; or accepted without a TLS handshake.
  enum class Accepting { kYes, kQueue, kNever, kNoHandshake };
  void SetAccepting(Accepting accepting);
  // Closes every open connection, idle or not, as a restart would.
  void CloseConnections();
  std::size_t OpenConnections() const;
  std::size_t AcceptedConnections() const;  // since the start

  RequestLog& requests();

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

// Makes a certificate authority, a certificate of it for localhost, 127.0.0.1
// and ::1, and a client certificate: ca.pem, cert.pem, key.pem, client.pem,
// client-key.pem in `folder`, which is created if needed. Throws
// std::runtime_error.
void MakeSelfSigned(const std::string& folder);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_H_
