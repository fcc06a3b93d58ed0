#include "tests/simulator/simulator.h"

#include <stdexcept>
#include <utility>

#include "tests/simulator/simulator_impl.h"

namespace operator_connect::simulator {

Platform::Platform(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Platform::~Platform() = default;
const std::string& Platform::name() const { return impl_->name; }
std::string Platform::BaseUrl() const {
  return impl_->origin + impl_->prefix + "/tenantui";
}
std::string Platform::TokenUrl() const { return impl_->TokenUrl(); }
Estate& Platform::estate() { return impl_->estate; }
const Estate& Platform::estate() const { return impl_->estate; }
PlatformOptions Platform::options() const { return impl_->options(); }
void Platform::Configure(const std::function<void(PlatformOptions&)>& change) {
  impl_->Configure(change);
}
std::string Platform::IssueToken() { return impl_->IssueToken(); }
void Platform::RevokeTokens() { impl_->RevokeTokens(); }
void Platform::RefuseTokens(bool refuse) { impl_->RefuseTokens(refuse); }

Simulator::Simulator(const SimulatorOptions& options)
    : impl_(std::make_unique<Impl>(*this, options)) {
  impl_->Start();
}
Simulator::~Simulator() = default;
std::string Simulator::Url() const { return impl_->url; }
std::uint16_t Simulator::port() const { return impl_->server.port(); }
Platform& Simulator::account() { return *impl_->FindAccount("default"); }
Platform& Simulator::AddAccount(const std::string& name) {
  if (impl_->FindAccount(name) != nullptr) {
    throw std::runtime_error("there is an account " + name + " already");
  }
  PlatformOptions options;
  options.client_id = "client-" + name;
  options.entra_tenant = name + ".example";
  return impl_->AddAccount(name, "/" + name, options);
}
Platform* Simulator::FindAccount(std::string_view name) {
  return impl_->FindAccount(name);
}
std::vector<Platform*> Simulator::Accounts() { return impl_->Accounts(); }
std::uint64_t Simulator::AddFault(Fault fault) {
  return impl_->AddFault(std::move(fault));
}
void Simulator::RemoveFault(std::uint64_t id) { impl_->RemoveFault(id); }
void Simulator::ClearFaults() { impl_->ClearFaults(); }
std::size_t Simulator::FaultHits(std::uint64_t id) const {
  return impl_->FaultHits(id);
}
Hold Simulator::HoldRequests(Match match) {
  return impl_->AddHold(std::move(match));
}
void Simulator::SetAccepting(Accepting accepting) {
  impl_->server.SetAccepting(accepting);
}
void Simulator::CloseConnections() { impl_->server.CloseConnections(); }
std::size_t Simulator::OpenConnections() const {
  return impl_->server.OpenConnections();
}
std::size_t Simulator::AcceptedConnections() const {
  return impl_->server.AcceptedConnections();
}
RequestLog& Simulator::requests() { return impl_->log; }

}  // namespace operator_connect::simulator
