#include "sql/statement_name.h"

namespace garland::sql {
namespace {

std::string_view name_of(const Query&) { return "SELECT"; }
std::string_view name_of(const Insert&) { return "INSERT"; }
std::string_view name_of(const Update&) { return "UPDATE"; }
std::string_view name_of(const Delete&) { return "DELETE"; }
std::string_view name_of(const Merge&) { return "MERGE"; }
std::string_view name_of(const Copy&) { return "COPY"; }
std::string_view name_of(const Unload&) { return "UNLOAD"; }
std::string_view name_of(const CreateTable&) { return "CREATE TABLE"; }
std::string_view name_of(const CreateTableAs&) { return "CREATE TABLE AS"; }
std::string_view name_of(const CreateView&) { return "CREATE VIEW"; }
std::string_view name_of(const CreateSchema&) { return "CREATE SCHEMA"; }
std::string_view name_of(const Truncate&) { return "TRUNCATE"; }
std::string_view name_of(const Begin&) { return "BEGIN"; }
std::string_view name_of(const Commit&) { return "COMMIT"; }
std::string_view name_of(const Rollback&) { return "ROLLBACK"; }
std::string_view name_of(const Set&) { return "SET"; }
std::string_view name_of(const Reset&) { return "RESET"; }
std::string_view name_of(const Show&) { return "SHOW"; }
std::string_view name_of(const AlterSchema&) { return "ALTER SCHEMA"; }
std::string_view name_of(const CreateDatabase&) { return "CREATE DATABASE"; }
std::string_view name_of(const AlterDatabase&) { return "ALTER DATABASE"; }
std::string_view name_of(const CommentOn&) { return "COMMENT"; }
std::string_view name_of(const CreateMaterializedView&) { return "CREATE MATERIALIZED VIEW"; }
std::string_view name_of(const RefreshMaterializedView&) { return "REFRESH MATERIALIZED VIEW"; }
std::string_view name_of(const CreateFunction&) { return "CREATE FUNCTION"; }
std::string_view name_of(const DropFunction&) { return "DROP FUNCTION"; }
std::string_view name_of(const AlterFunction&) { return "ALTER FUNCTION"; }
std::string_view name_of(const SetTransaction&) { return "SET TRANSACTION"; }
std::string_view name_of(const Prepare&) { return "PREPARE"; }
std::string_view name_of(const Execute&) { return "EXECUTE"; }
std::string_view name_of(const Deallocate&) { return "DEALLOCATE"; }
std::string_view name_of(const DeclareCursor&) { return "DECLARE CURSOR"; }
std::string_view name_of(const Fetch&) { return "FETCH"; }
std::string_view name_of(const CloseCursor&) { return "CLOSE CURSOR"; }
std::string_view name_of(const Explain&) { return "EXPLAIN"; }
std::string_view name_of(const Analyze&) { return "ANALYZE"; }
std::string_view name_of(const AnalyzeCompression&) { return "ANALYZE COMPRESSION"; }
std::string_view name_of(const Vacuum&) { return "VACUUM"; }
std::string_view name_of(const Lock&) { return "LOCK TABLE"; }
std::string_view name_of(const CreateUser&) { return "CREATE USER"; }
std::string_view name_of(const AlterUser&) { return "ALTER USER"; }
std::string_view name_of(const CreateGroup&) { return "CREATE GROUP"; }
std::string_view name_of(const AlterGroup&) { return "ALTER GROUP"; }
std::string_view name_of(const CreateRole&) { return "CREATE ROLE"; }
std::string_view name_of(const AlterRole&) { return "ALTER ROLE"; }
std::string_view name_of(const DropPrincipals& drop) {
  return drop.kind == PrincipalKind::kUser    ? "DROP USER"
         : drop.kind == PrincipalKind::kGroup ? "DROP GROUP"
                                              : "DROP ROLE";
}
std::string_view name_of(const SetSessionAuthorization&) { return "SET SESSION AUTHORIZATION"; }
std::string_view name_of(const Grant& grant) { return grant.revoke ? "REVOKE" : "GRANT"; }
std::string_view name_of(const AlterDefaultPrivileges&) { return "ALTER DEFAULT PRIVILEGES"; }
std::string_view name_of(const CreatePolicy&) { return "CREATE POLICY"; }
std::string_view name_of(const AlterPolicy&) { return "ALTER POLICY"; }
std::string_view name_of(const DropPolicy&) { return "DROP POLICY"; }
std::string_view name_of(const AttachPolicy&) { return "ATTACH POLICY"; }
std::string_view name_of(const RowLevelSecurity&) { return "ALTER TABLE … ROW LEVEL SECURITY"; }
std::string_view name_of(const ShowObjects&) { return "SHOW of catalog objects"; }
std::string_view name_of(const Drop& drop) { return drop_name(drop.kind); }
std::string_view name_of(const AlterTable& alter) {
  return alter.materialized_view ? "ALTER MATERIALIZED VIEW" : "ALTER TABLE";
}

}  // namespace

std::string_view drop_name(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kTable:
      return "DROP TABLE";
    case ObjectKind::kView:
      return "DROP VIEW";
    case ObjectKind::kSchema:
      return "DROP SCHEMA";
    case ObjectKind::kMaterializedView:
      return "DROP MATERIALIZED VIEW";
    case ObjectKind::kDatabase:
      break;
  }
  return "DROP DATABASE";
}

std::string_view statement_name(const Statement& statement) {
  return std::visit([](const auto& node) { return name_of(node); }, statement.node);
}

}  // namespace garland::sql
