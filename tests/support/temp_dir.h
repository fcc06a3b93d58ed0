#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEMP_DIR_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEMP_DIR_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace operator_connect {

// A temporary folder, removed at the end.
class TempDir {
 public:
  TempDir() {
    std::string name =
        (std::filesystem::temp_directory_path() / "oc_test_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no temporary folder");
    }
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }
  // Writes a file, which readers see whole or not at all. Returns its path.
  std::string Write(std::string_view name, std::string_view text) const {
    const std::string path = *this / name;
    std::filesystem::create_directories(
        std::filesystem::path(path).parent_path());
    std::ofstream(path + ".next", std::ios::binary) << text;
    std::filesystem::rename(path + ".next", path);
    return path;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A temporary file, removed at the end.
class TempFile {
 public:
  explicit TempFile(std::string_view text = "") { Write(text); }
  void Write(std::string_view text) const { dir_.Write("file", text); }
  std::string path() const { return dir_ / "file"; }

 private:
  const TempDir dir_;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEMP_DIR_H_
