// Annotations: what SQL cannot say, in the comment that leads a model's file.
//
//   -- Prose is the model's description.
//   -- @test not_null(a, b), unique(a, b)
//   -- @test accepted(status: 'paid', 'sent')
//   -- @test references(product_key -> core.dim_product.product_key)
//   -- @encode(status bytedict, amount az64)
//
// An annotation begins a line and goes on over the next ones while a parenthesis is open or the line ends with a comma.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/project.h"

namespace garland::models {

struct Annotations {
  std::string description;  // lines of prose, joined by '\n'
  std::vector<TestSpec> tests;
  std::map<std::string, std::string> encodings;  // column → encoding, lower case
  FilePlace encode_place;                        // of the first @encode
};

/// Reads the comments before the first token of `text`. What is wrong is added to `errors` with its place in `file`; an
/// unknown annotation is an error, so that a misspelt test never passes silently.
Annotations read_annotations(std::string_view text, const std::string& file, std::vector<Error>& errors);

}  // namespace garland::models
