// libFuzzer: whatever parses prints as text that parses to the same tree; nothing crashes. Built by the fuzz preset.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "sql/parser.h"
#include "sql/printer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace garland;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sql::split_statements(text);
  sql::leading_comments(text);
  std::optional<sql::Statement> statement;
  try {
    statement = sql::parse_statement(text);
  } catch (const Error&) {
    return 0;
  }
  const std::string printed = sql::print(*statement);
  try {
    if (sql::parse_statement(printed) == *statement) return 0;
  } catch (const Error& error) {
    if (error.state() == kStatementTooComplex) return 0;  // printer.h says why
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::fprintf(stderr, "does not survive printing: %s\n", printed.c_str());
  std::abort();
}
