// Comments, splitting, keywords and quoting.
#include <gtest/gtest.h>

#include "sql/keywords.h"
#include "sql/literals.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::sql {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (Span span : split_statements(text)) parts.push_back(text.substr(span.begin, span.end - span.begin));
  return parts;
}

using Parts = std::vector<std::string>;

TEST(Fold, TouchesAsciiCapitalsOnlyWhereverTheyStand) {
  for (size_t length = 1; length <= 21; ++length) {
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte), folded = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : c;
      EXPECT_EQ(fold_identifier(std::string(length, c)), std::string(length, folded)) << byte;
    }
  }
  EXPECT_EQ(fold_identifier("aZ_Straße@[`{09ZA"), "az_straße@[`{09za");
}

TEST(Split, KeepsQuotesAndCommentsWhole) {
  EXPECT_EQ(split("select 1; select 2 ;\n"), (Parts{"select 1", "select 2"}));
  EXPECT_EQ(split("select ';', \";\", $$;$$, $a$;$a$ /* ; /* ; */ */ -- ;\n; x"),
            (Parts{"select ';', \";\", $$;$$, $a$;$a$ /* ; /* ; */ */ -- ;", "x"}));
  EXPECT_EQ(split("select 'a\\';b'; c"), (Parts{"select 'a\\';b'", "c"}));
}

TEST(Split, LeavesOutEmptyOnes) {
  EXPECT_EQ(split(""), Parts{});
  EXPECT_EQ(split(" ;; -- nothing\n ; /* */ "), Parts{});
  EXPECT_EQ(split("a; -- trailing"), Parts{"a"});
}

TEST(Split, KeepsLeadingCommentsWithTheirStatement) {
  EXPECT_EQ(split("-- one\nselect 1; /* two */ select 2"), (Parts{"-- one\nselect 1", "/* two */ select 2"}));
}

TEST(Split, EndsWithWhatDoesNotTokenise) {
  EXPECT_EQ(split("select 1; select 'oops; x"), (Parts{"select 1", "select 'oops; x"}));
  EXPECT_EQ(split("select 1; /* oops"), (Parts{"select 1", "/* oops"}));
}

TEST(LeadingComments, ComeWithoutTheirDelimiters) {
  const std::string text = "\n-- @key(a)\n/* two\nlines */ --last\nselect 1 -- not this";
  const std::vector<Comment> comments = leading_comments(text);
  ASSERT_EQ(comments.size(), 3u);
  EXPECT_EQ(comments[0].text, " @key(a)");
  EXPECT_EQ(comments[1].text, " two\nlines ");
  EXPECT_EQ(comments[2].text, "last");
  EXPECT_EQ(text.substr(comments[0].span.begin, comments[0].span.end - comments[0].span.begin), "-- @key(a)");
  EXPECT_TRUE(leading_comments("select 1").empty());
  EXPECT_TRUE(leading_comments("/* never closed").empty());
  EXPECT_EQ(leading_comments("-- first\n/* never closed").size(), 1u);
}

TEST(Keywords, AreFoundInAnyCase) {
  EXPECT_EQ(find_keyword("select"), Keyword::kSelect);
  EXPECT_EQ(find_keyword("SeLeCt"), Keyword::kSelect);
  EXPECT_EQ(find_keyword("CURRENT_USER_ID"), Keyword::kCurrentUserId);
  EXPECT_EQ(find_keyword("selects"), Keyword::kNone);
  EXPECT_EQ(find_keyword(""), Keyword::kNone);
  EXPECT_TRUE(is_reserved(Keyword::kRaw));
  EXPECT_FALSE(is_reserved(Keyword::kQualify));
  EXPECT_FALSE(is_reserved(Keyword::kNone));
#define GARLAND_SQL_CHECK(name, text, flags) EXPECT_EQ(find_keyword(text), Keyword::name);
  GARLAND_SQL_KEYWORDS(GARLAND_SQL_CHECK)
#undef GARLAND_SQL_CHECK
}

TEST(Quoting, IsUsedWhereNeeded) {
  EXPECT_EQ(quote_identifier("a_b$1"), "a_b$1");
  EXPECT_EQ(quote_identifier("raw"), "\"raw\"");
  EXPECT_EQ(quote_identifier("1a"), "\"1a\"");
  EXPECT_EQ(quote_identifier("a b\"c"), "\"a b\"\"c\"");
  EXPECT_EQ(quote_literal("it's a \\ here"), "'it''s a \\\\ here'");
  EXPECT_EQ(print(QualifiedName{{{"raw"}, {"orders"}}}), "\"raw\".orders");
}

}  // namespace
}  // namespace garland::sql
