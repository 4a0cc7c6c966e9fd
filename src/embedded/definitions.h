// Statements that define what is no relation: schemas' changes, databases, comments, SQL functions. In the context's
// transaction, which must have started and hold the locks that locks_of() names.
#pragma once

#include "embedded/ddl.h"

namespace garland::embedded {

/// Whether a statement that names no relation changes the catalog.
bool defines(const sql::Statement& statement);
/// Throws 42704 for an unknown user; the object's grants stay.
void change_owner(Context& context, const ObjectKey& object, const sql::Name& owner);
Outcome alter_schema(Context& context, const sql::AlterSchema& statement);
/// Databases other than the session's are kept in the catalog; nothing can be read from there.
Outcome create_database(Context& context, const sql::CreateDatabase& statement);
Outcome alter_database(Context& context, const sql::AlterDatabase& statement);
Outcome drop_database(Context& context, const sql::Drop& statement);
/// `relation` 0: the comment is about a database.
Outcome comment(Context& context, const sql::CommentOn& statement, Oid relation);
Outcome create_function(Context& context, const semantics::BoundFunction& statement);
Outcome change_function(Context& context, const semantics::BoundChangeFunction& statement);

}  // namespace garland::embedded
