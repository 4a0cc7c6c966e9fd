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
    "object_transform",
    "array_contains",
    "array_distinct",
    "array_except",
    "array_intersection",
    "array_position",
    "array_positions",
    "array_sort",
    "array_union",
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
    "current_aws_account",
    "current_namespace",
    "current_session_arn",
    "default_iam_role",
    "get_nonempty_database",
    "pg_get_cols",
    "pg_get_late_binding_view_cols",
    "pg_get_session_roles",
    "last_user_query_id",
    "pg_cancel_backend",
    "pg_terminate_backend",
    "set_config",
    "change_query_priority",
    "change_session_priority",
    "change_user_priority",
    "reboot_cluster",
    "explain_model",
    "generate_series",
    "text_to_int_alt",
    "text_to_numeric_alt",
    "date_bucket",
    // spatial, external
    "st_point",
    "st_x",
    "st_y",
    "st_distance",
    "st_contains",
    "st_within",
    "st_geomfromtext",
    "st_makepoint",
    "st_distancesphere",
    "h3_fromlonglat",
    "lambda",
    "ai_classify",
    "ai_generate",
};

}  // namespace

std::span<const Overload> other_functions() { return kOther; }
std::span<const std::string_view> refused_functions() { return kRefused; }

}  // namespace garland::semantics
