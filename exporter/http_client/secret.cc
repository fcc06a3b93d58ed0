#include "exporter/http_client/secret.h"

#include <utility>

#include "exporter/base/file.h"

namespace operator_connect::http_client {
namespace {

Failure Unusable(std::string_view what, const std::string& why) {
  return {Failure::Kind::kCredentials, 0, std::string(what) + why, true};
}

}  // namespace

Result<std::string, Failure> ReadSecret(const config::Secret& secret,
                                        std::string_view what) {
  if (!secret.file.empty()) {
    Result<std::string, FileError> text = ReadSecretFile(secret.file);
    if (!text.ok()) {
      return Unusable(what, " in " + secret.file +
                                " cannot be used: " + text.error().message);
    }
    return *std::move(text);
  }
  if (secret.value.empty()) return Unusable(what, " is empty");
  const std::string_view problem = SecretProblem(secret.value);
  if (!problem.empty()) return Unusable(what, " " + std::string(problem));
  return secret.value;
}

}  // namespace operator_connect::http_client
