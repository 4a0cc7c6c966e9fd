// System information functions that need only the session: guide page r_System_information_functions and the pages of
// its functions.
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kScalar = FunctionKind::kScalar;
constexpr auto kTimeTz = rule::fixed<TypeId::kTimeTz>;
constexpr auto kTime = rule::fixed<TypeId::kTime>;

constexpr Overload kSystem[] = {
    {"slice_num", "", "", rule::fixed<TypeId::kInteger>},
    {"current_schemas", "", "b", rule::text<kMaxVarcharBytes>, kScalar, kLeaderOnly, "current_schemas"},
    {"timeofday", "", "", rule::text<64>, kScalar, 0, "timeofday"},
    {"current_time", "", "", kTimeTz, kScalar, kLeaderOnly, "current_time"},
    {"localtime", "", "", kTime, kScalar, kLeaderOnly, "localtime"},
};

}  // namespace

std::span<const Overload> system_functions() { return kSystem; }

}  // namespace garland::semantics
