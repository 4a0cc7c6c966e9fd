// What views are made of, for pg_rewrite and pg_depend (PostgreSQL 8.0, "System Catalogs").
#include <algorithm>

#include "embedded/context.h"
#include "embedded/system_lists.h"

namespace garland::embedded {
namespace {

/// Rules have no oids of their own: the view's makes one that no relation has.
int64_t rule_oid(Oid view) { return static_cast<int64_t>(view) + (int64_t{1} << 32); }

bool has_rule(const CatalogSnapshot& snapshot, const StoredRelation& stored) {
  if (stored.relation.kind == semantics::RelationKind::kView) return true;
  return snapshot.objects().detail(stored.relation.oid).view.has_value();
}

/// The relation as a whole is said only where none of its columns is.
bool is_implied(const StoredRelation& view, const Dependency& whole) {
  return whole.column == 0 && std::ranges::any_of(view.uses, [&](const Dependency& other) {
           return other.relation == whole.relation && other.column != 0;
         });
}

}  // namespace

void fill_view_uses(Context& context, SystemRows& rows) {
  const auto catalog = context.catalog();
  for (const auto& [oid, stored] : catalog->snapshot().relations()) {
    if (!has_rule(catalog->snapshot(), *stored)) continue;
    rows.number(rule_oid(oid)).number(oid).number(oid).number(0).text("i");
    for (const Dependency& use : stored->uses) {
      if (is_implied(*stored, use)) continue;
      rows.number(rule_oid(oid)).number(oid).number(use.relation).number(use.column).text("n");
    }
  }
}

}  // namespace garland::embedded
