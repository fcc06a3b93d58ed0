#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_ACCOUNT_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_ACCOUNT_H_

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Reads one entry of `accounts`. Faults go to the reader's problems; the
// account then holds the values that could be read.
Account ReadAccount(MapReader& reader);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_ACCOUNT_H_
