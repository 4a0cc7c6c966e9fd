// A warehouse on the embedded engine, in a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include "embedded/embedded.h"
#include "ingest/folder.h"

namespace garland::ingest {

using Rows = std::vector<std::string>;

class WarehouseTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override { close(); }
  void open() {
    embedded::Options options;
    options.data_folder = store_.path();
    engine_ = embedded::open(options);
    session_ = engine_->open_session({"admin", "dev", "ingest_tests"});
  }
  void close() {
    session_.reset();
    engine_.reset();
  }
  /// Values of a row with | between them.
  Rows query(const std::string& sql) {
    Rows out;
    for (const engine::TextRow& row : engine::query_text(*session_, sql)) {
      std::string text;
      for (size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "|") + row[i].value_or("NULL");
      out.push_back(text);
    }
    return out;
  }

  Folder store_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Session> session_;
};

}  // namespace garland::ingest
