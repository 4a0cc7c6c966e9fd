// Batches on their way to a raw table: sensitive columns become tokens and facts, free text and SUPER lose their card
// numbers. Knows no kind of source: a batch goes in with the columns that the source sends and comes out with those of
// stored_columns().
//
// A token is the first half of HMAC-SHA-256(token key, class, 0, normal form), in hexadecimal: equal normal forms of
// one class give equal tokens from every source, and nobody without the key can try values.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/batch.h"
#include "ingest/sensitive/columns.h"
#include "ingest/sensitive/vault.h"
#include "net/keyed_hash.h"

namespace garland::ingest {

/// One value's token. Of text that is blank: that of the empty text, which stands nowhere.
std::string token_of(PiiClass pii, std::string_view original, std::string_view country, std::string_view token_key);

/// Used by one thread at a time.
class Tokeniser {
 public:
  /// `subject`: the column of the shop's customer id. Where there is none, or it is NULL, an original belongs to the
  /// row's first e-mail's token, and without an e-mail to its own token.
  Tokeniser(std::vector<ColumnPlan> columns, std::optional<size_t> subject, std::string_view token_key);
  ~Tokeniser();

  /// The batch as it is stored; valid until the next call, and no longer than `batch`. Originals of tokens go to the
  /// vault; nullptr: they have been there.
  const engine::Batch& apply(const engine::Batch& batch, OriginalWriter* vault);

  /// The column of the row that holds a card number and should hold none: text and whole numbers without a class. Such
  /// a row is for rejects, not for apply(). Not needed where the text was looked at before (refuses_cards(),
  /// find_card()).
  std::optional<size_t> unexpected_card(const engine::Batch& batch, size_t row) const;

 private:
  struct Made;    // of one original
  struct Output;  // where a column's values come from
  const Made& made_of(size_t column, std::string_view original, std::string_view country);
  void make(PiiClass pii, std::string_view original, std::string_view country, Made& out);
  void tokenise_row(const engine::Batch& batch, size_t row, OriginalWriter* vault);
  void keep_row(const engine::Batch& batch, size_t row, OriginalWriter& vault);
  void mask(const engine::Batch& batch, size_t row, size_t column);
  void set_made(size_t first, const Made& made, PiiClass pii);
  std::string_view country_of(const engine::Batch& batch, size_t row, size_t at) const;

  const std::vector<ColumnPlan> columns_;
  const std::optional<size_t> subject_;
  std::optional<net::KeyedHash> hash_;  // where there is something to hash
  std::vector<Output> outputs_;
  std::vector<std::optional<size_t>> country_;  // by place in tokenised_: the column that says it
  std::vector<size_t> tokenised_, masked_;      // columns
  std::vector<size_t> derived_first_;           // by column: its first one in derived_
  std::unique_ptr<engine::BatchBuilder> derived_;
  engine::Batch stored_;
  std::vector<std::vector<Made>> recent_;  // by column: originals seen lately, so that a customer's lines cost one hash
  std::vector<const Made*> row_;           // by place in tokenised_; nullptr: NULL
  std::string subject_text_, masked_text_;
};

/// Whether card numbers are sought in the column in order to refuse them.
bool refuses_cards(const ColumnPlan& column);

inline constexpr std::string_view kUnexpectedCard = "holds a card number, which is kept out of this column";

}  // namespace garland::ingest
