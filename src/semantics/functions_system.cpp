// System information functions that need only the session: guide page r_System_information_functions and the pages of
// its functions.
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kScalar = FunctionKind::kScalar;
constexpr auto kInteger = rule::fixed<TypeId::kInteger>;
constexpr auto kTimeTz = rule::fixed<TypeId::kTimeTz>;
constexpr auto kTime = rule::fixed<TypeId::kTime>;

constexpr Overload kSystem[] = {
    {"set_config", "", "ssb", rule::text<kMaxVarcharBytes>, kScalar, 0, "set_config"},
    {"set_config", "", "ssi", rule::text<kMaxVarcharBytes>, kScalar, 0, "set_config"},
    {"pg_cancel_backend", "", "i", kInteger, kScalar, kLeaderOnly, "pg_cancel_backend"},
    {"pg_terminate_backend", "", "i", kInteger, kScalar, kLeaderOnly, "pg_terminate_backend"},
    {"current_aws_account", "", "", kInteger, kScalar, 0, "current_aws_account"},
    {"current_namespace", "", "", rule::text<64>, kScalar, 0, "current_namespace"},
    {"last_user_query_id", "", "", rule::fixed<TypeId::kBigint>, kScalar, 0, "pg_last_query_id"},
    {"slice_num", "", "", rule::fixed<TypeId::kInteger>},
    {"current_schemas", "", "b", rule::text<kMaxVarcharBytes>, kScalar, kLeaderOnly, "current_schemas"},
    {"timeofday", "", "", rule::text<64>, kScalar, 0, "timeofday"},
    {"current_time", "", "", kTimeTz, kScalar, kLeaderOnly, "current_time"},
    {"localtime", "", "", kTime, kScalar, kLeaderOnly, "localtime"},
};

}  // namespace

std::span<const Overload> system_functions() { return kSystem; }

}  // namespace garland::semantics
