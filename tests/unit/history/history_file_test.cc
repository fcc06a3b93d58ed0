#include "exporter/history/history_file.h"

#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/file.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/history/lives.h"

namespace operator_connect::history {
namespace {

// A log that keeps its lines.
struct Lined {
  std::vector<std::string> lines;
  std::unique_ptr<Log> log = MakeCallbackLog(
      LogLevel::kInfo, LogFormat::kLogfmt,
      [this](std::string_view line) { lines.emplace_back(line); });

  // Whether there is one line, which contains `text`.
  bool OneLine(std::string_view text) const {
    return lines.size() == 1 && lines[0].find(text) != std::string::npos;
  }
};

mode_t ModeOf(const std::string& path) {
  struct stat file{};
  REQUIRE(::stat(path.c_str(), &file) == 0);
  return file.st_mode & 0777;
}

std::string Bytes(const std::string& path) { return ReadFile(path).value(); }

bool SaveOne(HistoryFile& file, const std::string& id = "a") {
  static const Life kLife;
  static const Totals kTotals;
  return file.Save("emea", &kTotals, {{&id, &kLife}});
}

// Opens the file and checks that it is not used, with one line that says why,
// and that saving does not change this.
void CheckRefused(const std::string& path, std::string_view reason) {
  Lined log;
  HistoryFile file(path, *log.log);
  CHECK(file.up() == false);
  CHECK(file.TakeRecords().empty());
  CHECK(SaveOne(file));
  CHECK(SaveOne(file));
  CHECK(file.up() == false);
  CAPTURE(log.lines.empty() ? "no line" : log.lines.back());
  CHECK(log.OneLine(reason));
}

TEST_CASE("without a path there is no file and no message") {
  Lined log;
  HistoryFile file("", *log.log);
  CHECK_FALSE(file.up());
  CHECK(SaveOne(file));
  CHECK(log.lines.empty());
}

TEST_CASE("a missing file is created, for its owner alone") {
  const TempDir folder;
  Lined log;
  HistoryFile file(folder / "a.db", *log.log);
  CHECK(file.up() == true);
  CHECK(SaveOne(file));
  CHECK(ModeOf(folder / "a.db") == 0600);
  CHECK(ModeOf(folder / "a.db-wal") == 0600);
  CHECK_FALSE(std::filesystem::exists(folder / "a.db-shm"));
  CHECK(log.lines.empty());
}

TEST_CASE("a file that others can read is closed to them") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  Lined log;
  const HistoryFile file(path, *log.log);
  CHECK(ModeOf(path) == 0600);
}

TEST_CASE("saved changes are there at the next start") {
  const TempDir folder;
  Lined log;
  {
    HistoryFile file(folder / "a.db", *log.log);
    CHECK(SaveOne(file));
  }
  HistoryFile file(folder / "a.db", *log.log);
  CHECK(file.TakeRecords().at("emea").tenants.size() == 1);
}

TEST_CASE("a missing folder is not created") {
  const TempDir folder;
  CheckRefused(folder / "missing/a.db", "its folder does not exist");
  CHECK_FALSE(std::filesystem::exists(folder / "missing"));
}

TEST_CASE("a path that is a folder is refused") {
  const TempDir folder;
  CheckRefused(folder.path(), "it is a folder");
}

TEST_CASE("a path that is not a regular file is refused") {
  CheckRefused("/dev/null", "it is not a regular file");
}

TEST_CASE("a file in use by another exporter is refused") {
  const TempDir folder;
  Lined log;
  HistoryFile first(folder / "a.db", *log.log);
  CheckRefused(folder / "a.db", "another exporter uses it");
  CHECK(SaveOne(first));
  CHECK(first.up() == true);
}

TEST_CASE("a newer schema is left untouched") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  {
    Result<Database, Fault> database = Database::Open(path);
    REQUIRE(database.ok());
    REQUIRE_FALSE(database->Run(
        "PRAGMA application_id = 1329809457; PRAGMA user_version = 7"));
  }
  const std::string before = Bytes(path);
  CheckRefused(path, "version 7");
  CheckRefused(path, "version 7");
  CHECK(Bytes(path) == before);
}

TEST_CASE("a broken file is moved aside at the next start") {
  const TempDir folder;
  const std::string garbage(5000, 'x');
  const std::string path = folder.Write("a.db", garbage);
  folder.Write("a.db-wal", "its log");
  CheckRefused(path, "the next start moves it aside");
  CHECK(Bytes(path) == garbage);
  Lined log;
  HistoryFile file(path, *log.log);
  CHECK(file.up() == true);
  CHECK(SaveOne(file));
  CHECK(log.OneLine("moved_to=" + path + ".broken-1"));
  CHECK(Bytes(path + ".broken-1") == garbage);
  CHECK(Bytes(path + ".broken-1-wal") == "its log");
}

TEST_CASE("a broken file does not overwrite one that was moved aside") {
  const TempDir folder;
  const std::string path = folder / "a.db";
  Lined log;
  for (const char* garbage : {"first", "second"}) {
    folder.Write("a.db", std::string(5000, 'x') + garbage);
    static_cast<void>(HistoryFile(path, *log.log));
    static_cast<void>(HistoryFile(path, *log.log));
  }
  CHECK(Bytes(path + ".broken-1").ends_with("first"));
  CHECK(Bytes(path + ".broken-2").ends_with("second"));
}

TEST_CASE("a file that was repaired between two starts is used") {
  const TempDir folder;
  Lined log;
  const std::string path = folder / "a.db";
  {
    HistoryFile file(path, *log.log);
    CHECK(SaveOne(file));
  }
  const std::string good = Bytes(path);
  folder.Write("a.db", std::string(5000, 'x'));
  static_cast<void>(HistoryFile(path, *log.log));
  folder.Write("a.db", good);
  {
    HistoryFile file(path, *log.log);
    CHECK(file.up() == true);
    CHECK(file.TakeRecords().size() == 1);
  }
  // If it breaks again, it is not moved aside at once.
  folder.Write("a.db", std::string(5000, 'x'));
  static_cast<void>(HistoryFile(path, *log.log));
  CHECK_FALSE(std::filesystem::exists(path + ".broken-1"));
}

TEST_CASE("a file that is removed while in use is logged once") {
  const TempDir folder;
  Lined log;
  HistoryFile file(folder / "a.db", *log.log);
  CHECK(SaveOne(file));
  std::filesystem::remove(folder / "a.db");
  CHECK_FALSE(file.Save("emea", nullptr, {}));
  CHECK_FALSE(SaveOne(file));
  CHECK(file.up() == false);
  CHECK(log.OneLine("it was removed or replaced"));
}

TEST_CASE("a file that returns is used again, which is logged") {
  const TempDir folder;
  Lined log;
  HistoryFile file(folder / "a.db", *log.log);
  std::filesystem::rename(folder / "a.db", folder / "b.db");
  CHECK_FALSE(SaveOne(file));
  std::filesystem::rename(folder / "b.db", folder / "a.db");
  CHECK(SaveOne(file));
  CHECK(file.up() == true);
  REQUIRE(log.lines.size() == 2);
  CHECK(log.lines[1].find("again") != std::string::npos);
}

// A small file system in memory; unusable without the right to mount one.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    std::filesystem::create_directory(path);
    mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=256k") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  const std::string path_;
  bool mounted_ = false;
};

// Writes until the disk is full.
void Fill(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const std::string block(512, 'x');
  while (file << block << std::flush) {
  }
}

TEST_CASE("a full disk is logged once, and recovered from") {
  const TempDir folder;
  const SmallDisk disk(folder / "disk");
  if (!disk.mounted()) {
    MESSAGE("skipped: a small file system cannot be mounted here");
    return;
  }
  Lined log;
  HistoryFile file(folder / "disk/a.db", *log.log);
  CHECK(SaveOne(file));
  Fill(folder / "disk/full");
  for (int i = 0; i < 50; ++i) SaveOne(file, std::string(3000, 'a'));
  CHECK_FALSE(SaveOne(file, std::string(3000, 'b')));
  CHECK(file.up() == false);
  CHECK(log.OneLine("the disk is full"));
  std::filesystem::remove(folder / "disk/full");
  CHECK(SaveOne(file));
  CHECK(file.up() == true);
}

TEST_CASE("a file is refused if the disk is full") {
  const TempDir folder;
  const SmallDisk disk(folder / "disk");
  if (!disk.mounted()) {
    MESSAGE("skipped: a small file system cannot be mounted here");
    return;
  }
  Fill(folder / "disk/full");
  CheckRefused(folder / "disk/a.db", "the disk is full");
}

TEST_CASE("a read-only file system is logged") {
  const TempDir folder;
  const SmallDisk disk(folder / "disk");
  if (!disk.mounted()) {
    MESSAGE("skipped: a small file system cannot be mounted here");
    return;
  }
  {
    Lined log;
    HistoryFile file(folder / "disk/a.db", *log.log);
    CHECK(SaveOne(file));
  }
  REQUIRE(::mount("tmpfs", (folder / "disk").c_str(), "tmpfs",
                  MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  CheckRefused(folder / "disk/a.db", "Read-only file system");
  CheckRefused(folder / "disk/b.db", "Read-only file system");
}

TEST_CASE("a file that cannot be written is refused") {
  if (::geteuid() == 0) {
    MESSAGE("skipped: root may write any file");
    return;
  }
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  std::filesystem::permissions(path, std::filesystem::perms(0400));
  CheckRefused(path, "Permission denied");
}

}  // namespace
}  // namespace operator_connect::history
