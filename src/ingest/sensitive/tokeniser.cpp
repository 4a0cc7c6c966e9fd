#include "ingest/sensitive/tokeniser.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "engine/text.h"
#include "ingest/sensitive/cards.h"

namespace garland::ingest {
namespace {

using engine::TypeId;

constexpr size_t kRecent = 1024;      // a power of two
constexpr size_t kRecentBytes = 256;  // longer originals are rare and are not remembered

std::string_view text_at(const engine::Batch& batch, size_t row, size_t column) {
  return batch.columns[column].values<std::string_view>()[row];
}

bool is_masked(const ColumnPlan& column) {
  if (column.sensitive) return column.sensitive->pii == PiiClass::kFreeText;
  return column.type.id == TypeId::kSuper;
}

using Token = std::array<char, kTokenBytes>;

Token token_of_normal(net::KeyedHash& hash, PiiClass pii, std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto digest = hash.of({pii_class_name(pii), std::string_view("\0", 1), text});
  Token token;
  for (size_t i = 0; i < token.size(); i += 2) {
    token[i] = kDigits[digest[i / 2] >> 4];
    token[i + 1] = kDigits[digest[i / 2] & 15];
  }
  return token;
}

}  // namespace

std::string token_of(PiiClass pii, std::string_view original, std::string_view country, std::string_view token_key) {
  Normal normal;
  normalise(pii, original, country, normal);
  net::KeyedHash hash(token_key);
  const Token token = token_of_normal(hash, pii, normal.text);
  return {token.data(), token.size()};
}

struct Tokeniser::Made {
  std::string original, country;
  Normal normal;
  Token token;
  bool there = false;
  std::string_view token_text() const { return {token.data(), token.size()}; }
};

struct Tokeniser::Output {
  bool derived;
  size_t index;  // of derived_, or of the batch's columns
};

bool refuses_cards(const ColumnPlan& column) {
  const bool number =
      column.type.id == TypeId::kBigint || (column.type.id == TypeId::kDecimal && column.type.scale == 0);
  return !column.sensitive && (column.type.is_string() || number);
}

Tokeniser::Tokeniser(std::vector<ColumnPlan> columns, std::optional<size_t> subject, std::string_view token_key)
    : columns_(std::move(columns)), subject_(subject), derived_first_(columns_.size()) {
  std::vector<engine::Type> derived;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const bool tokenised = columns_[i].sensitive && is_tokenised(columns_[i].sensitive->pii);
    derived_first_[i] = derived.size();
    if (!tokenised && !is_masked(columns_[i])) {
      outputs_.push_back({false, i});
      continue;
    }
    (tokenised ? tokenised_ : masked_).push_back(i);
    for (const StoredColumn& stored : stored_columns(columns_[i])) {
      outputs_.push_back({true, derived.size()});
      derived.push_back(stored.type);
    }
  }
  derived_ = std::make_unique<engine::BatchBuilder>(std::move(derived));
  recent_.resize(tokenised_.size());
  for (std::vector<Made>& recent : recent_) recent.resize(kRecent);
  row_.resize(tokenised_.size());
  if (!tokenised_.empty()) hash_.emplace(token_key);
  for (const size_t column : tokenised_) {
    auto& country = country_.emplace_back();
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].name == columns_[column].sensitive->country_from) country = i;
    }
  }
}

Tokeniser::~Tokeniser() = default;

void Tokeniser::make(PiiClass pii, std::string_view original, std::string_view country, Made& out) {
  out.original = original;
  out.country = country;
  normalise(pii, original, country, out.normal);
  out.token = token_of_normal(*hash_, pii, out.normal.text);
  out.there = true;
}

/// `at`: its place in tokenised_.
const Tokeniser::Made& Tokeniser::made_of(size_t at, std::string_view original, std::string_view country) {
  const size_t slot =
      original.size() > kRecentBytes ? 0 : XXH3_64bits(original.data(), original.size()) & (kRecent - 1);
  Made& recent = recent_[at][slot];
  if (!recent.there || recent.original != original || recent.country != country) {
    make(columns_[tokenised_[at]].sensitive->pii, original, country, recent);
  }
  return recent;
}

/// `at`: the column's place in tokenised_.
std::string_view Tokeniser::country_of(const engine::Batch& batch, size_t row, size_t at) const {
  const std::string_view otherwise = columns_[tokenised_[at]].sensitive->country;
  if (!country_[at] || batch.columns[*country_[at]].is_null(row)) return otherwise;
  const std::string_view country = text_at(batch, row, *country_[at]);
  return country.size() == 2 ? country : otherwise;
}

void Tokeniser::set_made(size_t first, const Made& made, PiiClass pii) {
  if (made.normal.text.empty()) return;  // blanks only: as NULL
  derived_->set_string(first++, made.token_text());
  for (const FactColumn& fact : facts_of(pii)) {
    const size_t at = first++;
    switch (fact.fact) {
      case Fact::kValid:
        derived_->set<uint8_t>(at, made.normal.valid);
        break;
      case Fact::kIsTest:
        derived_->set<uint8_t>(at, made.normal.is_test);
        break;
      case Fact::kDomain:
      case Fact::kArea:
        if (!made.normal.part.empty()) derived_->set_string(at, made.normal.part);
        break;
    }
  }
}

/// Whose originals these are: the customer's id, else the first e-mail's token.
void Tokeniser::keep_row(const engine::Batch& batch, size_t row, OriginalWriter& vault) {
  subject_text_.clear();
  const auto say = [&](PiiClass pii, const Made& made) { set_token_subject(pii, made.token_text(), subject_text_); };
  const Made* email = nullptr;
  for (size_t at = 0; at < tokenised_.size(); ++at) {
    const PiiClass pii = columns_[tokenised_[at]].sensitive->pii;
    if (row_[at] && tokenised_[at] == subject_) say(pii, *row_[at]);
    if (row_[at] && pii == PiiClass::kEmail && !email) email = row_[at];
  }
  if (subject_text_.empty() && subject_ && !batch.columns[*subject_].is_null(row)) {
    if (!(columns_[*subject_].sensitive && is_tokenised(columns_[*subject_].sensitive->pii))) {
      engine::append_text(subject_text_, batch.columns[*subject_], row);
      subject_text_ = customer_subject(subject_text_);
    }
  }
  if (subject_text_.empty() && email) say(PiiClass::kEmail, *email);
  const bool own = subject_text_.empty();
  for (size_t at = 0; at < tokenised_.size(); ++at) {
    const PiiClass pii = columns_[tokenised_[at]].sensitive->pii;
    if (!row_[at] || pii == PiiClass::kPan) continue;
    if (own) say(pii, *row_[at]);
    vault.keep(subject_text_, pii, row_[at]->token_text(), row_[at]->original);
  }
}

void Tokeniser::tokenise_row(const engine::Batch& batch, size_t row, OriginalWriter* vault) {
  bool any = false;
  for (size_t at = 0; at < tokenised_.size(); ++at) {
    const size_t column = tokenised_[at];
    row_[at] = nullptr;
    if (batch.columns[column].is_null(row)) continue;
    const ColumnClass& sensitive = *columns_[column].sensitive;
    const Made& made = made_of(at, text_at(batch, row, column), country_of(batch, row, at));
    set_made(derived_first_[column], made, sensitive.pii);
    if (made.normal.text.empty()) continue;
    row_[at] = &made;
    any = true;
  }
  if (any && vault) keep_row(batch, row, *vault);
}

void Tokeniser::mask(const engine::Batch& batch, size_t row, size_t column) {
  if (batch.columns[column].is_null(row)) return;
  const std::string_view text = text_at(batch, row, column);
  const bool card = find_card(text, 0, CardSearch::kLoose).has_value();
  const bool email = columns_[column].sensitive.has_value() && text.find('@') != std::string_view::npos;
  if (!card && !email) return derived_->set_borrowed(derived_first_[column], text);
  masked_text_ = text;
  if (card && columns_[column].type.id == TypeId::kSuper) {
    mask_cards_in_json(masked_text_);
  } else if (card) {
    mask_cards(masked_text_);
  }
  if (email) mask_emails(masked_text_);
  derived_->set_string(derived_first_[column], masked_text_);
}

const engine::Batch& Tokeniser::apply(const engine::Batch& batch, OriginalWriter* vault) {
  if (tokenised_.empty() && masked_.empty()) return batch;
  derived_->clear();
  for (size_t row = 0; row < batch.rows; ++row) {
    tokenise_row(batch, row, vault);
    for (const size_t column : masked_) mask(batch, row, column);
    derived_->end_row();
  }
  const engine::Batch& derived = derived_->batch();
  stored_.rows = batch.rows;
  stored_.columns.clear();
  for (const Output& output : outputs_) {
    stored_.columns.push_back(output.derived ? derived.columns[output.index] : batch.columns[output.index]);
  }
  return stored_;
}

std::optional<size_t> Tokeniser::unexpected_card(const engine::Batch& batch, size_t row) const {
  std::string text;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!refuses_cards(columns_[i]) || batch.columns[i].is_null(row)) continue;
    std::string_view value;
    if (columns_[i].type.is_string()) {
      value = text_at(batch, row, i);
    } else {
      text.clear();
      engine::append_text(text, batch.columns[i], row);
      value = text;
    }
    if (find_card(value, 0, CardSearch::kStrict)) return i;
  }
  return std::nullopt;
}

}  // namespace garland::ingest
