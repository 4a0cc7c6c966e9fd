#include "ingest/postgres/change_fold.h"

#include <algorithm>

#include "ingest/files/content_hash.h"

namespace garland::ingest::postgres {
namespace {

/// The row with the values that the change left out taken from the row before it; none when that is not known.
std::optional<RowImage> resolve(const RowImage& after, const RowImage* before) {
  const std::vector<Field> fields = after.fields();
  const auto left_out = [](const Field& field) { return field.state == FieldState::kUnchanged; };
  if (std::ranges::none_of(fields, left_out)) return after;
  if (!before) return std::nullopt;
  const std::vector<Field> old = before->fields();
  RowImage whole;
  for (size_t i = 0; i < fields.size(); ++i) whole.add(left_out(fields[i]) ? old[i] : fields[i]);
  return whole;
}

}  // namespace

std::string ChangeFold::key_of(const RowImage& image) const {
  const std::vector<Field> fields = image.fields();
  std::string text;
  if (!keyless()) {
    RowImage key;
    for (const size_t column : key_) key.add(fields[column]);
    return key.text();
  }
  // Without its NULLs, so that a row keeps its hash when the table gets another column.
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].state != FieldState::kValue) continue;
    text += names_[i];
    text += '\0';
    text += std::to_string(fields[i].bytes.size());
    text += ':';
    text += fields[i].bytes;
  }
  return content_hash(text);
}

std::set<std::string> ChangeFold::wanted(const std::vector<RowChange>& changes,
                                         const std::vector<RowImage>& images) const {
  std::set<std::string> keys;
  for (const RowChange& change : changes) {
    if (change.op == Op::kInsert) continue;
    const auto& image = change.before ? change.before : change.after;
    if (image) keys.insert(key_of(images[*image]));
  }
  return keys;
}

void ChangeFold::add_current(RowImage image, bool stale) {
  CurrentRow& row = rows_[key_of(image)];
  ++row.count;
  row.stale = stale;
  row.image = std::move(image);
}

Outcome ChangeFold::apply(const RowChange& change, const std::vector<RowImage>& images) {
  const RowImage* before = change.before ? &images[*change.before] : nullptr;
  const RowImage* after = change.after ? &images[*change.after] : nullptr;
  if (change.faulty) {
    if (!after || change.op == Op::kInsert) return {};
    const std::string new_key = key_of(*after);
    return spoil(change, before ? key_of(*before) : new_key, new_key);
  }
  switch (change.op) {
    case Op::kInsert:
      return insert(change, *after);
    case Op::kUpdate:
      return update(change, before, *after);
    case Op::kDelete:
      return remove(change, *before);
  }
  return {};
}

Outcome ChangeFold::insert(const RowChange& change, const RowImage& after) {
  after_ = after;
  CurrentRow& row = rows_[key_of(after_)];
  row.count = keyless() ? row.count + 1 : 1;
  row.stale = false;
  row.image = after_;
  row.place = change.place;
  return {nullptr, &after_, false};
}

void ChangeFold::take_one(CurrentRow& row) {
  if (row.count > 0) --row.count;
}

Outcome ChangeFold::update(const RowChange& change, const RowImage* sent, const RowImage& after) {
  const std::string old_key = key_of(sent ? *sent : after);
  CurrentRow& old = rows_[old_key];
  const bool known = old.count > 0 && !old.stale;
  const bool sent_whole = sent && !change.before_is_key;
  const RowImage* base = sent_whole ? sent : known ? &old.image : nullptr;
  auto whole = resolve(after, base);
  if (!whole) {
    spoil(change, old_key, key_of(after));
    return {nullptr, nullptr, true};
  }
  const RowImage* shown = sent_whole ? sent : old.count > 0 ? &old.image : sent;
  before_ = shown ? *shown : RowImage();
  after_ = std::move(*whole);
  take_one(old);
  CurrentRow& now = rows_[key_of(after_)];
  now.count = keyless() ? now.count + 1 : 1;
  now.stale = false;
  now.image = after_;
  now.place = change.place;
  return {shown ? &before_ : nullptr, &after_, false};
}

Outcome ChangeFold::remove(const RowChange& change, const RowImage& sent) {
  CurrentRow& row = rows_[key_of(sent)];
  const RowImage* shown = change.before_is_key && row.count > 0 ? &row.image : &sent;
  before_ = *shown;
  take_one(row);
  return {&before_, nullptr, false};
}

/// The new row was rejected: the old one stays, marked; under another key it is gone.
Outcome ChangeFold::spoil(const RowChange& change, const std::string& old_key, const std::string& new_key) {
  CurrentRow& row = rows_[old_key];
  if (old_key != new_key) {
    take_one(row);
  } else if (row.count > 0) {
    row.stale = true;
    row.place = change.place;
  }
  return {};
}

}  // namespace garland::ingest::postgres
