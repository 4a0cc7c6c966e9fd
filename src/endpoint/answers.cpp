#include "endpoint/answers.h"

#include "base/utf8.h"
#include "endpoint/message.h"

namespace garland::endpoint {

void append_error(std::string& out, const Error& error, std::string_view severity, std::string_view text) {
  MessageWriter message(out);
  const bool notice = severity != "ERROR" && severity != "FATAL";
  message.begin(notice ? 'N' : 'E');
  const auto field = [&](char code, std::string_view value) {
    if (value.empty()) return;
    message.byte(code);
    message.text(value);
  };
  field('S', severity);
  field('C', error.state().text());
  field('M', error.message());
  field('D', error.detail());
  field('H', error.hint());
  if (error.position() && *error.position() <= text.size()) {
    const std::string_view before = text.substr(0, *error.position());
    field('P', std::to_string(count_characters(before) + 1));
  }
  message.byte('\0');
  message.end();
}

void append_notice(std::string& out, const engine::Notice& notice) {
  MessageWriter message(out);
  message.begin('N');
  message.byte('S');
  message.text(notice.severity);
  message.byte('C');
  message.text(notice.sqlstate);
  message.byte('M');
  message.text(notice.message);
  message.byte('\0');
  message.end();
}

void append_row_description(std::string& out, const std::vector<engine::ResultColumn>& columns,
                            const std::vector<Format>& formats, std::string_view database, int protocol_version) {
  MessageWriter message(out);
  message.begin('T');
  message.int16(static_cast<int16_t>(columns.size()));
  for (size_t i = 0; i < columns.size(); ++i) {
    const engine::ResultColumn& column = columns[i];
    message.text(column.name);
    const engine::ColumnOrigin origin = column.origin ? *column.origin : engine::ColumnOrigin{};
    message.int32(static_cast<int32_t>(origin.relation));
    message.int16(origin.number);
    message.int32(static_cast<int32_t>(engine::oid(column.type)));
    message.int16(engine::typlen(column.type));
    message.int32(engine::typmod(column.type));
    message.int16(static_cast<int16_t>(formats[i]));
    if (protocol_version < 1) continue;
    message.text(origin.schema);
    message.text(origin.table);
    message.text(origin.column);
    message.text(column.origin ? database : "");
    message.int16(origin.not_null ? 1 : 0);  // bit 0: NOT NULL, as the JDBC driver reads it
  }
  message.end();
}

void append_parameter_status(std::string& out, std::string_view name, std::string_view value) {
  MessageWriter message(out);
  message.begin('S');
  message.text(name);
  message.text(value);
  message.end();
}

void append_command_complete(std::string& out, std::string_view tag) {
  MessageWriter message(out);
  message.begin('C');
  message.text(tag);
  message.end();
}

}  // namespace garland::endpoint
