#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_WATCH_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_WATCH_H_

#include <map>
#include <string>

#include "exporter/config/config.h"

namespace operator_connect::config {

// Detects when a configuration must be loaded again: the content of its file,
// or of a file that it names other than a secret, has changed. Compares
// contents, not time stamps: a ConfigMap links to another folder at each
// change. One thread.
class ConfigWatch {
 public:
  enum class Look {
    kSame,
    kChanging,  // another content than before, perhaps half written
    kChanged,   // another content, the same in two looks in a row
  };

  // Watches the file `path`. Its present content counts as known.
  explicit ConfigWatch(std::string path);

  // Marks the present content as known, whatever the result of the load.
  void BeginLoad();
  // Whether the file is as it was at BeginLoad(), so that its content is what
  // was loaded.
  bool IsUnchanged() const;
  // Watches the files that `config` names from now on.
  void Loaded(const Config& config);

  Look LookAgain();

 private:
  // Digests by path; for a file that cannot be read, the reason.
  using Contents = std::map<std::string, std::string>;
  Contents Read() const;

  const std::string path_;
  Contents known_;   // its keys are the watched files
  Contents before_;  // at the previous look, if it differed; else empty
};

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_WATCH_H_
