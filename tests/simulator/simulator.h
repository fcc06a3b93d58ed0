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

// How one account's platform answers. All may be changed while it runs.
struct PlatformOptions {
  std::string entra_tenant = "contoso-operator.example";  // in the token URL
  std::string client_id = "0b587e64-648f-489e-a264-9da7d19bc68a";
  std::string client_secret = "simulated-secret";
  // A client_assertion is taken if it is a JWT of three parts whose payload
  // names client_id as iss and sub and the token URL as aud, is in time, and
  // is signed by this certificate (PEM): PS256 with its x5t#S256, or RS256 with
  // its x5t. Empty: signature and thumbprint are not looked at.
  std::string client_certificate;
  // An assertion of this issuer is taken instead if it names this subject and
  // api://AzureADTokenExchange as aud, is in time, and is signed (RS256) by
  // this certificate (PEM). Empty: there is no federated credential.
  std::string federated_issuer;
  std::string federated_subject;
  std::string federated_certificate;
  std::string scope = "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default";
  int expires_in = 3599;         // what a token reply says, and when it ends
  bool expires_in_text = false;  // "3599" for 3599
  int first_page = 1;            // 1 or 0
  int max_page_size = 20000;     // beyond: 400
  int lower_page_size = 0;       // above 0: no page is longer, without a word
  bool ignore_page_number = false;
  bool wrapped = false;  // leads as [[…]]
  bool v3_demands_tenant = false;
  bool gzip = true;  // when the client asks for it
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

  // A token that is good at once, without a request.
  std::string IssueToken();
  // Makes all tokens so far worthless: 401 until a new one is fetched.
  void RevokeTokens();
  // True: 401 whatever the token.
  void RefuseTokens(bool refuse);

  class Impl;  // for the simulator
  explicit Platform(std::unique_ptr<Impl> impl);
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Requests that match are read, logged, and then wait for Release(). Release
// or destruction lets all go on, present and future. Thread-safe.
class Hold {
 public:
  class State;
  explicit Hold(std::shared_ptr<State> state);
  ~Hold();
  Hold(Hold&&) noexcept;
  Hold& operator=(Hold&&) noexcept;

  // Waits until so many are held. False: too late. A request whose client
  // went away is held no more.
  bool WaitForHeld(std::size_t count, const Deadline& deadline) const;
  std::size_t held() const;
  // Lets `count` of those held go on; the rest stays.
  void ReleaseSome(std::size_t count);
  void Release();

 private:
  std::shared_ptr<State> state_;
};

struct SimulatorOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::uint64_t seed = 1;  // of chance in faults
  // PEM files; empty: plain HTTP. See MakeSelfSigned().
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;  // not empty: a client certificate is demanded
};

// Listens from construction to destruction, one thread a connection.
// Thread-safe.
class Simulator {
 public:
  // Makes one account, "default", whose base URL has no prefix. Throws
  // std::runtime_error when the address or the certificate is not to be had.
  explicit Simulator(const SimulatorOptions& options = {});
  // Breaks off whatever is under way.
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  std::string Url() const;  // http://127.0.0.1:4711
  std::uint16_t port() const;

  Platform& account();  // "default"
  // Another account, at Url() + "/" + name + "/tenantui", with the client id
  // "client-<name>" and the Entra tenant "<name>.example".
  Platform& AddAccount(const std::string& name);
  Platform* FindAccount(std::string_view name);
  std::vector<Platform*> Accounts();

  // Faults are tried in the order of their addition; the first that matches
  // a request decides. Returns an id for RemoveFault().
  std::uint64_t AddFault(Fault fault);
  void RemoveFault(std::uint64_t id);
  void ClearFaults();
  // How often a fault was met, removed or not.
  std::size_t FaultHits(std::uint64_t id) const;

  [[nodiscard]] Hold HoldRequests(Match match);

  // New connections: taken as usual; left in the kernel's queue; not even
  // that, so that connecting hangs; or taken without a TLS handshake.
  enum class Accepting { kYes, kQueue, kNever, kNoHandshake };
  void SetAccepting(Accepting accepting);
  // Closes every open connection, as a restart would. Idle ones too.
  void CloseConnections();
  std::size_t OpenConnections() const;
  std::size_t AcceptedConnections() const;  // since the start

  RequestLog& requests();

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

// Makes a certificate authority and a certificate of it for localhost,
// 127.0.0.1 and ::1, and a client certificate: ca.pem, cert.pem, key.pem,
// client.pem, client-key.pem in `folder`, which is made if need be. Throws
// std::runtime_error.
void MakeSelfSigned(const std::string& folder);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_H_
