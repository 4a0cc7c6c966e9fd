// The stored system tables: pg_catalog's, under PostgreSQL's own oids, Redshift's load errors and the audit. They hold
// the catalog itself, in the warehouse file beside the data, in the shapes that tools know; what is ours alone is
// marked.
#pragma once

#include <vector>

#include "embedded/snapshot.h"

namespace garland::embedded {

inline constexpr Oid kPgAttribute = 1249;
inline constexpr Oid kPgClass = 1259;
inline constexpr Oid kPgAttrdef = 2604;
inline constexpr Oid kPgDepend = 2608;
inline constexpr Oid kPgNamespace = 2615;
inline constexpr Oid kPgRewrite = 2618;
/// Those from here on are read as they are; the others are the catalog itself,
/// read through system_relations.h.
inline constexpr Oid kFirstVisibleTable = 9000;
inline constexpr Oid kStlLoadErrors = 9001;
inline constexpr Oid kStlLoadErrorDetail = 9002;
inline constexpr Oid kSysLoadErrorDetail = 9003;
inline constexpr Oid kSysLoadHistory = 9004;
inline constexpr Oid kSysUnloadHistory = 9005;
inline constexpr Oid kSysUnloadDetail = 9006;
inline constexpr Oid kStlReplacements = 9007;
inline constexpr Oid kGarlandDetail = 9101;
inline constexpr Oid kGarlandConnectionLog = 9102;
inline constexpr Oid kGarlandUserLog = 9103;
inline constexpr Oid kGarlandStatementLog = 9104;

inline constexpr Oid kPgCatalogSchema = 11;
inline constexpr Oid kPublicSchema = 2200;
/// Users' objects begin here; PostgreSQL's own begin at 16384.
inline constexpr Oid kFirstUserOid = 100000;

/// What COPY and UNLOAD leave behind. Its first column is the user's id, and views in pg_catalog show it: to superusers
/// and those with unrestricted SYSLOG ACCESS all of it, to others their own (guide page c_visibility-of-data).
bool is_load_log(Oid oid);
/// The audit's tables (audit.h): for superusers, and who may ACCESS SYSTEM TABLE.
bool is_audit_table(Oid oid);
/// Whether a view's text holds the name of one.
bool names_audit_table(std::string_view text);

/// In pg_catalog (the load log: in kBaseSchema), kind kSystemTable; built once.
const std::vector<StoredRelationPtr>& system_tables();
const semantics::Relation& system_table(Oid oid);

}  // namespace garland::embedded
