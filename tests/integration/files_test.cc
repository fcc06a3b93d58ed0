#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "tests/integration/fixture.h"

// The files that tests need, and their end.
namespace operator_connect::integration {

std::string CertificateFolder(const std::string& name) {
  static Mutex mutex;
  static std::map<std::string,
                  std::unique_ptr<std::string, void (*)(std::string*)>>
      folders;
  MutexLock lock(mutex);
  const auto found = folders.find(name);
  if (found != folders.end()) return *found->second;
  std::string path = std::filesystem::temp_directory_path() / "oc-test-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  simulator::MakeSelfSigned(path);
  folders.emplace(name, std::unique_ptr<std::string, void (*)(std::string*)>(
                            new std::string(path), [](std::string* folder) {
                              std::filesystem::remove_all(*folder);
                              delete folder;
                            }));
  return path;
}

TemporaryFile::TemporaryFile(std::string_view text)
    : path_(std::filesystem::temp_directory_path() / "oc-test-XXXXXX") {
  const int fd = ::mkstemp(path_.data());
  if (fd < 0) throw std::runtime_error("no temporary file");
  ::close(fd);
  Write(text);
}

TemporaryFile::~TemporaryFile() { std::filesystem::remove(path_); }

void TemporaryFile::Write(std::string_view text) const {
  const std::string next = path_ + ".new";
  std::ofstream(next, std::ios::binary) << text;
  std::filesystem::rename(next, path_);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace operator_connect::integration
