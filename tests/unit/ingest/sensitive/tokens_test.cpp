// Sensitive columns of files, in a real warehouse: tokens, facts, vault, sealed rejects and their replay.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <random>

#include "ingest/files/load.h"
#include "ingest/files/rejects.h"
#include "ingest/sensitive/forget.h"
#include "ingest/sensitive/tokeniser.h"
#include "ingest/sensitive/vault.h"
#include "ingest/warehouse_fixture.h"

namespace garland::ingest {
namespace {

constexpr const char* kProject = R"toml(
[sensitive]
country = "GB"

[[source]]
name = "orders"
kind = "files"
path = "orders/*.csv"
table = "raw.orders"
subject = "customer"
max_reject_share = 0.9
columns = [
  { name = "id",       type = "integer" },
  { name = "customer", type = "integer" },
  { name = "email",    type = "varchar(80)", pii = "email", header = "E-Mail" },
  { name = "phone",    type = "varchar(40)", pii = "phone", country_from = "country" },
  { name = "country",  type = "varchar(2)" },
  { name = "postcode", type = "varchar(12)", pii = "postcode" },
  { name = "card",     type = "varchar(30)", pii = "pan" },
  { name = "note",     type = "varchar(200)", pii = "free_text" },
  { name = "item",     type = "varchar(40)" },
  { name = "parcel",   type = "varchar(40)", pii = "none" },
]

[[source]]
name = "reviews"
kind = "files"
path = "reviews/*.csv"
table = "raw.reviews"
columns = [
  { name = "stars", type = "integer" },
  { name = "writer", type = "varchar(80)", pii = "email" },
  { name = "extra", type = "super" },
]
)toml";
constexpr const char* kHeader = "id,customer,E-Mail,phone,country,postcode,card,note,item,parcel\n";

class TokensTest : public WarehouseTest {
 protected:
  void SetUp() override {
    toml_ = project_.write("garland.toml", kProject);
    open();
  }
  void TearDown() override { close(); }
  void open() {
    WarehouseTest::open();
    vault_ = std::make_unique<Vault>(*session_, read_sensitive(toml_), store_.path(), system_clock());
  }
  void close() {
    vault_.reset();
    WarehouseTest::close();
  }
  LoadReport load(const std::string& name) {
    engine::Session* const sessions[] = {session_.get()};
    return load_files(sessions, source(name), data_.path(), system_clock(), {}, stop_, vault_.get());
  }
  FileSource source(const std::string& name) {
    for (FileSource& found : sources_ = read_sources(toml_)) {
      if (found.name == name) return found;
    }
    throw Error(kUndefinedObject, name);
  }
  std::string one(const std::string& sql) { return query(sql).at(0); }

  Folder project_, data_;
  std::filesystem::path toml_;
  std::vector<FileSource> sources_;
  std::atomic<bool> stop_{false};
  std::unique_ptr<Vault> vault_;
};

TEST_F(TokensTest, TokensAndFactsStandInPlaceOfOriginals) {
  data_.write(
      "orders/a.csv",
      std::string(kHeader) +
          "1,7, Anna@Shop.de ,020 7946 0018,,sw1a 1aa,4111 1111 1111 1111,call 4111111111111111,star,4111111111111111\n"
          "2,7,anna@shop.de,+44 20 7946 0018,,SW1A1AA,,,bell,\n"
          "3,,nobody,030 123456,DE,x,,write a@b.de,bell,\n"
          "4,,,,,,,,bell,\n");
  EXPECT_EQ(load("orders").rejected, 0u);
  EXPECT_EQ(query("select id, len(email), email_valid, email_domain, email_is_test, phone_valid, postcode_valid, "
                  "postcode_area, "
                  "card_valid, card_is_test, note, item, parcel from \"raw\".orders order by id"),
            (Rows{"1|32|t|shop.de|f|t|t|SW1A|t|t|call ************1111|star|4111111111111111",
                  "2|32|t|shop.de|f|t|t|SW1A|NULL|NULL|NULL|bell|NULL",
                  "3|32|f|NULL|f|t|f|NULL|NULL|NULL|write *@****|bell|NULL",
                  "4|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|bell|NULL"}));
  EXPECT_EQ(one("select count(distinct email), count(distinct phone), count(distinct postcode) from \"raw\".orders "
                "where id < 3"),
            "1|1|1");
  EXPECT_EQ(query("select subject like 'customer:%', class, count(*) from vault.originals group by 1, 2 order by 1, 2"),
            (Rows{"f|email|1", "f|phone|1", "f|postcode|1", "t|email|1", "t|phone|1", "t|postcode|1"}))
      << "each original once, no card number";
  EXPECT_EQ(one("select count(*), count(distinct subject) from vault.subject_keys"), "2|2");
  EXPECT_EQ(original_of(*vault_, *session_, "customer:7", PiiClass::kEmail,
                        one("select email from \"raw\".orders where id = 1")),
            " Anna@Shop.de ");
}

TEST_F(TokensTest, WhoDestroysASubjectsKeyDestroysItsOriginals) {
  data_.write("orders/a.csv", std::string(kHeader) + "1,7,anna@shop.de,,,,,,,\n2,8,ben@shop.de,,,,,,,\n");
  load("orders");
  engine::run(*session_, "delete from vault.subject_keys where subject = 'customer:7'");
  const auto token = [&](int id) { return one(fmt::format("select email from \"raw\".orders where id = {}", id)); };
  EXPECT_EQ(original_of(*vault_, *session_, "customer:7", PiiClass::kEmail, token(1)), std::nullopt);
  EXPECT_EQ(original_of(*vault_, *session_, "customer:8", PiiClass::kEmail, token(2)), "ben@shop.de");
}

TEST_F(TokensTest, APersonIsForgottenUnderAllSubjectsAndStaysSo) {
  data_.write("orders/a.csv", std::string(kHeader) + "1,7,anna@shop.de,,,,,,,\n2,8,ben@shop.de,,,,,,,\n");
  data_.write("reviews/a.csv", "stars,writer,extra\n5,Anna@shop.de,\n4,ben@shop.de,\n");
  load("orders");
  load("reviews");
  const std::string token = one("select email from \"raw\".orders where id = 1");
  const Person anna = find_person(*session_, *vault_, "7");
  EXPECT_EQ(anna.subjects, (std::vector<std::string>{"customer:7", "email:" + token}));
  EXPECT_EQ(anna.keys, 2u);
  EXPECT_EQ(anna.originals, 2u);
  forget_person(*session_, anna, "admin", system_clock());
  EXPECT_EQ(one("select login, id_hash, subject_count, key_count, original_count from ops.forgotten"),
            "admin|" + anna.id_hash + "|2|2|2");
  EXPECT_EQ(query("select subject from vault.subject_keys where subject like '%:8'"), (Rows{"customer:8"}));
  EXPECT_EQ(one("select count(*) from vault.subject_keys"), "2") << "Ben's";
  for (const std::string& subject : anna.subjects)
    EXPECT_EQ(original_of(*vault_, *session_, subject, PiiClass::kEmail, token), std::nullopt);
  EXPECT_EQ(find_person(*session_, *vault_, "7").keys, 0u);
  close();
  open();
  data_.write("orders/b.csv", std::string(kHeader) + "3,7,anna@shop.de,,,,,,,\n");
  load("orders");
  EXPECT_EQ(find_person(*session_, *vault_, "7").keys, 0u) << "the same value does not come back into the vault";
  EXPECT_EQ(one("select count(*) from \"raw\".orders where email = '" + token + "'"), "2");
}

/// Any way to write one address gives one token, from every source and after every start; others give others.
TEST_F(TokensTest, EqualOriginalsGiveEqualTokensFromEverySource) {
  const auto seed = std::random_device()();
  std::mt19937 random(seed);
  std::string orders = kHeader, reviews = "stars,writer,extra\n";
  constexpr int kPeople = 300;
  const auto written = [&](int person) {
    std::string text = fmt::format("person.{}@shop{}.de", person, person % 7);
    for (char& c : text) c = random() % 2 ? static_cast<char>(std::toupper(c)) : c;
    return std::string(random() % 3, ' ') + text + std::string(random() % 3, ' ');
  };
  for (int i = 0; i < 5 * kPeople; ++i) {
    orders += fmt::format("{},{},{},,,,,,,\n", i, i % kPeople, written(i % kPeople));
    reviews += fmt::format("{},{},\n", i % kPeople, written(i % kPeople));
  }
  data_.write("orders/a.csv", orders);
  data_.write("reviews/a.csv", reviews);
  load("orders");
  close();
  open();
  load("reviews");
  EXPECT_EQ(one("select count(*), count(distinct o.email), count(distinct o.customer) from (select distinct customer, "
                "email from "
                "\"raw\".orders) o join (select distinct stars, writer from \"raw\".reviews) r on r.writer = o.email "
                "and r.stars = o.customer"),
            fmt::format("{0}|{0}|{0}", kPeople))
      << "seed " << seed;
  EXPECT_EQ(one("select count(*) from vault.originals"), std::to_string(2 * kPeople)) << "once for each subject";
  data_.write("reviews/b.csv", reviews + "1,person.1@shop1.de,\n");
  load("reviews");
  EXPECT_EQ(one("select count(*) from vault.originals"), std::to_string(2 * kPeople));
}

TEST_F(TokensTest, ARefusedRecordIsSealedAndSaysNothing) {
  data_.write(
      "orders/a.csv",
      std::string(kHeader) +
          "1,7,anna@shop.de,,,,,,star,\nsecret@shop.de,7,,,,,,,star,\n3,7,ben@shop.de,,,,,,4111 1111 1111 1111,\n");
  const LoadReport report = load("orders");
  ASSERT_EQ(report.rejected, 2u);
  EXPECT_EQ(
      query("select reject_no, column_name, reason, sqlstate, payload_key is null from ops.rejects order by reject_no"),
      (Rows{"1|id|id is not an integer|22P02|f",
            "2|item|item holds a card number, which is kept out of this column|22023|f"}));
  const auto rejects = list_rejects(*session_, {});
  ASSERT_EQ(rejects.size(), 2u);
  EXPECT_THROW(reject_text(*session_, rejects[0], nullptr), Error);
  EXPECT_EQ(reject_text(*session_, rejects[0], vault_.get()).text(),
            kHeader + std::string("secret@shop.de,7,,,,,,,star,\n"));
  EXPECT_EQ(reject_text(*session_, rejects[1], vault_.get()).record, "3,7,ben@shop.de,,,,,,**** **** **** 1111,");
}

TEST_F(TokensTest, AMendedRecordJoinsItsFile) {
  data_.write("orders/a.csv", std::string(kHeader) + "1,7,anna@shop.de,,,,,,star,\n2x,7,anna@shop.de,,,,,,bell,\n");
  load("orders");
  const auto replay = [&](const std::string& text) {
    return replay_reject(*session_, list_rejects(*session_, {.id = {}, .source = "", .waiting = false}).at(0),
                         source("orders"), text, vault_.get(), "admin", system_clock());
  };
  try {
    replay(std::string(kHeader) + "2x,7,anna@shop.de,,,,,,bell,\n");
    FAIL() << "the same text is refused again";
  } catch (const Error& error) {
    EXPECT_TRUE(error.message().ends_with("is refused again: id is not an integer")) << error.message();
  }
  EXPECT_EQ(one("select count(*) from \"raw\".orders"), "1");
  EXPECT_EQ(replay("item,id,parcel,E-Mail,customer,phone,country,postcode,card,note\nbell,2,,anna@shop.de,7,,,,,\n"),
            1u);
  EXPECT_EQ(query("select id, item, _position, _batch_id - min(_batch_id) over (), email = max(email) over () from "
                  "\"raw\".orders order by id"),
            (Rows{"1|star|orders/a.csv:2|0|t", "2|bell|orders/a.csv:3|0|t"}));
  EXPECT_TRUE(list_rejects(*session_, {}).empty());
  EXPECT_THROW(replay("x"), Error) << "once";
  EXPECT_EQ(query("select event, row_count, login from ops.reject_events"), Rows{"replayed|1|admin"});
  // A later delivery of the file replaces the replayed row too.
  data_.write("orders/a.csv", std::string(kHeader) + "1,7,anna@shop.de,,,,,,star,\n");
  load("orders");
  EXPECT_EQ(one("select count(*) from \"raw\".orders"), "1");
}

TEST_F(TokensTest, ADroppedRejectLeavesOnlyThatItWasThere) {
  data_.write("orders/a.csv", std::string(kHeader) + "1,7,a@b.de,,,,,,star,\n2x,7,,,,,,,bell,\n");
  load("orders");
  EXPECT_EQ(drop_rejects(*session_, list_rejects(*session_, {}), "admin", system_clock()), 1u);
  EXPECT_EQ(one("select count(*), count(payload) from ops.rejects"), "1|0");
  const auto dropped = list_rejects(*session_, {.id = {}, .source = "", .waiting = false});
  ASSERT_EQ(dropped.size(), 1u);
  EXPECT_EQ(dropped[0].event, "dropped");
  EXPECT_THROW(reject_text(*session_, dropped[0], vault_.get()), Error);
}

TEST_F(TokensTest, OtherKeysAreRefusedAndLostOnesAreNotMadeAnew) {
  data_.write("orders/a.csv", std::string(kHeader) + "1,7,anna@shop.de,,,,,,star,\n");
  load("orders");
  const auto key = store_.path() / "keys" / "token.key";
  struct stat found{};
  ASSERT_EQ(::stat(key.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  const auto fault = [&] {
    close();
    try {
      open();
    } catch (const Error& error) {
      return error.message();
    }
    return std::string("none");
  };
  std::filesystem::copy_file(key, store_.path() / "saved");
  store_.write("keys/token.key", std::string(32, 'k'));
  EXPECT_EQ(fault(), "the token key is not the one that this warehouse was begun with");
  std::filesystem::remove(key);
  EXPECT_EQ(fault(), fmt::format("the key file {} is missing", key.string()));
  std::filesystem::copy_file(store_.path() / "saved", key);
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  EXPECT_EQ(fault(), fmt::format("the key file {} is open to others than its owner", key.string()));
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  EXPECT_EQ(fault(), "none");
}

TEST_F(TokensTest, CardNumbersInSuperAreMaskedWithoutAClass) {
  data_.write(
      "reviews/a.csv",
      "stars,writer,extra\n1,a@b.de,\"{\"\"n\"\":4111111111111111,\"\"t\"\":\"\"card 4111111111111111\"\"}\"\n");
  EXPECT_EQ(load("reviews").rejected, 0u);
  EXPECT_EQ(one("select json_serialize(extra) from \"raw\".reviews"), R"({"n":null,"t":"card ************1111"})");
}

TEST(Tokeniser, FindsCardNumbersWhereNoneShouldBe) {
  using engine::Type;
  const ColumnClass none{PiiClass::kNone, "", ""}, pan{PiiClass::kPan, "", ""};
  const std::vector<ColumnPlan> plans = {{"id", Type::of(engine::TypeId::kBigint), {}},
                                         {"item", Type::varchar(40), {}},
                                         {"parcel", Type::varchar(40), none},
                                         {"card", Type::varchar(40), pan}};
  engine::BatchBuilder builder({plans[0].type, plans[1].type, plans[2].type, plans[3].type});
  const auto add = [&](int64_t id, std::string_view item) {
    builder.set<int64_t>(0, id);
    builder.set_string(1, item);
    builder.set_string(2, "4111111111111111");
    builder.set_string(3, "4111111111111111");
    builder.end_row();
  };
  add(1, "star");
  add(4'111'111'111'111'111, "star");
  add(3, "4111-1111-1111-1111");
  const Tokeniser tokeniser(plans, std::nullopt, "key");
  EXPECT_EQ(tokeniser.unexpected_card(builder.batch(), 0), std::nullopt);
  EXPECT_EQ(tokeniser.unexpected_card(builder.batch(), 1), 0u);
  EXPECT_EQ(tokeniser.unexpected_card(builder.batch(), 2), 1u);
}

TEST(SensitiveKeys, ComeFromTheEnvironment) {
  const Folder folder;
  SensitiveSettings settings;
  settings.keys = KeysFrom::kEnvironment;
  const std::string key(64, 'a');
  ::unsetenv("GARLAND_VAULT_KEY");
  for (const char* const wrong : {"", "abc", "secretsecret"}) {
    ::setenv("GARLAND_TOKEN_KEY", wrong, 1);
    try {
      open_keys(settings, folder.path(), true);
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.message(), "the environment's GARLAND_TOKEN_KEY is no key") << "and says nothing of it";
    }
  }
  ::setenv("GARLAND_TOKEN_KEY", key.c_str(), 1);
  EXPECT_THROW(open_keys(settings, folder.path(), true), Error);
  ::setenv("GARLAND_VAULT_KEY", key.c_str(), 1);
  const SensitiveKeys keys = open_keys(settings, folder.path(), true);
  EXPECT_EQ(keys.token, std::string(32, '\xAA'));
  EXPECT_NE(keys.token_id, keys.vault_id);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  ::unsetenv("GARLAND_TOKEN_KEY");
  ::unsetenv("GARLAND_VAULT_KEY");
}

std::string config_fault(const std::string& column, const std::string& more = "") {
  const Folder folder;
  try {
    read_sources(folder.write(
        "garland.toml", fmt::format("{}\n[[source]]\nname = \"s\"\nkind = \"files\"\npath = \"*\"\ntable = \"raw.s\"\n"
                                    "columns = [\n{}\n]\n",
                                    more, column)));
  } catch (const Error& error) {
    EXPECT_TRUE(error.place().has_value());
    return fmt::format("{} | {}", error.message(), error.hint());
  }
  return "none";
}

TEST(SensitiveConfig, MistakesSayHowToMendThem) {
  const auto fault_of = [](const std::string& type, const std::string& more) {
    return config_fault(fmt::format("{{ name = \"e\", type = \"{}\", {} }}", type, more));
  };
  EXPECT_EQ(fault_of("varchar(80)", "pii = \"emial\""),
            "column \"e\" has an unknown class, pii = \"emial\" | did you mean \"email\"?");
  EXPECT_EQ(
      fault_of("integer", "pii = \"phone\""),
      "column \"e\" is integer, which cannot hold pii = \"phone\" | make it varchar, as long as the longest original");
  EXPECT_EQ(
      fault_of("varchar(9)", "pii = \"phone\", country = \"UK\""),
      "the numbering plan of the country \"UK\" is not known | name a country that is, or write phone numbers with "
      "+ and the calling code and leave country out");
  EXPECT_EQ(fault_of("varchar(9)", "pii = \"email\", country = \"GB\""),
            "\"country\" goes with pii = \"phone\" and pii = \"postcode\" | ");
  EXPECT_EQ(fault_of("varchar(9)", "pii = \"email\" }, { name = \"e_valid\", type = \"boolean\""),
            "two columns are named \"e_valid\": one of them is a fact of a sensitive column | rename the column of the "
            "source, and give the file's name of it as header");
}

TEST(SensitiveConfig, KeysComeWithWhatTheyNeed) {
  const auto fault_of = [](const std::string& settings) {
    return config_fault("{ name = \"e\", type = \"date\" }", "[sensitive]\n" + settings);
  };
  EXPECT_EQ(fault_of("keys = \"aws\""),
            "keys cannot come from \"aws\" | known here: file, environment, aws-kms, aws-secrets-manager");
  EXPECT_EQ(fault_of("keys = \"aws-kms\""), "keys = \"aws-kms\" needs \"kms_key\" | ");
  EXPECT_EQ(fault_of("keys = \"aws-secrets-manager\"\nsecret = \"\""), "\"secret\" is empty | ");
  EXPECT_EQ(fault_of("kms_key = \"alias/garland\""), "\"kms_key\" goes with keys = \"aws-kms\" | ");
  EXPECT_EQ(fault_of("keys = \"aws-kms\"\nkms_key = \"k\"\nsecret = \"s\""),
            "\"secret\" goes with keys = \"aws-secrets-manager\" | ");
  EXPECT_EQ(fault_of("keys = \"environment\"\nkey_folder = \"k\""),
            "\"key_folder\" goes with keys = \"file\" and \"aws-kms\" | ");
  EXPECT_EQ(fault_of("keys = \"aws-kms\"\nkms_key = \"alias/garland\"\nkey_folder = \"k\""), "none");
}

}  // namespace
}  // namespace garland::ingest
