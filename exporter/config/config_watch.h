#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_WATCH_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_WATCH_H_

#include <map>
#include <string>

#include "exporter/config/config.h"

namespace operator_connect::config {

// Tells when a configuration is to be loaded again: when its file, or a file
// that it names other than a secret, has another content. Time stamps say
// nothing, as a ConfigMap is a link to another folder at each change. One
// thread.
class ConfigWatch {
 public:
  enum class Look {
    kSame,
    kChanging,  // another content than before: it may be half written
    kChanged,   // another content, for two looks on end
  };

  // Of the file `path`, whose content counts as known from now on.
  explicit ConfigWatch(std::string path);

  // The content counts as known from now on, whatever comes of the load.
  void BeginLoad();
  // The file is as it was at BeginLoad(), so that what was loaded meanwhile is
  // its content.
  bool IsUnchanged() const;
  // From now on the files that `config` names are looked at.
  void Loaded(const Config& config);

  Look LookAgain();

 private:
  // Digests by path; of a file that cannot be read, the reason.
  using Contents = std::map<std::string, std::string>;
  Contents Read() const;

  const std::string path_;
  Contents known_;   // its keys are the files that are looked at
  Contents before_;  // at the look before, if it was another; else empty
};

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_WATCH_H_
