#include "exporter/base/file_stamp.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace operator_connect {
namespace {

TEST_CASE("an unchanged file keeps its stamp") {
  const TempDir folder;
  const std::string path = folder.Write("a", "one");
  CHECK(FileStamp::Of(path) == FileStamp::Of(path));
  CHECK_FALSE(FileStamp::Of(path) == FileStamp());
}

TEST_CASE("a file replaced by one of the same size and time is new") {
  const TempDir folder;
  const std::string path = folder.Write("a", "one");
  const FileStamp before = FileStamp::Of(path);
  const std::string next = folder.Write("b", "two");
  std::filesystem::last_write_time(next,
                                   std::filesystem::last_write_time(path));
  std::filesystem::rename(next, path);
  CHECK_FALSE(FileStamp::Of(path) == before);
}

TEST_CASE("a missing file has the empty stamp") {
  const TempDir folder;
  CHECK(FileStamp::Of(folder / "none") == FileStamp());
}

}  // namespace
}  // namespace operator_connect
