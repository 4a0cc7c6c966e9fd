// Rows of what changes seldom: the catalog with its history, VAT, rates, places, carriers.
#pragma once

#include "shop/defects.h"
#include "shop/orders.h"

namespace garland::shop {

void write_reference(Tables& tables, const Parameters& parameters, const Catalog& catalog, Defects& defects);

}  // namespace garland::shop
