// Messages to the client: errors, notices, what a result's columns are (PostgreSQL documentation, "Message Formats";
// AWS driver sources for what Redshift adds).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "endpoint/values.h"
#include "engine/engine.h"

namespace garland::endpoint {

/// ErrorResponse ('E') or, with severity NOTICE and the like, NoticeResponse ('N'). `text`: what the error's position
/// counts in.
void append_error(std::string& out, const Error& error, std::string_view severity, std::string_view text);
void append_notice(std::string& out, const engine::Notice& notice);

/// RowDescription. From protocol version 1 on Redshift's drivers want to know the database, schema, table and column
/// that a column comes from, and whether it may be NULL.
void append_row_description(std::string& out, const std::vector<engine::ResultColumn>& columns,
                            const std::vector<Format>& formats, std::string_view database, int protocol_version);

void append_parameter_status(std::string& out, std::string_view name, std::string_view value);
void append_command_complete(std::string& out, std::string_view tag);

}  // namespace garland::endpoint
