#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRUST_STORE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRUST_STORE_H_

#include <openssl/x509_vfy.h>

#include <memory>
#include <string>

#include "exporter/base/file_stamp.h"
#include "exporter/base/mutex.h"
#include "exporter/base/result.h"

namespace operator_connect::http_client {

using X509StorePtr = std::shared_ptr<X509_STORE>;

// The trusted certificate authorities of many connections. They are parsed
// once, and again when the file changes. Those of the system are looked up one
// by one if its folder allows it: its bundle of 140 would take some megabytes
// for each account. Thread-safe.
class TrustStore {
 public:
  // Takes authorities from a file, or from PEM in `ca`. Both empty: the
  // system's.
  explicit TrustStore(std::string ca_file, const std::string& ca = "");

  // The error is a sentence that names the file.
  Result<X509StorePtr, std::string> Get();

 private:
  std::string path_;        // constant after construction
  bool is_folder_ = false;  // constant after construction
  X509StorePtr given_;      // from `ca`; constant after construction
  Mutex mutex_;
  X509StorePtr store_ OC_GUARDED_BY(mutex_);
  FileStamp stamp_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRUST_STORE_H_
