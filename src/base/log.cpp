#include "base/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <atomic>
#include <ctime>
#include <iterator>

namespace garland {

namespace {

using Out = spdlog::memory_buf_t;

std::atomic<bool> configured{false};
thread_local LogOwner owner;
thread_local const std::initializer_list<LogField>* own_fields = nullptr;

void append(Out& out, std::string_view text) { out.append(text.data(), text.data() + text.size()); }

/// RFC 8259, section 7. Bytes that are no UTF-8 never get here: users' names are checked, the rest is ours or the
/// system's.
void append_quoted(Out& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void append_value(Out& out, const LogField& field, bool quoted) {
  if (const auto* number = std::get_if<int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *number);
  } else if (const auto* fraction = std::get_if<double>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{:.3f}", *fraction);
  } else {
    const std::string_view text = std::get<std::string_view>(field.value);
    quoted || text.find_first_of(" \"\\\n") != std::string_view::npos ? append_quoted(out, text) : append(out, text);
  }
}

template <class Each>
void for_each_field(Each each) {
  for (const LogField& field :
       {LogField{"connection", owner.connection}, LogField{"session", owner.session}, LogField{"query", owner.query}}) {
    if (std::get<int64_t>(field.value) != 0) each(field);
  }
  if (!own_fields) return;
  for (const LogField& field : *own_fields) each(field);
}

class LineFormatter : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, Out& out) override {
    format_ == LogFormat::kJson ? write_json(message, out) : write_text(message, out);
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(format_); }

 private:
  static void append_time(Out& out, const spdlog::details::log_msg& message, const char* form, int digits) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch()).count();
    const std::tm calendar = fmt::gmtime(static_cast<std::time_t>(micros / 1'000'000));
    fmt::format_to(std::back_inserter(out), fmt::runtime(form), calendar);
    const auto fraction = micros % 1'000'000;
    fmt::format_to(std::back_inserter(out), ".{:0{}}", digits == 3 ? fraction / 1000 : fraction, digits);
  }

  static void write_json(const spdlog::details::log_msg& message, Out& out) {
    append(out, R"({"time":")");
    append_time(out, message, "{:%Y-%m-%dT%H:%M:%S}", 6);
    append(out, R"(Z","level":")");
    const auto level = spdlog::level::to_string_view(message.level);
    append(out, {level.data(), level.size()});
    append(out, R"(","message":)");
    append_quoted(out, {message.payload.data(), message.payload.size()});
    for_each_field([&](const LogField& field) {
      fmt::format_to(std::back_inserter(out), ",\"{}\":", field.name);
      append_value(out, field, true);
    });
    append(out, "}\n");
  }

  static void write_text(const spdlog::details::log_msg& message, Out& out) {
    append_time(out, message, "{:%Y-%m-%d %H:%M:%S}", 3);
    out.push_back(' ');
    message.color_range_start = out.size();
    const auto level = spdlog::level::to_string_view(message.level);
    append(out, {level.data(), level.size()});
    message.color_range_end = out.size();
    out.push_back(' ');
    append(out, {message.payload.data(), message.payload.size()});
    for_each_field([&](const LogField& field) {
      fmt::format_to(std::back_inserter(out), " {}=", field.name);
      append_value(out, field, false);
    });
    out.push_back('\n');
  }

  LogFormat format_;
};

}  // namespace

void configure_logging(LogFormat format, spdlog::level::level_enum level) {
  auto logger = std::make_shared<spdlog::logger>("garland", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(level);
  logger->set_formatter(std::make_unique<LineFormatter>(format));
  spdlog::set_default_logger(std::move(logger));
  configured = true;
}

LogScope::LogScope(const LogOwner& inner) : before_(owner) {
  if (inner.connection != 0) owner.connection = inner.connection;
  if (inner.session != 0) owner.session = inner.session;
  if (inner.query != 0) owner.query = inner.query;
}

LogScope::~LogScope() { owner = before_; }

void LogScope::set_query(int64_t query) { owner.query = query; }

void log_event(spdlog::level::level_enum level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!configured || !spdlog::should_log(level)) return;
  own_fields = &fields;
  spdlog::default_logger_raw()->log(level, spdlog::string_view_t(message.data(), message.size()));
  own_fields = nullptr;
}

}  // namespace garland
