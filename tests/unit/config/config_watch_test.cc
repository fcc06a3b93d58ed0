#include "exporter/config/config_watch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

using Look = ConfigWatch::Look;

struct Scene {
  Scene() { watch.Loaded(MakeConfig()); }
  Config MakeConfig() const {
    Config config;
    config.accounts.resize(1);
    config.accounts[0].tls_config.ca_file = dir / "ca.pem";
    config.accounts[0].tls_config.key_file = dir / "key.pem";
    config.accounts[0].oauth2.emplace().client_certificate_file =
        dir / "cert.pem";
    config.accounts[0].oauth2->client_secret = Secret{"", dir / "secret"};
    return config;
  }

  const TempDir dir;
  const std::string path = dir.Write("exporter.yml", "one");
  ConfigWatch watch{path};
};

TEST_CASE("the content at the start needs no reload") {
  Scene scene;
  CHECK(scene.watch.LookAgain() == Look::kSame);
  // The same content with another time stamp, as after a swap of links.
  scene.dir.Write("exporter.yml", "one");
  CHECK(scene.watch.LookAgain() == Look::kSame);
}

TEST_CASE("a content that stays is reloaded once") {
  Scene scene;
  scene.dir.Write("exporter.yml", "two");
  CHECK(scene.watch.LookAgain() == Look::kChanging);
  CHECK(scene.watch.LookAgain() == Look::kChanged);
  scene.watch.BeginLoad();
  CHECK(scene.watch.IsUnchanged());
  CHECK(scene.watch.LookAgain() == Look::kSame);
}

TEST_CASE("a file that is being written is not reloaded") {
  Scene scene;
  for (const char* text : {"t", "tw", "two"}) {
    scene.dir.Write("exporter.yml", text);
    CHECK(scene.watch.LookAgain() == Look::kChanging);
  }
  scene.dir.Write("exporter.yml", "one");
  CHECK(scene.watch.LookAgain() == Look::kSame);
  scene.dir.Write("exporter.yml", "two");
  CHECK(scene.watch.LookAgain() == Look::kChanging);
}

TEST_CASE("a change during a load is seen") {
  Scene scene;
  scene.watch.BeginLoad();
  scene.dir.Write("exporter.yml", "two");
  CHECK_FALSE(scene.watch.IsUnchanged());
  scene.watch.Loaded(scene.MakeConfig());
  CHECK(scene.watch.LookAgain() == Look::kChanging);
  CHECK(scene.watch.LookAgain() == Look::kChanged);
}

TEST_CASE("named files are watched, unless they hold a secret") {
  Scene scene;
  for (const char* name : {"ca.pem", "cert.pem"}) {
    CAPTURE(name);
    scene.dir.Write(name, "new");
    CHECK(scene.watch.LookAgain() == Look::kChanging);
    CHECK(scene.watch.LookAgain() == Look::kChanged);
    scene.watch.BeginLoad();
  }
  for (const char* name : {"key.pem", "secret", "other"}) {
    CAPTURE(name);
    scene.dir.Write(name, "new");
    CHECK(scene.watch.LookAgain() == Look::kSame);
  }
}

TEST_CASE("a file that disappears or returns is a change") {
  Scene scene;
  std::filesystem::remove(scene.path);
  CHECK(scene.watch.LookAgain() == Look::kChanging);
  CHECK(scene.watch.LookAgain() == Look::kChanged);
  scene.watch.BeginLoad();
  CHECK(scene.watch.LookAgain() == Look::kSame);
  scene.dir.Write("exporter.yml", "one");
  CHECK(scene.watch.LookAgain() == Look::kChanging);
}

}  // namespace
}  // namespace operator_connect::config
