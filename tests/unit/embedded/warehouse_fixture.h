// A warehouse in a folder of its own, for tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/error.h"
#include "embedded/engine.h"
#include "engine/engine.h"

namespace garland::embedded {

class WarehouseTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "." + info->name();
    std::replace(name.begin(), name.end(), '/', '_');
    folder_ = std::filesystem::temp_directory_path() / ("garland-" + std::to_string(getpid()) + "-" + name);
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    reopen();
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  Options options() const {
    Options options;
    options.data_folder = folder_ / "data";
    options.copy_folders = {folder_};
    options.threads = 2;
    options.memory_limit_bytes = 512 << 20;
    return options;
  }
  void reopen() {
    engine_.reset();
    engine_ = std::make_unique<EmbeddedEngine>(options());
  }
  std::unique_ptr<engine::Session> session(const std::string& user = "admin") {
    return engine_->open_session({user, "dev", ""});
  }
  std::filesystem::path file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  std::filesystem::path folder_;
  std::unique_ptr<EmbeddedEngine> engine_;
};

/// Rows as "a|b;c|d", NULL as "-".
inline std::string rows(engine::Session& session, std::string_view sql,
                        std::span<const engine::ParameterValue> values = {}) {
  std::string out;
  for (const auto& row : engine::query_text(session, sql, values)) {
    if (!out.empty()) out += ";";
    for (size_t i = 0; i < row.size(); ++i) out += (i ? "|" : "") + row[i].value_or("-");
  }
  return out;
}

/// The SQLSTATE that the statement fails with, or "" when it does not fail.
inline std::string fails(engine::Session& session, std::string_view sql,
                         std::span<const engine::ParameterValue> values = {}) {
  try {
    engine::run(session, sql, values);
    return "";
  } catch (const Error& error) {
    return std::string(error.state().text());
  }
}

inline std::string tag(engine::Session& session, std::string_view sql) {
  auto cursor = session.prepare(sql)->execute();
  while (cursor->fetch()) {
  }
  return cursor->command_tag();
}

}  // namespace garland::embedded
