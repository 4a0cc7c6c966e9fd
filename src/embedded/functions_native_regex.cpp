// Regular expressions that DuckDB's engine (RE2) lacks: the Perl dialect (option 'p') with its look-around and
// back-references, and REGEXP_INSTR with a position, occurrence or option. Positions count characters from 1. Guide
// pages REGEXP_COUNT, REGEXP_INSTR, REGEXP_REPLACE, REGEXP_SUBSTR.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <memory>

#include "base/utf8.h"
#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

// A pattern that backtracks without end gives up: some seconds of work for one value.
constexpr uint32_t kMatchLimit = 5'000'000;
constexpr uint32_t kHeapLimitKb = 64 * 1024;

struct CodeDeleter {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct DataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct ContextDeleter {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

std::string message_of(int code) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

/// Byte offset of the character `position` (from 1; below 1 is 1); nothing behind the last one.
std::optional<size_t> offset_of(View text, int64_t position) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (starts_character(text[i]) && --position <= 0) return i;
  }
  return std::nullopt;
}

int32_t position_of(View text, size_t offset) {
  int32_t position = 1;
  for (size_t i = 0; i < offset; ++i) position += starts_character(text[i]);
  return position;
}

struct Match {
  size_t begin, end;              // of the whole match
  size_t group_begin, group_end;  // of the first group, or of the whole match where there is none
};

class Pattern {
 public:
  Pattern(View pattern, View options) : group_(options.find('e') != View::npos) {
    const bool fold = options.find('i') != View::npos;
    for (const char c : options) {
      if (View("ciep").find(c) == View::npos) {
        fail(kInvalidParameterValue, fmt::format("invalid option of a regular expression: '{}'", c));
      }
    }
    int error = 0;
    size_t at = 0;
    // POSIX's dot matches a newline, Perl's does not.
    const bool perl = options.find('p') != View::npos;
    const uint32_t flags =
        PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (perl ? 0u : PCRE2_DOTALL) | (fold ? PCRE2_CASELESS : 0u);
    code_.reset(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), flags, &error, &at, nullptr));
    if (!code_) fail(kInvalidParameterValue, "invalid regular expression: " + message_of(error));
    data_.reset(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
    context_.reset(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context_.get(), kMatchLimit);
    pcre2_set_heap_limit(context_.get(), kHeapLimitKb);
  }

  /// The first match at or behind the byte `from`.
  std::optional<Match> find(View text, size_t from, uint32_t flags = 0) const {
    const int count = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                                  flags | PCRE2_NO_UTF_CHECK, data_.get(), context_.get());
    if (count == PCRE2_ERROR_NOMATCH) return std::nullopt;
    if (count < 0) fail(kProgramLimitExceeded, "the regular expression gave up: " + message_of(count));
    const size_t* ends = pcre2_get_ovector_pointer(data_.get());
    const bool grouped = group_ && count > 1 && ends[2] != PCRE2_UNSET;
    return Match{ends[0], ends[1], ends[grouped ? 2 : 0], ends[grouped ? 3 : 1]};
  }

  /// Calls `take(match)` for one match after another until it returns false.
  template <class F>
  void each(View text, size_t from, F take) const {
    uint32_t flags = 0;
    while (from <= text.size()) {
      const std::optional<Match> match = find(text, from, flags);
      if (!match) {
        if (flags == 0) return;
        // Nothing but the empty match here: on with the next character.
        do ++from;
        while (from < text.size() && !starts_character(text[from]));
        flags = 0;
        continue;
      }
      if (!take(*match)) return;
      flags = match->begin == match->end ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0u;
      from = match->end;
    }
  }

  std::optional<Match> nth(View text, size_t from, int64_t occurrence) const {
    std::optional<Match> found;
    each(text, from, [&](const Match& match) {
      if (--occurrence == 0) found = match;
      return occurrence > 0;
    });
    return found;
  }

  std::string replace(View text, size_t from, View replacement) const {
    std::string out(text.substr(0, from));
    size_t copied = from;
    each(text, from, [&](const Match& match) {
      out += text.substr(copied, match.begin - copied);
      append_replacement(out, text, replacement);
      copied = match.end;
      return true;
    });
    return out.append(text.substr(copied));
  }

 private:
  /// `$n` and `\n` are groups, another character behind a backslash is itself.
  void append_replacement(std::string& out, View text, View replacement) const {
    const size_t* ends = pcre2_get_ovector_pointer(data_.get());
    const uint32_t groups = pcre2_get_ovector_count(data_.get());
    for (size_t i = 0; i < replacement.size(); ++i) {
      const char c = replacement[i];
      const bool more = i + 1 < replacement.size();
      if ((c == '$' || c == '\\') && more && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
        const auto group = static_cast<uint32_t>(replacement[++i] - '0');
        if (group < groups && ends[2 * group] != PCRE2_UNSET) {
          out += text.substr(ends[2 * group], ends[2 * group + 1] - ends[2 * group]);
        }
      } else {
        out += c == '\\' && more ? replacement[++i] : c;
      }
    }
  }

  bool group_;
  std::unique_ptr<pcre2_code, CodeDeleter> code_;
  std::unique_ptr<pcre2_match_data, DataDeleter> data_;
  std::unique_ptr<pcre2_match_context, ContextDeleter> context_;
};

/// The last pattern that this thread used: patterns are constants nearly always.
const Pattern& compiled(View pattern, View options) {
  thread_local std::string last_pattern, last_options;
  thread_local std::unique_ptr<Pattern> last;
  if (!last || last_pattern != pattern || last_options != options) {
    last = std::make_unique<Pattern>(pattern, options);
    last_pattern = pattern;
    last_options = options;
  }
  return *last;
}

int32_t count(View text, View pattern, int32_t position, View options) {
  int32_t found = 0;
  if (const auto from = offset_of(text, position)) {
    compiled(pattern, options).each(text, *from, [&](const Match&) { return ++found > 0; });
  }
  return found;
}

/// `behind`: the place after the match (option 1) instead of its first character's.
int32_t instr(View text, View pattern, int32_t position, int32_t occurrence, int32_t behind, View options) {
  const Pattern& expression = compiled(pattern, options);
  if (behind != 0 && behind != 1) fail(kInvalidParameterValue, "the option of REGEXP_INSTR must be 0 or 1");
  const auto from = offset_of(text, position);
  if (!from || occurrence < 1) return 0;
  const auto match = expression.nth(text, *from, occurrence);
  return match ? position_of(text, behind ? match->group_end : match->group_begin) : 0;
}

std::string replace(View text, View pattern, View replacement, int32_t position, View options) {
  const Pattern& expression = compiled(pattern, options);
  const auto from = offset_of(text, position);
  return from ? expression.replace(text, *from, replacement) : std::string(text);
}

/// NULL where the occurrence is below 1, an empty text where nothing is found (REGEXP_SUBSTR).
void substr(const engine::Batch& batch, duck::ResultWriter& out) {
  const auto text = [&batch](size_t column, size_t row) { return batch.columns[column].values<View>()[row]; };
  for (size_t row = 0; row < batch.rows; ++row) {
    if (any_null(batch, row)) continue;
    const View source = text(0, row);
    const Pattern& expression = compiled(text(1, row), text(4, row));
    const int32_t occurrence = batch.columns[3].values<int32_t>()[row];
    const auto from = offset_of(source, batch.columns[2].values<int32_t>()[row]);
    if (occurrence < 1) {
      out.set_null(row);
      continue;
    }
    const auto match = from ? expression.nth(source, *from, occurrence) : std::nullopt;
    out.set_string(row, match ? source.substr(match->group_begin, match->group_end - match->group_begin) : View());
  }
}

}  // namespace

std::vector<Overloads> regex_natives() {
  return {
      {function<View, View, int32_t, View>("g_regex_count", kInteger, {kText, kText, kInteger, kText}, count)},
      {function<View, View, int32_t, int32_t, int32_t, View>(
          "g_regex_instr", kInteger, {kText, kText, kInteger, kInteger, kInteger, kText}, instr)},
      {function<View, View, View, int32_t, View>("g_regex_replace", kText, {kText, kText, kText, kInteger, kText},
                                                 replace)},
      {{.name = "g_regex_substr",
        .arguments = {kText, kText, kInteger, kInteger, kText},
        .result = kText,
        .call = substr}},
  };
}

}  // namespace garland::embedded
