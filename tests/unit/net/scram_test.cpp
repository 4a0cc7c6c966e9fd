#include "net/scram.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "net/digest.h"
#include "net/failing.h"

namespace garland::net {
namespace {

constexpr const char* kPassword = "abcD1234";
const std::string kBinding = sha256("a certificate");

std::string exclusive_or(std::string a, const std::string& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

/// The client's side, written from RFC 5802 and not from scram.cpp: SaltedPassword by its definition of Hi().
class Client {
 public:
  explicit Client(std::string password, std::string header = "n,,") : password_(password), header_(header) {}

  std::string first() const { return header_ + bare_; }
  /// `binding`: what the client thinks the server's certificate hashes to.
  std::string final(const std::string& server_first, const std::string& binding = "") {
    const std::string nonce = part(server_first, "r="), salt = *from_base64(part(server_first, ",s="));
    const int iterations = std::stoi(part(server_first, ",i="));
    std::string block = hmac_sha256(password_, salt + std::string("\0\0\0\1", 4)), salted = block;
    for (int i = 1; i < iterations; ++i) {
      block = hmac_sha256(password_, block);
      salted = exclusive_or(salted, block);
    }
    const std::string without_proof = "c=" + base64(header_ + binding) + ",r=" + nonce;
    auth_message_ = bare_ + "," + server_first + "," + without_proof;
    const std::string key = hmac_sha256(salted, "Client Key");
    server_key_ = hmac_sha256(salted, "Server Key");
    return without_proof + ",p=" + base64(exclusive_or(key, hmac_sha256(sha256(key), auth_message_)));
  }
  bool trusts(const std::string& server_final) const {
    return server_final == "v=" + base64(hmac_sha256(server_key_, auth_message_));
  }

 private:
  static std::string part(const std::string& text, const std::string& mark) {
    const size_t begin = text.find(mark) + mark.size();
    return text.substr(begin, text.find(',', begin) - begin);
  }

  std::string password_, header_, bare_ = "n=,r=fyko+d2lbbFgONRv9qkxdawL", auth_message_, server_key_;
};

ScramServer server(std::string binding = "") { return {"ann", make_scram_verifier(kPassword), std::move(binding)}; }

TEST(ScramVerifier, IsReadBack) {
  const ScramVerifier made = make_scram_verifier(kPassword);
  EXPECT_EQ(made.iterations, 4096);
  EXPECT_EQ(made.salt.size(), 16u);
  EXPECT_EQ(read_scram_verifier(to_string(made)), made);
  EXPECT_NE(make_scram_verifier(kPassword), made) << "the salt is new";
}

// What PostgreSQL 15 stores for the password "pencil" with the salt of RFC 7677.
TEST(ScramVerifier, IsPostgresText) {
  const ScramVerifier made = make_scram_verifier("pencil", *from_base64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
  EXPECT_EQ(to_string(made),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
            "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
}

TEST(ScramVerifier, ReadsNothingElse) {
  const std::string right = to_string(make_scram_verifier(kPassword));
  for (size_t size = 0; size < right.size(); ++size) {
    EXPECT_EQ(read_scram_verifier(right.substr(0, size)), std::nullopt) << right.substr(0, size);
  }
  const std::string rest = right.substr(right.find(':'));
  for (const char* iterations : {"", "0", "-1", "4096x", " 4096", "99999999999"}) {
    EXPECT_EQ(read_scram_verifier(std::string("SCRAM-SHA-256$") + iterations + rest), std::nullopt) << iterations;
  }
  EXPECT_EQ(read_scram_verifier("SCRAM-SHA-1$4096" + rest), std::nullopt);
  EXPECT_EQ(read_scram_verifier(right + "="), std::nullopt);
  EXPECT_EQ(read_scram_verifier("SCRAM-SHA-256$4096:" + rest.substr(rest.find('$'))), std::nullopt) << "no salt";
}

// RFC 7677, section 3.
TEST(Scram, AnswersAsTheRfcPrints) {
  ScramServer server("user", make_scram_verifier("pencil", *from_base64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096), "",
                     "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
  EXPECT_EQ(server.first("SCRAM-SHA-256", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"),
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  EXPECT_EQ(server.final("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                         "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
            "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST(Scram, LetsTheRightPasswordIn) {
  ScramServer plain = server();
  EXPECT_EQ(plain.mechanisms(), std::vector<std::string>{"SCRAM-SHA-256"});
  Client client(kPassword);
  const std::string final = client.final(plain.first("SCRAM-SHA-256", client.first()));
  EXPECT_TRUE(client.trusts(plain.final(final)));
}

TEST(Scram, BindsToTheChannel) {
  ScramServer bound = server(kBinding);
  EXPECT_EQ(bound.mechanisms(), (std::vector<std::string>{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"}));
  Client client(kPassword, "p=tls-server-end-point,,");
  const std::string final = client.final(bound.first("SCRAM-SHA-256-PLUS", client.first()), kBinding);
  EXPECT_TRUE(client.trusts(bound.final(final)));
}

// A client that cannot bind logs in over TLS too; one that could is not stopped where binding is not offered.
TEST(Scram, BindingIsTheClientsChoice) {
  ScramServer bound = server(kBinding), plain = server();
  Client simple(kPassword, "n,,"), able(kPassword, "y,,");
  EXPECT_TRUE(simple.trusts(bound.final(simple.final(bound.first("SCRAM-SHA-256", simple.first())))));
  EXPECT_TRUE(able.trusts(plain.final(able.final(plain.first("SCRAM-SHA-256", able.first())))));
}

TEST(Scram, RefusesAWrongPassword) {
  ScramServer plain = server();
  Client client("abcD12345");
  const std::string final = client.final(plain.first("SCRAM-SHA-256", client.first()));
  const auto error = failing([&] { plain.final(final); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->state(), kInvalidPassword);
  EXPECT_EQ(error->message(), "password authentication failed for user \"ann\"");
  EXPECT_EQ(error->detail() + error->hint(), "");
}

// Nobody learns which users exist: the same messages, the same salt each time, the same error.
TEST(Scram, RunsToTheEndForUsersWhoAreNotThere) {
  const auto salt_of = [](const std::string& user) {
    ScramServer server(user, std::nullopt, "");
    const std::string first = server.first("SCRAM-SHA-256", Client("").first());
    return first.substr(first.find(",s="));
  };
  EXPECT_EQ(salt_of("bob"), salt_of("bob"));
  EXPECT_NE(salt_of("bob"), salt_of("eve"));
  EXPECT_EQ(salt_of("bob").size(), std::string(",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096").size());
  for (const char* password : {kPassword, ""}) {
    ScramServer server("bob", std::nullopt, "");
    Client client(password);
    const std::string final = client.final(server.first("SCRAM-SHA-256", client.first()));
    EXPECT_EQ(state_of([&] { server.final(final); }), "28P01");
  }
}

TEST(Scram, TakesMechanismsThatItOfferedOnly) {
  const std::string first = Client(kPassword).first();
  for (const char* mechanism : {"", "SCRAM-SHA-1", "scram-sha-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256 "}) {
    EXPECT_EQ(state_of([&] { server().first(mechanism, first); }), "08P01") << mechanism;
  }
}

// RFC 5802, section 6: somebody took PLUS off the list on its way.
TEST(Scram, SeesADowngrade) {
  const Client client(kPassword, "y,,");
  const auto error = failing([&] { server(kBinding).first("SCRAM-SHA-256", client.first()); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->state(), kProtocolViolation);
  EXPECT_EQ(error->message(), "SCRAM channel binding negotiation error");
}

TEST(Scram, ChecksTheChannelBindingData) {
  for (const std::string& data : {sha256("another certificate"), std::string(), kBinding + "x"}) {
    ScramServer bound = server(kBinding);
    Client client(kPassword, "p=tls-server-end-point,,");
    const std::string final = client.final(bound.first("SCRAM-SHA-256-PLUS", client.first()), data);
    EXPECT_EQ(state_of([&] { bound.final(final); }), "08P01");
  }
  ScramServer plain = server();
  Client client(kPassword);
  const std::string final = client.final(plain.first("SCRAM-SHA-256", client.first()), "x");
  EXPECT_EQ(state_of([&] { plain.final(final); }), "08P01");
}

TEST(Scram, TheFlagFitsTheMechanism) {
  const auto with = [](const char* mechanism, const std::string& header) {
    return state_of([&] { server(kBinding).first(mechanism, header + "n=,r=abc"); });
  };
  EXPECT_EQ(with("SCRAM-SHA-256", "p=tls-server-end-point,,"), "08P01");
  EXPECT_EQ(with("SCRAM-SHA-256-PLUS", "n,,"), "08P01");
  EXPECT_EQ(with("SCRAM-SHA-256-PLUS", "y,,"), "08P01");
  EXPECT_EQ(with("SCRAM-SHA-256-PLUS", "p=tls-unique,,"), "08P01");
  EXPECT_EQ(with("SCRAM-SHA-256-PLUS", "p=,,"), "08P01");
  EXPECT_EQ(with("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,"), "");
}

TEST(Scram, RefusesAWrongNonce) {
  ScramServer plain = server();
  Client client(kPassword);
  std::string first = plain.first("SCRAM-SHA-256", client.first());
  first.insert(first.find(",s="), "x");
  const std::string final = client.final(first);
  EXPECT_EQ(state_of([&] { plain.final(final); }), "08P01");
  ScramServer other = server();
  other.first("SCRAM-SHA-256", client.first());
  EXPECT_EQ(state_of([&] { other.final("c=biws,r=fyko+d2lbbFgONRv9qkxdawL,p=" + base64(sha256(""))); }), "08P01")
      << "the client's part alone";
}

TEST(Scram, RefusesMalformedFirstMessages) {
  const std::string zero("n,,n=a\0b,r=abc", 14);
  for (const std::string& message : {std::string(),
                                     std::string("n"),
                                     std::string("n,"),
                                     std::string("n,,"),
                                     std::string(",,n=,r=abc"),
                                     std::string("x,,n=,r=abc"),
                                     std::string("N,,n=,r=abc"),
                                     std::string("n,,r=abc"),
                                     std::string("n,,n=,r="),
                                     std::string("n,,n="),
                                     std::string("n,,n=,"),
                                     std::string("n,,n=,r=ab c"),
                                     std::string("n,,n=,r=ab\xC3\xA9"),
                                     std::string("n,,n=,r=abc,"),
                                     std::string("n,,n=,r=abc,1=x"),
                                     std::string("n,,n=,r=abc,xyz"),
                                     std::string("n,,,r=abc"),
                                     std::string("n,,n,r=abc"),
                                     std::string("\x80\xFF,,n=,r=abc"),
                                     zero,
                                     "n,,n=,r=" + std::string(kMaxScramMessageBytes, 'a'),
                                     "n,,n=" + std::string(1 << 20, 'u') + ",r=abc"}) {
    EXPECT_EQ(state_of([&] { server().first("SCRAM-SHA-256", message); }), "08P01") << message.substr(0, 40);
  }
}

TEST(Scram, RefusesByNameWhatItDoesNotDo) {
  EXPECT_EQ(state_of([] { server().first("SCRAM-SHA-256", "n,a=root,n=,r=abc"); }), "0A000");
  EXPECT_EQ(state_of([] { server().first("SCRAM-SHA-256", "n,,m=x,n=,r=abc"); }), "0A000");
}

// The name in the message does not count, whatever it is.
TEST(Scram, IgnoresTheUserNameOfTheMessage) {
  for (const char* name : {"", "somebody=2Celse", "\xC3\xA9", "\xFF\xFE", "' or 1=1"}) {
    EXPECT_EQ(state_of([&] { server().first("SCRAM-SHA-256", std::string("n,,n=") + name + ",r=abc,x=optional"); }),
              "");
  }
}

TEST(Scram, RefusesMalformedFinalMessages) {
  const std::string proof = base64(sha256("")), nonce = "abcserver";
  for (const std::string& message :
       {std::string(), std::string("c"), std::string("c=biws"), "c=biws,r=" + nonce, "c=biws,r=" + nonce + ",",
        "r=" + nonce + ",c=biws,p=" + proof, "c=biws,p=" + proof, "c=biws,r=" + nonce + ",p=",
        "c=biws,r=" + nonce + ",p=" + proof.substr(1), "c=biws,r=" + nonce + ",p=" + base64("short"),
        "c=biws,r=" + nonce + ",p=" + proof + ",x=y", "c=biws,r=" + nonce + ",p=" + proof + ",",
        "c=biws,r=" + nonce + ",p=" + base64(sha256("") + "x"), "c=,r=" + nonce + ",p=" + proof,
        "c=biws,r=" + nonce + ",x=" + std::string(kMaxScramMessageBytes, 'x') + ",p=" + proof,
        "c=biws,r=" + nonce + ",p=" + proof + std::string(1, '\0')}) {
    ScramServer plain("ann", make_scram_verifier(kPassword), "", "server");
    plain.first("SCRAM-SHA-256", "n,,n=,r=abc");
    EXPECT_EQ(state_of([&] { plain.final(message); }), "08P01") << message.substr(0, 60);
  }
  ScramServer plain("ann", make_scram_verifier(kPassword), "", "server");
  plain.first("SCRAM-SHA-256", "n,,n=,r=abc");
  EXPECT_EQ(state_of([&] { plain.final("c=biws,r=" + nonce + ",x=optional,p=" + proof); }), "28P01");
}

// One try for each exchange, and in order.
TEST(Scram, EndsWithItsFirstError) {
  ScramServer early = server();
  EXPECT_EQ(state_of([&] { early.final("c=biws,r=x,p=y"); }), "08P01");
  ScramServer plain = server();
  Client wrong("wrong"), right(kPassword);
  const std::string first = plain.first("SCRAM-SHA-256", right.first());
  EXPECT_EQ(state_of([&] { plain.final(wrong.final(first)); }), "28P01");
  EXPECT_EQ(state_of([&] { plain.final(right.final(first)); }), "08P01");
  ScramServer twice = server();
  twice.first("SCRAM-SHA-256", right.first());
  EXPECT_EQ(state_of([&] { twice.first("SCRAM-SHA-256", right.first()); }), "08P01");
}

// Each byte of a right message changed, each prefix of it: never in, never anything but these errors.
TEST(Scram, NoMutationGetsIn) {
  const ScramVerifier verifier = make_scram_verifier(kPassword, "0123456789abcdef", 1);
  const auto run = [&](auto change) {
    ScramServer plain("ann", verifier, "", "server");
    Client client(kPassword);
    std::string final = client.final(plain.first("SCRAM-SHA-256", client.first()));
    change(final);
    return state_of([&] { plain.final(final); });
  };
  const size_t size = [&] {
    size_t length = 0;
    run([&](std::string& final) { length = final.size(); });
    return length;
  }();
  for (size_t i = 0; i < size; ++i) {
    const std::string changed = run([&](std::string& final) { final[i] = static_cast<char>(final[i] ^ 1); });
    EXPECT_TRUE(changed == "08P01" || changed == "28P01" || changed == "0A000") << i << " " << changed;
    EXPECT_EQ(run([&](std::string& final) { final.resize(i); }), "08P01") << i;
  }
}

}  // namespace
}  // namespace garland::net
