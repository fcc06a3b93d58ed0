#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_GIVEN_TOKEN_SOURCE_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_GIVEN_TOKEN_SOURCE_H_

#include <memory>

#include "exporter/config/config.h"
#include "exporter/oauth/token_source.h"

namespace operator_connect::oauth {

// Makes a source of a given credential, which is read from its file at each
// Get(). Replace() has another one only after the file has changed.
std::unique_ptr<TokenSource> MakeGivenTokenSource(
    const config::Authorization& authorization);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_GIVEN_TOKEN_SOURCE_H_
