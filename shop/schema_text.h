// schema.sql and links.sql, put into the program when it is built.
#pragma once

namespace garland::shop {

extern const char* const kSchemaText;
extern const char* const kLinksText;

}  // namespace garland::shop
