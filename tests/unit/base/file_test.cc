#include "exporter/base/file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "tests/support/temp_dir.h"

namespace operator_connect {
namespace {

TEST_CASE("a file is read whole, NUL bytes included") {
  const TempDir dir;
  const std::string text("a\0b\n\xFF", 5);
  const auto got = ReadFile(dir.Write("f", text));
  REQUIRE(got.ok());
  CHECK(*got == text);
}

TEST_CASE("a file of exactly the limit is read, one byte more is not") {
  const TempDir dir;
  const std::string path = dir.Write("f", std::string(100000, 'x'));
  REQUIRE(ReadFile(path, 100000).ok());
  const auto got = ReadFile(path, 99999);
  REQUIRE_FALSE(got.ok());
  CHECK(got.error().message == "is larger than 99999 bytes");
}

TEST_CASE("reading an endless device stops at the limit") {
  const auto got = ReadFile("/dev/zero", std::size_t{1} << 20);
  REQUIRE_FALSE(got.ok());
  CHECK(got.error().message == "is larger than 1MiB");
}

TEST_CASE("the error of an unreadable file says why") {
  const TempDir dir;
  CHECK(ReadFile(dir / "none").error().message == "no such file");
  CHECK(ReadFile("").error().message == "no such file");
  CHECK(ReadFile(std::string("a\0b", 3)).error().message == "no such file");
  CHECK(ReadFile(dir.path()).error().message == "is a directory");
  dir.Write("f", "x");
  CHECK(ReadFile(dir / "f/g").error().message.substr(0, 12) == "no such file");
}

TEST_CASE("a secret is trimmed of white space") {
  const TempDir dir;
  CHECK(*ReadSecretFile(dir.Write("s", " \t\r\n p\xC3\xA4ss word \r\n\n")) ==
        "p\xC3\xA4ss word");
}

TEST_CASE("a byte order mark is not part of a secret") {
  const TempDir dir;
  CHECK(*ReadSecretFile(dir.Write("s", "\xEF\xBB\xBFhunter2\r\n")) ==
        "hunter2");
  CHECK(*ReadSecretFile(dir.Write("s", "\xEF\xBB\xBF\n hunter2")) == "hunter2");
  CHECK(ReadSecretFile(dir.Write("s", "\xEF\xBB\xBF\n")).error().message ==
        "is empty");
}

TEST_CASE("a secret that is not one line is refused and never shown") {
  const TempDir dir;
  CHECK(ReadSecretFile(dir.Write("s", " \n")).error().message == "is empty");
  const auto two_lines = ReadSecretFile(dir.Write("s", "hunter2\nX-Evil: 1"));
  REQUIRE_FALSE(two_lines.ok());
  CHECK(two_lines.error().message.find("hunter2") == std::string::npos);
  CHECK_FALSE(ReadSecretFile(dir.Write("s", std::string("a\0b", 3))).ok());
}

TEST_CASE("a secret is read at each call") {
  const TempDir dir;
  const std::string path = dir.Write("s", "old");
  CHECK(*ReadSecretFile(path) == "old");
  dir.Write("s", "new");
  CHECK(*ReadSecretFile(path) == "new");
}

TEST_CASE("a secret is a regular file, and a pipe does not hang the reader") {
  const TempDir dir;
  const std::string pipe = dir / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(ReadSecretFile(pipe).error().message == "is not a regular file");
  CHECK(WhyUnreadable(pipe) == "is not a regular file");
  CHECK(WhyUnreadable(dir.Write("f", "")).empty());
}

TEST_CASE("a placeholder instead of a secret is named, never repeated") {
  for (const char* text : {"${SECRET}", "$(SECRET)", "<secret>", "\"abc\"",
                           "'abc'", "abc\xC2\xA0", "a\nb",
                           "\xFF\xFE"
                           "a"}) {
    CAPTURE(text);
    const std::string_view problem = SecretProblem(text);
    CHECK(problem.find("; write ") != problem.npos);
    CHECK(problem.find("abc") == problem.npos);
  }
  CHECK_FALSE(SecretProblem(std::string_view("a\0b\0", 4)).empty());
  for (const char* text :
       {"abc", "a$b{c}", "\"", "a\"b\"", "<", "$", "é", "Q8~x.-_${}"}) {
    CAPTURE(text);
    CHECK(SecretProblem(text).empty());
  }
}

TEST_CASE("a path is distinguished from a secret in its place") {
  for (const char* text : {"secrets/emea", "/run/secrets/emea.txt", "./a",
                           "secret.txt", "../x/client-secret"}) {
    CAPTURE(text);
    CHECK(LooksLikePath(text));
  }
  for (const char* text :
       {"", "hunter2", "abc8Q~Xy.z-_A1b2C3", "a/b8Q",
        "0123456789abcdef0123456789abcdef.x", "eyJhbGciOi.JIUzI1NiJ9.x"}) {
    CAPTURE(text);
    CHECK_FALSE(LooksLikePath(text));
  }
}

}  // namespace
}  // namespace operator_connect
