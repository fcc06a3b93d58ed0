#include "tests/simulator/static_site.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/simulator/platform.h"

namespace operator_connect::simulator {

namespace {

namespace fs = std::filesystem;

void WriteFile(const fs::path& path, const BodySource& body) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  body([&](std::string_view piece) {
    file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    return true;
  });
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

class Site {
 public:
  Site(Platform& platform, fs::path folder, std::size_t page_size)
      : platform_(platform.impl()),
        folder_(std::move(folder)),
        page_size_(page_size),
        token_(platform.IssueToken()) {}

  void Write() {
    WriteFile(folder_ / "token.json",
              TextBody(R"({"token_type":"Bearer","expires_in":3599,)"
                       R"("ext_expires_in":3599,"access_token":")" +
                       token_ + "\"}"));
    WriteLeads();
    WriteNumbers();
    WriteAllNumbers();
    WriteFile(folder_ / "urls.txt", TextBody(urls_));
  }

 private:
  HttpRequest Get(std::map<std::string, std::string> query) const {
    HttpRequest request;
    request.method = "GET";
    request.headers["authorization"] = "Bearer " + token_;
    request.query = std::move(query);
    return request;
  }
  HttpRequest GetPage(std::size_t page, std::size_t size) const {
    return Get({{"PageNumber", std::to_string(page)},
                {"PageSize", std::to_string(size)}});
  }

  void WriteLeads() {
    const std::size_t count = platform_.estate.Snapshot()->leads.size();
    for (std::size_t page = 1;
         page <= (count + page_size_ - 1) / page_size_ + 1; ++page) {
      const std::string number = std::to_string(page);
      WriteFile(folder_ / "leads" / (number + ".json"),
                platform_.Leads(GetPage(page, page_size_), nullptr).body);
      urls_ += "/tenantui/api/v2/oc/lead?PageNumber=" + number +
               "&PageSize=" + std::to_string(page_size_) + "\n";
    }
  }

  void WriteNumbers() {
    for (const std::string& tenant :
         AskedTenants(*platform_.estate.Snapshot(), {})) {
      WriteFile(
          folder_ / "numbers" / (tenant + ".json"),
          platform_.NumbersV2(Get({{"msTenantId", tenant}}), nullptr).body);
      urls_ += "/tenantui/api/v2/oc/numbers?msTenantId=" + tenant + "\n";
    }
  }

  void WriteAllNumbers() {
    constexpr std::size_t kSize = 5000;
    std::size_t total = 0;
    const EstateSnapshot data = platform_.estate.Snapshot();
    for (const auto& entry : data->numbers) {
      total += entry.second.size();
    }
    for (std::size_t page = 1; page == 1 || (page - 1) * kSize < total;
         ++page) {
      WriteFile(folder_ / "v3" / (std::to_string(page) + ".json"),
                platform_.NumbersV3(GetPage(page, kSize), nullptr).body);
    }
  }

  Platform::Impl& platform_;
  const fs::path folder_;
  const std::size_t page_size_;
  const std::string token_;
  std::string urls_;
};

}  // namespace

void WriteStaticSite(Platform& platform, const std::string& folder,
                     std::size_t page_size) {
  // Pages count from 1, whatever the account's setting.
  platform.Configure([](PlatformOptions& options) { options.first_page = 1; });
  Site(platform, folder, page_size).Write();
}

}  // namespace operator_connect::simulator
