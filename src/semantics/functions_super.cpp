// Functions over SUPER (guide pages operators-functions, query-super "Types of introspection", JSON_PARSE,
// CAN_JSON_PARSE, JSON_SERIALIZE, JSON_SERIALIZE_TO_VARBYTE and the pages of the others). JSON_PARSE's second argument
// is added by resolution; ARRAY and OBJECT, which take any number of arguments of any type, stand in resolve_super.cpp.
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kSuper = rule::fixed<TypeId::kSuper>;
constexpr auto kBoolean = rule::fixed<TypeId::kBoolean>;
constexpr auto kInteger = rule::fixed<TypeId::kInteger>;
constexpr auto kText = rule::text<kMaxVarcharBytes>;

Type bytes(const TypedCall&) { return Type::varbyte(kMaxVarbyteBytes); }

constexpr Overload kFunctions[] = {
    {"json_parse", "", "si", kSuper},
    {"can_json_parse", "", "s", kBoolean},
    {"json_serialize", "", "j", kText},
    {"json_serialize_to_varbyte", "", "j", bytes},
    {"json_typeof", "", "j", rule::text<16>},
    {"json_size", "", "j", kInteger},

    {"array_concat", "", "jj", kSuper},
    {"array_flatten", "", "j", kSuper},
    {"get_array_length", "", "j", kInteger},
    {"split_to_array", "", "s[s", kSuper},
    {"subarray", "", "jll", kSuper},
    {"lower_attribute_names", "", "j", kSuper},
    {"upper_attribute_names", "", "j", kSuper},

    {"array_contains", "", "jj[b", kBoolean},
    {"array_position", "", "jj[b", kInteger},
    {"array_positions", "", "jj[b", kSuper},
    {"array_sort", "", "j[bb", kSuper},
    {"array_distinct", "", "j", kSuper},
    {"array_union", "", "jj", kSuper},
    {"array_except", "", "jj[b", kSuper},
    {"array_intersection", "", "jj[b", kSuper},

    {"is_array", "", "j", kBoolean},
    {"is_bigint", "", "j", kBoolean},
    {"is_boolean", "", "j", kBoolean},
    {"is_char", "", "j", kBoolean},
    {"is_decimal", "", "j", kBoolean},
    {"is_float", "", "j", kBoolean},
    {"is_integer", "", "j", kBoolean},
    {"is_object", "", "j", kBoolean},
    {"is_scalar", "", "j", kBoolean},
    {"is_smallint", "", "j", kBoolean},
    {"is_varchar", "", "j", kBoolean},
    {"decimal_precision", "", "j", kInteger},
    {"decimal_scale", "", "j", kInteger},

    {"abs", "super_abs", "J", kSuper},
    {"ceil", "super_ceil", "J", kSuper},
    {"ceiling", "super_ceil", "J", kSuper},
    {"floor", "super_floor", "J", kSuper},
    {"round", "super_round", "J[i", kSuper},
    {"trunc", "super_trunc", "J[i", kSuper},
};

}  // namespace

std::span<const Overload> super_functions() { return kFunctions; }

}  // namespace garland::semantics
