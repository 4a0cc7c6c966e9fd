// Conditional, hash and system functions (guide pages c_conditional_expressions, hash-functions,
// r_System_information_functions), and the names that are refused.
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kScalar = FunctionKind::kScalar;
constexpr auto kInteger = rule::fixed<TypeId::kInteger>;
constexpr auto kBigint = rule::fixed<TypeId::kBigint>;
constexpr int32_t kNameBytes = 128;
constexpr auto kName = rule::text<kNameBytes>;

constexpr Overload kOther[] = {
    {"coalesce", "", "cc*", rule::first},
    {"nvl", "coalesce", "cc*", rule::first},
    {"isnull", "coalesce", "cc", rule::first},
    {"ifnull", "coalesce", "cc", rule::first},
    {"nvl2", "", "acc", rule::second},
    {"nullif", "", "cc", rule::first},
    {"greatest", "", "cc*", rule::first},
    {"least", "", "cc*", rule::first},

    {"fnv_hash", "", "a[l", kBigint},

    {"hll_cardinality", "", "k", kBigint},
    {"hll_combine_sketches", "", "kk", rule::first},

    {"current_user", "", "", kName, kScalar, 0, "current_user"},
    {"session_user", "", "", kName, kScalar, 0, "session_user"},
    {"user", "", "", kName, kScalar, 0, "current_user"},
    {"current_user_id", "", "", kInteger, kScalar, 0, "current_user_id"},
    {"current_schema", "", "", kName, kScalar, kLeaderOnly, "current_schema"},
    {"current_database", "", "", kName, kScalar, 0, "current_database"},
    {"version", "", "", rule::text<256>, kScalar, kLeaderOnly, "version"},
    {"current_setting", "", "s[b", rule::text<kMaxVarcharBytes>, kScalar, 0, "current_setting"},
    {"pg_last_query_id", "", "", kBigint, kScalar, 0, "pg_last_query_id"},
    {"pg_backend_pid", "", "", kInteger, kScalar, 0, "pg_backend_pid"},
    {"pg_last_copy_count", "", "", kBigint, kScalar, 0, "pg_last_copy_count"},
    {"pg_last_copy_id", "", "", kInteger, kScalar, 0, "pg_last_copy_id"},
    {"pg_last_unload_count", "", "", kBigint, kScalar, 0, "pg_last_unload_count"},
    {"pg_last_unload_id", "", "", kInteger, kScalar, 0, "pg_last_unload_id"},
};

constexpr std::string_view kRefused[] = {
    // strings, formats, time
    "to_base64",
    "from_base64",
    "levenshtein_distance",
    "regexp_extract",
    "regexp_extract_all",
    "trim_array",
    "url_decode",
    "url_encode",
    "from_unixtime",
    "uuid",
    "bit_count",
    // JSON and SUPER
    "array_to_string",
    "get_number_attributes",
    "object_agg",
    // statistics
    "approximate_percentile_disc",
    "sum_product",
    // system
    "has_assumerole_privilege",
    "has_column_privilege",
    "has_function_privilege",
    "current_session_arn",
    "default_iam_role",
    "get_nonempty_database",
    "pg_get_session_roles",
    "change_query_priority",
    "change_session_priority",
    "change_user_priority",
    "reboot_cluster",
    "explain_model",
    "generate_series",
    "date_bucket",
    // the leader node's, which the guide lists as not for use (c_SQL_functions_leader_node_only)
    "age",
    "isfinite",
    "get_bit",
    "get_byte",
    "set_bit",
    "set_byte",
    "to_ascii",
    "has_language_privilege",
    // gives rows: in FROM, or alone in a select list
    "generate_series",
    // spatial, external
    "addbbox",
    "dropbbox",
    "supportsbbox",
    "geometrytype",
    "lambda",
    "ai_classify",
    "ai_generate",
};

}  // namespace

std::span<const Overload> other_functions() { return kOther; }
std::span<const std::string_view> refused_functions() { return kRefused; }

}  // namespace garland::semantics
